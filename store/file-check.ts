import type { CaseFile } from "../casework/case/case-file.ts";
import type { CaseStep, StepName } from "../casework/case/step-input.ts";
import { openSteps } from "../casework/case/take-step.ts";
import { nodeCrypto } from "../pipeline/evidence/node-crypto.ts";
import { verifySource } from "../pipeline/evidence/portable/verify-source.ts";
import type { Act } from "./act.ts";
import { type CaseRecord, readCaseRecord } from "./case-record.ts";
import { listCaseDocuments, readDocumentFile } from "./document-read-model.ts";
import type { ObjectStore } from "./object-store.ts";
import type { Queryable } from "./pool.ts";

/** Evidence is hashed again when it is attached, decided on, served and archived; documents at every step. */
const WITH_EVIDENCE: readonly StepName[] = ["add_evidence", "decide", "serve", "apply_to_court", "archive"];

export interface FileCheck {
  readonly filesVerified: boolean | null;
  /** The version of the case that this was found for; undefined: there is none in scope. */
  readonly version: number | undefined;
}

/**
 * Whether the files a step rests on are the ones that were sealed and issued. Reads them all, so do it before the
 * transaction that locks the case. Null, and nothing is read, where whoever asks cannot take the step as things stand or
 * has seen another version: then the step must be refused, or asked for `version` and none other.
 */
export async function checkFilesFor(
  db: Queryable,
  objects: ObjectStore,
  act: Pick<Act, "scope" | "actor">,
  { caseId, step, ifVersion }: { caseId: string; step: CaseStep; ifVersion: number | undefined },
): Promise<FileCheck> {
  const record = await readCaseRecord(db, act, caseId);
  if (record === undefined) return { filesVerified: null, version: undefined };
  const { file, version } = record;
  const isOpen = openSteps(file, act.actor).includes(step.step) && (ifVersion ?? version) === version;
  return { filesVerified: isOpen ? await areWhole(db, objects, record, step) : null, version };
}

async function areWhole(
  db: Queryable,
  objects: ObjectStore,
  record: CaseRecord,
  step: CaseStep,
): Promise<boolean> {
  for (const document of await listCaseDocuments(db, record.file.caseId))
    if ((await readDocumentFile(objects, document)) === null) return false;
  if (!WITH_EVIDENCE.includes(step.step)) return true;
  for (const bundle of await readBundles(db, incidentsOf(record.file, step)))
    if (!(await isBundleWhole(objects, bundle))) return false;
  return true;
}

function incidentsOf(file: CaseFile, step: CaseStep): string[] {
  const attached = file.evidence.filter((item) => item.withdrawn === null).map((item) => item.incidentId);
  const added = step.step === "add_evidence" ? [step.incidentId] : [];
  return [...new Set([...attached, ...added].filter((id) => id !== null))];
}

interface StoredBundle {
  readonly bundlePath: string;
  readonly manifestSha256: string;
}

async function readBundles(db: Queryable, incidentIds: readonly string[]): Promise<StoredBundle[]> {
  const { rows } = await db.query<StoredBundle>(
    `select incidents.bundle_path as "bundlePath", incidents.manifest_sha256 as "manifestSha256"
     from incidents where incidents.id = any ($1)`,
    [incidentIds],
  );
  return rows;
}

async function isBundleWhole(objects: ObjectStore, stored: StoredBundle): Promise<boolean> {
  try {
    const result = await verifySource(await objects.openBundle(stored.bundlePath), nodeCrypto);
    return result.ok && result.facts?.manifestSha256 === stored.manifestSha256;
  } catch {
    // Gone, damaged or unreadable: whatever it is, it is not what was sealed.
    return false;
  }
}
