import { z } from "zod";
import { bandIds, type Factor, raisesForUseOfRights } from "../casework/discretion/benchmark.ts";
import { isOrdered, localDateSchema } from "./validity.ts";

const permille = z.int().min(0).max(1000);

const tier = z.strictObject({
  id: z.enum(bandIds),
  fractionFromPermille: permille,
  fractionToPermille: permille,
  defaultPermille: permille,
});

/** Light, general, heavy: the whole range, without a gap or an overlap. */
const tiers = z
  .array(tier)
  .refine((rows) => rows.map(({ id }) => id).join() === bandIds.join(), "must be light, general, heavy")
  .refine(
    (rows) =>
      rows.every((row, index) => row.fractionFromPermille === (rows[index - 1]?.fractionToPermille ?? 0)),
    "each tier begins where the one before ends, the first at 0",
  )
  .refine((rows) => rows.at(-1)?.fractionToPermille === 1000, "the last tier ends at 1000")
  .refine(
    (rows) =>
      rows.every(
        (row) =>
          row.fractionFromPermille <= row.defaultPermille && row.defaultPermille <= row.fractionToPermille,
      ),
    "a default lies inside its tier",
  );

const effect = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("no_penalty") }),
  z.strictObject({ kind: z.literal("tier_shift"), by: z.union([z.literal(-1), z.literal(1)]) }),
  z.strictObject({ kind: z.literal("fraction_delta"), byPermille: z.int().min(-1000).max(1000) }),
]);

const factor = z
  .strictObject({
    id: z.string().regex(/^[a-z]+(_[a-z]+)*$/),
    zh: z.string().min(1),
    en: z.string().min(1),
    kind: z.enum(["mandatory_lower", "may_lower", "raise", "exempt"]),
    source: z.string().regex(/^(local|[a-z][a-z0-9]*:\d+(\(\d+\))*)$/),
    evidenceNeeded: z.boolean(),
    effect,
    excludes: z.enum(["first_time", "corrected", "harm_below_serious"]).exactOptional(),
  })
  .refine(effectFits, { path: ["effect"], message: "does not fit the kind of fact" })
  .refine((row) => !raisesForUseOfRights(row), {
    path: ["source"],
    message: "to use a right never makes a penalty heavier (xzcf:45)",
  });

function effectFits({ kind, effect }: Factor): boolean {
  if (effect.kind === "no_penalty") return kind === "exempt";
  if (kind === "exempt") return false;
  const by = effect.kind === "tier_shift" ? effect.by : effect.byPermille;
  return kind === "raise" ? by > 0 : by < 0;
}

const factors = z
  .array(factor)
  .refine((rows) => new Set(rows.map(({ id }) => id)).size === rows.length, "ids must be unique");

const rules = {
  version: z.string().min(1),
  /** T: text read in full. S: secondary source. M: from memory. P: our own default. */
  tag: z.enum(["T", "S", "M", "P"]),
  tiers,
  factors,
};

/** Stands in for every basis that has no benchmark of its own. */
export const defaultBenchmarkSchema = z.strictObject(rules);

/** A benchmark made for one basis by an agency or the province. */
export const benchmarkSchema = z
  .strictObject({
    ...rules,
    id: z.string().regex(/^[a-z0-9_.-]+$/),
    basisId: z.string(),
    publishedUrl: z.url().nullable(),
    validFrom: localDateSchema,
    validTo: localDateSchema.nullable(),
  })
  .refine(isOrdered, { path: ["validTo"], message: "is before validFrom" });
