import { InvalidInputError } from "../pipeline/domain/errors.ts";
import { citation } from "./laws.ts";
import { findViolation, type ViolationKind } from "./violations.ts";

/** The catalogue's row of a violation that was recorded under it. Throws `InvalidInputError` for a key it lacks. */
export function violationOf(key: string): ViolationKind {
  const row = findViolation(key);
  if (!row)
    throw new InvalidInputError("violation", [{ path: "", message: `"${key}" is not in the catalogue` }]);
  return row;
}

/** The provisions as people cite them, forbidding ones first, each once. */
export function citationsOf(violation: ViolationKind): { zh: string; en: string }[] {
  const { forbids, penalises } = violation.legalBasis;
  const unique = new Map(
    [...forbids, ...penalises].map((provision) => [`${provision.law}:${provision.article}`, provision]),
  );
  return [...unique.values()].map(citation);
}

/** `xzcf:41` for every provision: what a bundle's manifest names. */
export function provisionIdsOf(violation: ViolationKind): string[] {
  const { forbids, penalises } = violation.legalBasis;
  return [...new Set([...forbids, ...penalises].map(({ law, article }) => `${law}:${article}`))];
}
