/** sha256 of a text in hex, handed in from outside: the domain has no crypto of its own. */
export type HashText = (text: string) => string;

/**
 * JSON with sorted keys and without spaces, so that equal content gives equal text. `undefined` members are
 * left out. For the plain data of zones and rules this agrees with RFC 8785.
 */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalText(member)}`);
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value);
}

/** Version of a zone or a rule: 12 hex digits of the hash of its content. */
export function contentVersion(hash: HashText, value: unknown): string {
  return hash(canonicalText(value)).slice(0, 12);
}
