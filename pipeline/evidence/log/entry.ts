import { z } from "zod";
import { canonicalText } from "../canonical-json.ts";
import { utf8 } from "../portable/bytes.ts";

/** What can happen to evidence; the custody record of domain B.3, "chain". */
export const LOG_ENTRY_KINDS = [
  "collected",
  "viewed_unmasked",
  "copied",
  "masked",
  "exported",
  "transferred",
  "served",
  "deleted",
  "retention_decided",
  "hold_placed",
  "hold_released",
  "access_granted",
  "access_revoked",
] as const;

export type LogEntryKind = (typeof LOG_ENTRY_KINDS)[number];

/** PostgreSQL's JSON knows no NUL, half a surrogate pair has no UTF-8, and `jq` writes DEL otherwise than RFC 8785. */
const text = z
  .string()
  .refine(
    (value) => !/\p{Cs}/u.test(value) && !value.includes("\u0000") && !value.includes("\u007f"),
    "holds NUL, DEL or half a surrogate pair",
  );

/** Whole numbers only: `jq` must write what RFC 8785 writes, or nobody could check an entry by hand. */
const plainJson: z.ZodType<unknown> = z.lazy(() =>
  z.union([text, z.int(), z.boolean(), z.null(), z.array(plainJson), z.record(text, plainJson)]),
);

/** One entry of the evidence log, as it is hashed. */
export const logEntrySchema = z.strictObject({
  schema: z.literal("forewarn-log-entry/1"),
  kind: z.enum(LOG_ENTRY_KINDS),
  /** UTC, by the clock of the machine that wrote it. */
  at: z.iso.datetime({ precision: 3 }),
  /** `id`: a user's id or a program's name; null for a party. */
  actor: z.strictObject({ kind: z.enum(["user", "system", "party"]), id: text.min(1).nullable() }),
  bundleId: text.min(1).nullable(),
  /** Which version of the bundle: 64 lower-case hex digits. */
  manifestSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "64 lower-case hex digits")
    .nullable(),
  why: text.min(1).max(2_000).nullable(),
  detail: z.record(text, plainJson),
});

export type LogEntry = z.infer<typeof logEntrySchema>;

/** The bytes of which the entry's leaf is the hash. */
export function entryBytes(entry: LogEntry): Uint8Array {
  return utf8(canonicalText(entry));
}
