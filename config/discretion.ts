import { z } from "zod";
import type { LocalDate } from "../casework/clocks/clock.ts";
import type { Benchmark } from "../casework/discretion/benchmark.ts";
import type { PenaltyBasis } from "../casework/discretion/penalty.ts";
import { InvalidInputError } from "../pipeline/domain/errors.ts";
import { benchmarkSchema, defaultBenchmarkSchema } from "./benchmark-schema.ts";
import { readCatalogue } from "./catalogue.ts";
import { faultsOf } from "./faults.ts";
import { penaltyBasisSchema } from "./penalty-basis-schema.ts";
import { isInForce, overlap } from "./validity.ts";
import { findViolation } from "./violations.ts";

const FILE = "discretion.json";

const discretion = z
  .strictObject({
    version: z.string().min(1),
    source: z.string().min(1),
    bases: z
      .array(penaltyBasisSchema)
      .min(1)
      .refine((rows) => new Set(rows.map(({ id }) => id)).size === rows.length, "ids must be unique"),
    defaultBenchmark: defaultBenchmarkSchema,
    benchmarks: z.array(benchmarkSchema),
  })
  .superRefine(({ bases, benchmarks }, context) => {
    benchmarks.forEach((row, index) => {
      const fault = (field: string, message: string) =>
        context.addIssue({ code: "custom", path: ["benchmarks", index, field], message });
      if (!bases.some(({ id }) => id === row.basisId)) fault("basisId", "is no penalty basis");
      const before = benchmarks.slice(0, index);
      if (before.some(({ id, version }) => id === row.id && version === row.version))
        fault("version", "stands there twice");
      if (before.some((other) => other.basisId === row.basisId && overlap(other, row)))
        fault("validFrom", "two benchmarks of this basis are in force at once");
    });
  });

/** Penalty bases and the benchmarks they are weighed by. */
export type DiscretionCatalogue = z.infer<typeof discretion>;

/** Checks a catalogue; throws `InvalidInputError` with every fault. */
export function discretionFromUnknown(value: unknown, source: string): DiscretionCatalogue {
  const parsed = discretion.safeParse(value);
  if (!parsed.success) throw new InvalidInputError(source, faultsOf(parsed.error));
  return parsed.data;
}

/** The catalogue that comes with this software, checked when this module is first loaded. */
export const discretionCatalogue: DiscretionCatalogue = Object.freeze(
  discretionFromUnknown(readCatalogue(FILE), `config/catalogue/${FILE}`),
);

/** The basis of an id, in force or not; undefined for one the catalogue lacks. */
export function findBasis(id: string): PenaltyBasis | undefined {
  return discretionCatalogue.bases.find((row) => row.id === id);
}

/** The bases that punish a violation of that day, verified or not: a decision can rest on verified ones only. */
export function basesOn(
  violation: string,
  date: LocalDate,
  catalogue: DiscretionCatalogue = discretionCatalogue,
): PenaltyBasis[] {
  return catalogue.bases.filter((row) => row.violation === violation && isInForce(row, date));
}

/**
 * The benchmark of a basis on that day: its own, else the default one under the basis's validity, with `isDefault` set.
 * Undefined for a basis that the catalogue lacks or that is not in force then.
 */
export function benchmarkOn(
  basisId: string,
  date: LocalDate,
  catalogue: DiscretionCatalogue = discretionCatalogue,
): Benchmark | undefined {
  const basis = catalogue.bases.find((row) => row.id === basisId);
  if (basis === undefined || !isInForce(basis, date)) return undefined;
  const { violation, validFrom, validTo } = basis;
  const about = { violation, matterCode: findViolation(violation)?.matterCode ?? null };
  const own = catalogue.benchmarks.find((row) => row.basisId === basisId && isInForce(row, date));
  if (own !== undefined) return { ...about, ...own, isDefault: false };
  return {
    id: `${basisId}.default`,
    ...about,
    basisId,
    publishedUrl: null,
    validFrom,
    validTo,
    isDefault: true,
    ...catalogue.defaultBenchmark,
  };
}
