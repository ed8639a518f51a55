import { createHash } from "node:crypto";
import type { CaseFile } from "../casework/case/case-file.ts";
import { partyKeys } from "../casework/case/party-key.ts";
import type { CaseClock } from "../casework/clocks/clock.ts";
import { type Act, inScope, scopePrefixes } from "./act.ts";
import { NotFoundError } from "./errors.ts";
import type { Queryable, Tx } from "./pool.ts";

/** A case's file with the count of its changes: what an ETag is made of. */
export interface CaseRecord {
  readonly file: CaseFile;
  readonly version: number;
}

/** Takes the row's lock: whoever else wants to take a step in this case waits. Throws `NotFoundError`. */
export async function lockCase(tx: Tx, act: Pick<Act, "scope">, caseId: string): Promise<CaseRecord> {
  const found = await readCase(tx, act, caseId, "for update of cases");
  if (found === undefined) throw new NotFoundError("case", caseId);
  return found;
}

/** The same without the lock; undefined when there is none or it lies outside the scope. */
export function readCaseRecord(
  db: Queryable,
  act: Pick<Act, "scope">,
  caseId: string,
): Promise<CaseRecord | undefined> {
  return readCase(db, act, caseId, "");
}

async function readCase(
  db: Queryable,
  act: Pick<Act, "scope">,
  caseId: string,
  lock: "" | "for update of cases",
): Promise<CaseRecord | undefined> {
  const { rows } = await db.query<CaseRecord>(
    `select cases.file, cases.version from cases
     where cases.id = $1 and ${inScope("cases.region", "$2")} ${lock}`,
    [caseId, scopePrefixes(act.scope)],
  );
  return rows[0];
}

/** A new case's row. */
export async function insertCase(tx: Tx, act: Act, file: CaseFile): Promise<void> {
  await tx.query(
    `insert into cases (id, source, incident_id, region, violation, agency_id, opened_by, opened_at, state, procedure,
       case_no, file, party_keys, filed_on, decided_on, closed_on, overlays, version)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 1)`,
    [
      file.caseId,
      file.source,
      file.incidentIds[0] ?? null,
      file.region,
      file.violation,
      file.agency,
      file.openedBy,
      new Date(act.at),
      ...columnsOf(file),
    ],
  );
  await writeClocks(tx, file.caseId, [], file.clocks);
}

/** Writes the file after a step, with the columns and clocks that follow from it. */
export async function updateCase(tx: Tx, before: CaseRecord, file: CaseFile): Promise<{ version: number }> {
  const { rows } = await tx.query<{ version: number }>(
    `update cases set state = $2, procedure = $3, case_no = $4, file = $5, party_keys = $6, filed_on = $7,
       decided_on = $8, closed_on = $9, overlays = $10, version = cases.version + 1
     where cases.id = $1 returning cases.version`,
    [file.caseId, ...columnsOf(file)],
  );
  await writeClocks(tx, file.caseId, before.file.clocks, file.clocks);
  return { version: rows[0]?.version ?? before.version + 1 };
}

function columnsOf(file: CaseFile): unknown[] {
  return [
    file.state,
    file.procedure,
    file.caseNo,
    JSON.stringify(file),
    partyKeys(file.party).map((key) => createHash("sha256").update(key).digest("hex")),
    file.filing?.filedOn ?? null,
    file.decision?.on ?? null,
    file.closing?.closedOn ?? null,
    file.overlays,
  ];
}

async function writeClocks(
  tx: Tx,
  caseId: string,
  before: readonly CaseClock[],
  after: readonly CaseClock[],
): Promise<void> {
  const changed = after.filter((clock) => !before.includes(clock));
  // The latest of one kind and subject is what runs: a clock that was set anew replaces the old one.
  const latest = new Map(changed.map((clock) => [`${clock.kind} ${clock.subject}`, clock]));
  for (const clock of latest.values()) {
    await tx.query(
      `insert into case_clocks (case_id, kind, subject, started_on, strict_due, legal_due, basis, duty, state, ended_on)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (case_id, kind, subject) do update set started_on = $4, strict_due = $5, legal_due = $6, basis = $7,
         duty = $8, state = $9, ended_on = $10`,
      [
        caseId,
        clock.kind,
        clock.subject,
        clock.startedOn,
        clock.strictDue,
        clock.legalDue,
        clock.basis,
        clock.duty,
        clock.state,
        clock.endedOn,
      ],
    );
  }
}
