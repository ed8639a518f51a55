import discretion from "../../config/catalogue/discretion.json" with { type: "json" };
import lawRegistry from "../../config/catalogue/laws.json" with { type: "json" };
import catalogue from "../../config/catalogue/violations.json" with { type: "json" };

export type Both = { readonly zh: string; readonly en: string };

/** A matter of the catalogue, as far as the desk speaks of it. */
interface Matter {
  readonly key: string;
  readonly name: Both;
  readonly request: Both | null;
  readonly penaltyPossible: boolean;
}

const matters = new Map<string, Matter>(
  catalogue.violations.map((row: Matter & { key: string }) => [row.key, row]),
);

/** A matter that was recorded under a name this page does not know keeps it, so that the gap is seen. */
export function matterName(key: string): Both {
  return matters.get(key)?.name ?? { zh: key, en: key };
}

export function requestOf(key: string): Both {
  return matters.get(key)?.request ?? { zh: "自行改正", en: "put it right" };
}

/** Matters a penalty is possible for: the others never become a case here. */
export const penaltyMatters: readonly (readonly [string, Both])[] = [...matters.values()]
  .filter(({ penaltyPossible }) => penaltyPossible)
  .map(({ key, name }) => [key, name]);

/** Facts that a benchmark knows (裁量情节). */
export const factors: readonly (readonly [string, Both])[] = discretion.defaultBenchmark.factors.map(
  ({ id, zh, en }) => [id, { zh, en }],
);

/** Provisions a penalty for this matter can rest on. */
export function basesOf(violation: string): readonly (readonly [string, Both])[] {
  return discretion.bases
    .filter((basis) => basis.violation === violation)
    .map(({ id }) => [id, { zh: basisName(id, "zh"), en: basisName(id, "en") }]);
}

/** What a penalty rests on, as people cite it; an id this page does not know is shown as it is. */
export function basisName(basisId: string, language: "zh" | "en"): string {
  const penalises = discretion.bases.find(({ id }) => id === basisId)?.penalises;
  return penalises === undefined ? basisId : provisionName(`${penalises.law}:${penalises.article}`, language);
}

interface Law {
  readonly id: string;
  readonly name: Both;
  readonly paragraphArticles: readonly string[];
}

const laws = new Map<string, Law>(lawRegistry.laws.map((law: Law) => [law.id, law]));

/**
 * `xzcf:61(2)` as people cite it: 《行政处罚法》第61条第2项, or 款 where the article has paragraphs; a law without an article
 * by its name. What names no provision is left as it is.
 */
export function provisionName(provision: string, language: "zh" | "en"): string {
  const [, id = "", number = "", brackets = ""] =
    /^([a-z][a-z0-9]*)(?::(\d+)((?:\(\d+\))*))?$/.exec(provision) ?? [];
  const law = laws.get(id);
  if (number === "")
    return law === undefined ? provision : language === "en" ? law.name.en : `《${law.name.zh}》`;
  if (language === "en") return `${law?.name.en ?? id}, Art. ${number}${brackets}`;
  const counts = [...brackets.matchAll(/\d+/g)].map(([count]) => count);
  const paragraph = law?.paragraphArticles.includes(number) ? counts.shift() : undefined;
  const items = counts.map((count) => `第${count}项`).join("、");
  return `《${law?.name.zh ?? id}》第${number}条${paragraph === undefined ? "" : `第${paragraph}款`}${items}`;
}
