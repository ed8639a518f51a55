import type { ComposedDocument } from "../../casework/documents/composed-document.ts";
import { codeOf, MissingGlyphError } from "./errors.ts";
import { isInstalled } from "./glyphs.ts";

/** Fields that say who somebody is; so does every field `…By`. */
const NAMES = new Set([
  ...["agencyName", "courtName", "appliedCourt", "reviewBody", "partyName", "legalRepresentative"],
  ...["officerNames", "officers", "serviceOfficers", "hearingHost", "receiver", "witnesses", "person"],
]);

const HAN = /\p{Script=Han}/gu;

/**
 * The document with a visible stand-in, `〔U+31350〕`, for every Chinese letter no font has: what a party wrote must not
 * stop their case. Throws `MissingGlyphError` where it would stand in a name.
 */
export function withStandIns(document: ComposedDocument): ComposedDocument {
  const names = Object.entries(document.data).filter(([field]) => NAMES.has(field) || field.endsWith("By"));
  const missing = lettersMissing(JSON.stringify(names));
  if (missing.length > 0) throw new MissingGlyphError(missing);
  return { ...document, blocks: eachText(document.blocks) as ComposedDocument["blocks"] };
}

function lettersMissing(text: string): string[] {
  return [...new Set(text.match(HAN))].filter((letter) => !isInstalled(letter));
}

function standIn(text: string): string {
  return text.replaceAll(HAN, (letter) => (isInstalled(letter) ? letter : `〔${codeOf(letter)}〕`));
}

function eachText(value: unknown): unknown {
  if (typeof value === "string") return standIn(value);
  if (Array.isArray(value)) return value.map(eachText);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, eachText(inner)]));
}
