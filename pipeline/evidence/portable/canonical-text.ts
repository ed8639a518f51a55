import canonicalize from "canonicalize";

/**
 * RFC 8785 (JSON Canonicalization Scheme): one value has exactly one form, so it can be hashed.
 *
 * @throws Error on NaN, Infinity, lone surrogates and `undefined`.
 */
export function canonicalText(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error("canonical JSON of undefined does not exist");
  return text;
}

/** Strict UTF-8 and JSON; a byte order mark counts as a fault. @throws TypeError | SyntaxError */
export function parseJsonBytes(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
}
