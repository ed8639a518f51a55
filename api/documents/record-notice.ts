import type { CaseFile } from "../../casework/case/case-file.ts";
import type { AgencyFacts } from "../../casework/case/step-facts.ts";
import type { DocumentDraft } from "../../casework/documents/document-codes.ts";
import type { Act } from "../../store/act.ts";
import { readAgency } from "../../store/agency-store.ts";
import { addCaseDocument } from "../../store/case-documents.ts";
import type { CaseRecord } from "../../store/case-record.ts";
import { listIncidentDocuments } from "../../store/document-read-model.ts";
import type { IssuedDocument } from "../../store/document-store.ts";
import { issueIncidentForm } from "../../store/incident-documents.ts";
import { readIncidentWords } from "../../store/incident-words.ts";
import type { Tx } from "../../store/pool.ts";
import type { ApiContext } from "../context.ts";

/** States in which nobody needs to be told of a record any more. */
const OVER: readonly CaseFile["state"][] = ["closed", "archived"];

/**
 * D16 (电子技术监控记录告知书) of a case whose party is given a link (行政处罚法 41(3)). The link's id is its query code: it opens
 * nothing, the token that does is in no document. A later one replaces the one before. Null for a case without a record, and
 * for one that is over.
 */
export async function noticeOfCase(
  context: ApiContext,
  tx: Tx,
  act: Act,
  record: CaseRecord,
  linkId: string,
): Promise<IssuedDocument | null> {
  const { file } = record;
  const incidentId = recordOf(file);
  if (incidentId === null || OVER.includes(file.state)) return null;
  const { camera } = await readIncidentWords(tx, incidentId);
  const former = file.documents.findLast(({ code }) => code === "D16");
  return addCaseDocument(tx, act, context.casework, record, {
    docId: act.newId("doc"),
    code: "D16",
    fields: { ...camera, ...waysIn(context, linkId, await readAgency(tx, file.agency)) },
    ...(former === undefined ? {} : { replaces: former.docId }),
  });
}

/**
 * The same for a confirmed record that is no case yet. Nobody's name is known: whoever has the link is told. Null where no
 * agency is on record.
 */
export async function noticeOfRecord(
  context: ApiContext,
  tx: Tx,
  act: Act,
  incidentId: string,
  linkId: string,
): Promise<IssuedDocument | null> {
  const former = (await listIncidentDocuments(tx, incidentId)).findLast(({ code }) => code === "D16");
  const issued = await issueIncidentForm(tx, act, context.casework, incidentId, {
    code: "D16",
    fields: ({ period }, agency) => ({
      partyName: "当事人",
      facts: `监控设备记录的时段为${period}`,
      ...waysIn(context, linkId, agency),
    }),
    ...(former === undefined ? {} : { replaces: former.docId }),
  });
  if (issued === null)
    context.log.warn({ incidentId, code: "D16" }, "no agency on record: the party was told without a notice");
  return issued;
}

function waysIn({ config }: ApiContext, linkId: string, { address }: AgencyFacts): DocumentDraft["fields"] {
  const inPerson = address.trim() === "" ? "到本机关当面提出" : `到本机关（${address}）当面提出`;
  return {
    queryCode: linkId,
    queryUrl: `${config.publicUrl}/portal`,
    answerWays: `打开本机关发送的链接在网上提出，或者书面邮寄、${inPerson}`,
  };
}

/** The first record that the case still rests on. */
function recordOf({ evidence }: CaseFile): string | null {
  const records = evidence.filter(({ kind, withdrawn }) => kind === "camera_record" && withdrawn === null);
  return records.find(({ incidentId }) => incidentId !== null)?.incidentId ?? null;
}
