import { z } from "zod";
import { type PenaltyKind, penaltyKinds } from "../casework/discretion/penalty.ts";
import { findLaw, isVerified } from "./laws.ts";
import { isOrdered, localDateSchema } from "./validity.ts";
import { findViolation } from "./violations.ts";

const provision = z.strictObject({
  law: z.string().refine((id) => findLaw(id) !== undefined, "is a law that laws.json lacks"),
  article: z.string().regex(/^\d+(\(\d+\))*$/),
});

/** Fines are whole yuan. */
const fen = z.int().nonnegative().multipleOf(100);

/** A penalty basis as it stands in the catalogue, checked against the laws and violations it names. */
export const penaltyBasisSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9_.-]+$/),
    violation: z.string(),
    forbids: provision,
    penalises: provision,
    subjectKind: z.enum(["person", "unit", "any"]),
    kinds: z.array(z.enum(Object.keys(penaltyKinds) as PenaltyKind[])).min(1),
    minFen: fen,
    maxFen: fen,
    precondition: z.enum(["none", "order_not_obeyed", "refuses"]),
    validFrom: localDateSchema,
    validTo: localDateSchema.nullable(),
    verifiedBy: z.string().min(1).nullable(),
    verifiedOn: localDateSchema.nullable(),
  })
  .refine(isOrdered, { path: ["validTo"], message: "is before validFrom" })
  .refine(({ minFen, maxFen }) => minFen <= maxFen, { path: ["minFen"], message: "is above maxFen" })
  .refine(({ kinds, maxFen }) => kinds.includes("fine") === maxFen > 0, {
    path: ["maxFen"],
    message: "a fine has an amount, and nothing else has",
  })
  .refine(({ verifiedBy, verifiedOn }) => (verifiedBy === null) === (verifiedOn === null), {
    path: ["verifiedOn"],
    message: "who verified and when go together",
  })
  .refine(
    ({ verifiedOn, penalises, validFrom }) => verifiedOn === null || isVerified(penalises.law, validFrom),
    {
      path: ["verifiedOn"],
      message: "the law's text is not verified for the day the basis begins",
    },
  )
  .superRefine((basis, context) => {
    const violation = findViolation(basis.violation);
    const fault = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    if (violation === undefined) return fault("violation", "is not in violations.json");
    if (!violation.penaltyPossible) fault("violation", "may never be penalised here");
    const named = (
      list: readonly { law: string; article: string }[],
      one: { law: string; article: string },
    ) => list.some(({ law, article }) => law === one.law && article === one.article);
    if (!named(violation.legalBasis.forbids, basis.forbids))
      fault("forbids", "the violation does not name it");
    if (!named(violation.legalBasis.penalises, basis.penalises))
      fault("penalises", "the violation does not name it");
  });
