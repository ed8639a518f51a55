import { InvalidInputError } from "../pipeline/domain/errors.ts";
import { entryBytes, type LogEntryKind, logEntrySchema } from "../pipeline/evidence/log/entry.ts";
import { type Act, actorIdOf, iso } from "./act.ts";
import type { Tx } from "./pool.ts";

export interface NewLogEntry {
  readonly kind: LogEntryKind;
  readonly bundleId: string | null;
  readonly manifestSha256: string | null;
  /** The reason given. The log is never deleted: no names, no plates, ids only. */
  readonly why: string | null;
  /** Plain JSON, whole numbers only; `undefined` is left out. */
  readonly detail?: object;
}

/**
 * Adds one entry to the evidence log, in the transaction of what it tells of: both come about or neither. Make it
 * the transaction's last step, since from here to its end every other writer waits.
 *
 * @returns the entry's place in the log, from 0, without gaps
 * @throws InvalidInputError when the entry could not be read back as one
 */
export async function appendLogEntry(tx: Tx, act: Act, entry: NewLogEntry): Promise<{ index: number }> {
  const { kind, bundleId, manifestSha256, why } = entry;
  const parsed = logEntrySchema.safeParse({
    schema: "forewarn-log-entry/1",
    kind,
    at: iso(new Date(act.at)),
    actor: { kind: act.actor.kind, id: actorIdOf(act.actor) },
    ...{ bundleId, manifestSha256, why },
    detail: JSON.parse(JSON.stringify(entry.detail ?? {})),
  });
  if (!parsed.success) {
    throw new InvalidInputError(
      "entry of the evidence log",
      parsed.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })),
    );
  }
  const { rows } = await tx.query<{ index: string }>(
    "insert into evidence_log (entry) values ($1) returning evidence_log.index",
    [entryBytes(parsed.data)],
  );
  return { index: Number(rows[0]?.index) };
}
