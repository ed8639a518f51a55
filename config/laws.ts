import { z } from "zod";
import type { LocalDate } from "../casework/clocks/clock.ts";
import type { Provision } from "../casework/discretion/penalty.ts";
import { InvalidInputError } from "../pipeline/domain/errors.ts";
import { readCatalogue } from "./catalogue.ts";
import { faultsOf } from "./faults.ts";
import { isInForce, isOrdered, localDateSchema, overlap } from "./validity.ts";

const FILE = "laws.json";

const law = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9]*$/),
    name: z.strictObject({
      zh: z.string().min(1),
      /** As documents cite it, where that is longer: 中华人民共和国行政处罚法. */
      formalZh: z.string().min(1).optional(),
      en: z.string().min(1),
    }),
    version: z.string().min(1).nullable(),
    /** T: text read in full. S: secondary source. M: from memory. */
    tag: z.enum(["T", "S", "M"]),
    /** Only a verified text may carry a decision. */
    verified: z.boolean(),
    /** When this version came into force, where that is known. */
    validFrom: localDateSchema.nullable(),
    validTo: localDateSchema.nullable(),
    /** Articles of several paragraphs: their first bracket counts those (款); everywhere else it counts items (项). */
    paragraphArticles: z.array(z.string().regex(/^\d+$/)),
    note: z.string().min(1).nullable(),
  })
  .refine((row) => !row.verified || row.tag === "T", {
    path: ["verified"],
    message: "only a text that was read in full (tag T) is verified",
  })
  .refine(isOrdered, { path: ["validTo"], message: "is before validFrom" });

const registry = z.strictObject({
  source: z.string().min(1),
  laws: z
    .array(law)
    .min(1)
    .superRefine((rows, context) => {
      rows.forEach((row, index) => {
        const clash = rows.slice(0, index).find((other) => other.id === row.id && overlap(other, row));
        if (clash === undefined) return;
        const message = `two versions of ${row.id} are in force at once`;
        context.addIssue({ code: "custom", path: [index, "validFrom"], message });
      });
    }),
});

/** One version of a law, regulation or standard. */
export type Law = z.infer<typeof law>;

/** Checks a registry; throws `InvalidInputError` with every fault. */
export function lawsFromUnknown(value: unknown, source: string): readonly Law[] {
  const parsed = registry.safeParse(value);
  if (!parsed.success) throw new InvalidInputError(source, faultsOf(parsed.error));
  return parsed.data.laws;
}

/** The registry that comes with this software, checked when this module is first loaded. */
export const laws: readonly Law[] = Object.freeze(
  lawsFromUnknown(readCatalogue(FILE), `config/catalogue/${FILE}`),
);

/** The version in force on that day. Undefined for a law the registry lacks, or has no version of for that day. */
export function lawOn(id: string, date: LocalDate): Law | undefined {
  return laws.find((row) => row.id === id && isInForce(row, date));
}

/** Whether a decision about an act of that day may rest on this law (行政处罚法 37): a version in force and verified. */
export function isVerified(id: string, date: LocalDate): boolean {
  return lawOn(id, date)?.verified === true;
}

/** The law's newest version, for its name; undefined for one the registry lacks. */
export function findLaw(id: string): Law | undefined {
  const from = (row: Law) => row.validFrom ?? "";
  return laws.filter((row) => row.id === id).sort((one, other) => (from(one) > from(other) ? -1 : 1))[0];
}

/** A provision as people cite it. A law the registry lacks keeps its id, so that the gap is seen. */
export function citation({ law: id, article }: Provision): { zh: string; en: string } {
  const found = findLaw(id);
  const { zh, en } = found?.name ?? { zh: id, en: id };
  return {
    zh: `《${zh}》${articleZh(article, found?.paragraphArticles ?? [])}`,
    en: `${en}, Art. ${article}`,
  };
}

/** A provision as documents and published decisions cite it: with the law's full name. */
export function formalCitation({ law: id, article }: Provision): string {
  const found = findLaw(id);
  const name = found?.name.formalZh ?? found?.name.zh ?? id;
  return `《${name}》${articleZh(article, found?.paragraphArticles ?? [])}`;
}

/** `xzcf:72(2)` taken apart. Throws `RangeError` for what names no article. */
export function parseProvision(text: string): Provision {
  const [, id, article] = /^([a-z][a-z0-9]*):(\d+(?:\(\d+\))*)$/.exec(text) ?? [];
  if (id === undefined || article === undefined)
    throw new RangeError(`"${text}" is no provision like xzcf:72(2)`);
  return { law: id, article };
}

/** `27(1)` → 第27条第1项; `81(3)` of paragraphs → 第81条第3款; `111(1)(3)(4)` → 第111条第1款第3项、第4项 */
function articleZh(article: string, paragraphArticles: readonly string[]): string {
  const [, number, brackets] = /^(\d+)((?:\(\d+\))*)$/.exec(article) ?? [];
  if (number === undefined || brackets === undefined) return article;
  const counts = [...brackets.matchAll(/\d+/g)].map(([count]) => count);
  const paragraph = paragraphArticles.includes(number) ? counts.shift() : undefined;
  const items = counts.map((count) => `第${count}项`).join("、");
  return `第${number}条${paragraph === undefined ? "" : `第${paragraph}款`}${items}`;
}
