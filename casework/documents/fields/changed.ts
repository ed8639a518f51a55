import { type OfCase, ownEntry } from "../source.ts";

/** The change of the decision that a document is about. */
export function changeOf(source: OfCase) {
  return ownEntry(source.file.changes, source) ?? null;
}
