import { z } from "zod";
import { InvalidInputError } from "../pipeline/domain/errors.ts";
import lawsData from "./catalogue/laws.json" with { type: "json" };
import { faultsOf } from "./faults.ts";
import { findViolation, type ViolationKind } from "./violations.ts";

const registry = z.strictObject({
  source: z.string(),
  laws: z.array(
    z.strictObject({
      id: z.string().regex(/^[a-z0-9]+$/),
      name: z.strictObject({ zh: z.string().min(1), en: z.string().min(1) }),
      version: z.string().nullable(),
      tag: z.enum(["T", "S", "M"]),
      /** Only a verified text may carry a decision. */
      verified: z.boolean(),
    }),
  ),
});

const parsed = registry.safeParse(lawsData);
if (!parsed.success) throw new InvalidInputError("config/catalogue/laws.json", faultsOf(parsed.error));
const laws = new Map(parsed.data.laws.map((law) => [law.id, law]));

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
  return [...unique.values()].map(({ law, article }) => {
    const name = laws.get(law)?.name ?? { zh: law, en: law };
    return { zh: `《${name.zh}》${articleZh(article)}`, en: `${name.en}, Art. ${article}` };
  });
}

/** `xzcf:41` for every provision: what a bundle's manifest names. */
export function provisionIdsOf(violation: ViolationKind): string[] {
  const { forbids, penalises } = violation.legalBasis;
  return [...new Set([...forbids, ...penalises].map(({ law, article }) => `${law}:${article}`))];
}

/** `27(1)` → 第27条第1项 */
function articleZh(article: string): string {
  return article.replace(/^(\d+)/, "第$1条").replaceAll(/\((\d+)\)/g, "第$1项");
}
