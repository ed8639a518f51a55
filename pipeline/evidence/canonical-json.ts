import { canonicalText } from "./portable/canonical-text.ts";

export { canonicalText, parseJsonBytes } from "./portable/canonical-text.ts";

/** Canonical JSON (RFC 8785) as UTF-8 bytes. @throws Error as `canonicalText` */
export function canonicalBytes(value: unknown): Buffer {
  return Buffer.from(canonicalText(value), "utf8");
}
