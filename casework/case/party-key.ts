import type { Party } from "./case-file.ts";

/**
 * Everything that tells this party from others, each as one text to be hashed, the surest first: code, id number, plate, name
 * with telephone. However it is written: without blanks, in capitals. Empty where nothing does.
 */
export function partyKeys(party: Party | null): string[] {
  if (party === null) return [];
  const { unifiedCode, idNo, plate, name, phone } = party;
  return [
    ...keyOf("code", unifiedCode),
    ...keyOf("id", idNo),
    ...keyOf("plate", plate),
    ...(phone === null ? [] : keyOf("name", `${name}:${phone}`)),
  ];
}

/** What it is known by first; null where nothing tells one party from another. */
export function partyIdentity(party: Party | null): string | null {
  return partyKeys(party)[0] ?? null;
}

/** Whether two cases are about one party: what both have of the surest decides, a plate or a telephone only without it. */
export function isSameParty(a: Party | null, b: Party | null): boolean {
  const [ours, theirs] = [partyKeys(a), partyKeys(b)];
  for (const kind of ["code:", "id:"]) {
    const [one, other] = [ours, theirs].map((keys) => keys.find((key) => key.startsWith(kind)));
    if (one !== undefined && other !== undefined) return one === other;
  }
  return ours.some((key) => theirs.includes(key));
}

function keyOf(kind: string, text: string | null): string[] {
  const plain = (text ?? "")
    .normalize("NFKC")
    .replace(/[\s\p{P}\p{S}]/gu, "")
    .toUpperCase();
  return plain === "" ? [] : [`${kind}:${plain}`];
}
