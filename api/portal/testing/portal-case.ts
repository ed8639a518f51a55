import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CaseEvidence, CaseFile } from "../../../casework/case/case-file.ts";
import { agency } from "../../../casework/case/testing/builders.ts";
import { performingCase } from "../../../casework/case/testing/performing-case.ts";
import { newId } from "../../../runtime/ids.ts";
import { putAgency } from "../../../store/agency-store.ts";
import { insertCase } from "../../../store/case-record.ts";
import { DOCUMENT_PATH } from "../../../store/document-store.ts";
import { withTx } from "../../../store/pool.ts";
import { claimIncident, confirmIncident } from "../../../store/review-store.ts";
import { allYes, county, makeUser, systemAct, userAct } from "../../../test-fixtures/store-builders.ts";
import type { TestApi } from "../../testing/test-api.ts";

let counted = 0;

/** A case in the database as `performingCase` makes it, of two officers that exist, with its decision as a file. */
export async function storedCase(
  api: TestApi,
  handlers: readonly string[],
  changes: (file: CaseFile) => Partial<CaseFile> = () => ({}),
): Promise<CaseFile> {
  const [opener = ""] = handlers;
  counted += 1;
  const base = performingCase();
  const caseId = newId("cas");
  const decisionDocId = newId("doc");
  const placed: CaseFile = {
    ...base,
    caseId,
    caseNo: `51010701-2026-${String(900 + counted)}`,
    agency: agency().agency,
    region: county,
    source: "patrol",
    incidentIds: [],
    openedBy: opener,
    handlers,
    payment: base.payment && { ...base.payment, code: newId("pay") },
    decision: base.decision && { ...base.decision, docId: decisionDocId },
    services: base.services.map((service) => ({ ...service, docId: decisionDocId })),
    documents: [
      {
        docId: decisionDocId,
        code: "D09",
        issuedOn: "2026-03-06",
        number: `武综执罚决字〔2026〕第${counted}号`,
        replaces: null,
      },
    ],
  };
  const file = { ...placed, ...changes(placed) };
  await withTx(api.pool, async (tx) => {
    await putAgency(tx, systemAct(), agency());
    await insertCase(tx, systemAct(), file);
  });
  for (const { docId, code, number } of file.documents)
    await storeDocument(api, file, { docId, code, number });
  return file;
}

async function storeDocument(
  api: TestApi,
  file: CaseFile,
  { docId, code, number }: { docId: string; code: string; number: string | null },
): Promise<void> {
  const pdf = Buffer.from(`%PDF-1.7 ${docId}`);
  const folder = await mkdtemp(join(tmpdir(), "forewarn-test-document-"));
  await mkdir(join(folder, "originals"));
  await writeFile(join(folder, DOCUMENT_PATH), pdf);
  await api.context.objects.takeIn(docId, folder);
  await rm(folder, { recursive: true });
  await api.pool.query(
    `insert into documents (id, case_id, code, template_version, agency_id, mark, year, seq, number, title, data,
       pdf_sha256, size_bytes, issued_on, issued_at)
     values ($1, $2, $3, 'test', $4, $5, $6, $7, $8, '行政处罚决定书', '{}', $9, $10, '2026-03-06', now())`,
    [
      docId,
      file.caseId,
      code,
      file.agency,
      ...(number === null ? [null, null, null, null] : ["罚决", 2026, counted * 10 + code.length, number]),
      createHash("sha256").update(pdf).digest("hex"),
      pdf.length,
    ],
  );
}

/** Somebody reviewed the incident and confirmed it. */
export async function confirmRecord(api: TestApi, incidentId: string): Promise<void> {
  const reviewer = await makeUser(api.pool, ["content_reviewer"]);
  await withTx(api.pool, (tx) => claimIncident(tx, userAct(reviewer, api.clock.at), incidentId));
  await withTx(api.pool, (tx) => confirmIncident(tx, userAct(reviewer, api.clock.at), incidentId, allYes));
}

export function cameraEvidence(incidentId: string, other: Partial<CaseEvidence> = {}): CaseEvidence {
  return {
    evidenceId: newId("evd"),
    kind: "camera_record",
    title: "电子技术监控记录",
    addedOn: "2026-01-05",
    addedBy: null,
    from: "agency",
    incidentId,
    sha256: null,
    verified: null,
    withdrawn: null,
    ...other,
  };
}
