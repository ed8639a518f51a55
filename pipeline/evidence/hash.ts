import { createHash } from "node:crypto";
import { toHex } from "./portable/bytes.ts";
import { sm3 } from "./portable/sm3.ts";

/** FIPS 180-4. @returns 64 lower-case hex digits */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** GB/T 32905-2016. @returns 64 lower-case hex digits */
export function sm3Hex(bytes: Uint8Array): string {
  return toHex(sm3(bytes));
}
