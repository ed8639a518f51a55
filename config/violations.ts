import { z } from "zod";
import { InvalidInputError } from "../pipeline/domain/errors.ts";
import { readCatalogue } from "./catalogue.ts";
import { faultsOf } from "./faults.ts";

const FILE = "violations.json";

/** A provision: id of the law registry, and the article as people cite it, `27(1)`. */
const provision = z.strictObject({ law: z.string().regex(/^[a-z0-9]+$/), article: z.string().min(1) });

const legalBasis = z.strictObject({
  /** For people. */
  text: z.string().min(1),
  forbids: z.array(provision),
  penalises: z.array(provision),
  /** Range in whole yuan per kind of party; null where no national text gives an amount. */
  fineYuan: z
    .array(
      z
        .strictObject({
          who: z.enum(["any", "person", "unit"]),
          min: z.int().nonnegative(),
          max: z.int().positive(),
        })
        .refine((range) => range.min <= range.max, "min is above max"),
    )
    .nullable(),
  /** The local regulation has to supply the amount, or part of it. */
  localAmount: z.boolean(),
  /** T: text read in full. S: secondary source. M: from memory. */
  tags: z.array(z.enum(["T", "S", "M"])).min(1),
  /** Only a verified basis may carry a decision. */
  verified: z.boolean(),
});

const violation = z
  .strictObject({
    key: z.string().regex(/^[a-z]+(_[a-z]+)*$/),
    name: z.strictObject({ zh: z.string().min(1), en: z.string().min(1) }),
    /** Five digits of GB/T 47678.5-2026; null for a matter the standard does not have. */
    matterCode: z
      .string()
      .regex(/^\d{5}$/)
      .nullable(),
    aliases: z.array(z.string().regex(/^\d{5}$/)),
    localExtension: z.boolean(),
    legalBasis,
    /** False: this may never become a penalty case here. */
    penaltyPossible: z.boolean(),
    /** What whoever is warned is asked to do; null where nobody is warned. */
    request: z.strictObject({ zh: z.string().min(1), en: z.string().min(1) }).nullable(),
    firstStep: z.enum(["persuade", "order", "work_order", "case", "dispatch", "referral"]),
    /** 规范在先: persuasion and time to correct come before anything else. */
    minorFirst: z.boolean(),
    graceSeconds: z.int().nonnegative(),
    dwellSeconds: z.int().nonnegative(),
    /** What the common 80-class detector can contribute. */
    cocoLabels: z.array(z.string().min(1)),
    /** Default labels of a rule: those that alone are a sign of it. */
    labels: z.array(z.string().min(1)),
    /** What that detector lacks. */
    needs: z.array(z.string().min(1)),
    stationary: z.boolean(),
    minCount: z.int().positive(),
    enabled: z.boolean(),
    disabledReason: z.string().min(1).nullable(),
    notes: z.string().min(1).nullable(),
  })
  .refine((row) => row.enabled === (row.disabledReason === null), {
    path: ["disabledReason"],
    message: "a disabled violation says why, an enabled one has no reason",
  })
  .refine((row) => !row.enabled || (row.labels.length > 0 && row.dwellSeconds > 0), {
    path: ["enabled"],
    message: "an enabled violation needs default labels and a dwell",
  })
  .refine((row) => row.labels.every((label) => row.cocoLabels.includes(label)), {
    path: ["labels"],
    message: "default labels must be among cocoLabels",
  })
  .refine((row) => !row.minorFirst || row.request !== null, {
    path: ["request"],
    message: "who is warned first must be told what to do",
  })
  .refine((row) => row.matterCode !== null || row.localExtension, {
    path: ["matterCode"],
    message: "without a code of the standard it is a local extension",
  });

const catalogue = z.strictObject({
  version: z.string().min(1),
  source: z.string().min(1),
  violations: z
    .array(violation)
    .min(1)
    .refine((rows) => new Set(rows.map((row) => row.key)).size === rows.length, "keys must be unique"),
});

/** One row of the violation catalogue. */
export type ViolationKind = z.infer<typeof violation>;
export type ViolationCatalogue = z.infer<typeof catalogue>;

/** Checks a catalogue; throws `InvalidInputError` with every fault. */
export function catalogueFromUnknown(value: unknown, source: string): ViolationCatalogue {
  const parsed = catalogue.safeParse(value);
  if (!parsed.success) throw new InvalidInputError(source, faultsOf(parsed.error));
  return parsed.data;
}

/** The catalogue that comes with this software, checked when this module is first loaded. */
export const violationCatalogue: ViolationCatalogue = Object.freeze(
  catalogueFromUnknown(readCatalogue(FILE), `config/catalogue/${FILE}`),
);

const byKey = new Map(violationCatalogue.violations.map((row) => [row.key, row]));

/** The row of a key; undefined for a key the catalogue does not have. */
export function findViolation(key: string): ViolationKind | undefined {
  return byKey.get(key);
}
