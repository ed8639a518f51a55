import type { CaseFile } from "../../casework/case/case-file.ts";
import type { StepFacts } from "../../casework/case/step-facts.ts";
import { partyRecords } from "../../casework/portal/party-view.ts";
import { readCaseRecord } from "../../store/case-record.ts";
import { NotFoundError } from "../../store/errors.ts";
import { type MaskedRecord, readMaskedRecords } from "../../store/portal-evidence-store.ts";
import type { PartyLink } from "../../store/portal-link-store.ts";
import { readStepFacts } from "../../store/step-facts.ts";
import type { ApiContext } from "../context.ts";
import { actOfLink } from "./portal-route.ts";

/** The case a link opens, with what it is judged by today. */
export async function caseOfLink(
  context: ApiContext,
  link: PartyLink,
): Promise<{ file: CaseFile; facts: StepFacts }> {
  const act = actOfLink(context, link);
  const record = link.caseId === null ? undefined : await readCaseRecord(context.pool, act, link.caseId);
  if (record === undefined) throw new NotFoundError("case", link.caseId ?? "");
  const { file } = record;
  return { file, facts: await readStepFacts(context.pool, act, file, context.casework) };
}

/** The records a link shows: of its case those that stand as evidence, else its own. */
export async function recordsOfLink(context: ApiContext, link: PartyLink): Promise<MaskedRecord[]> {
  if (link.incidentId !== null) return readMaskedRecords(context.pool, [link.incidentId]);
  const { file } = await caseOfLink(context, link);
  return readMaskedRecords(context.pool, partyRecords(file));
}

/** One of them. Throws `NotFoundError` for anybody else's. */
export async function recordOfLink(
  context: ApiContext,
  link: PartyLink,
  incidentId: string,
): Promise<MaskedRecord> {
  const record = (await recordsOfLink(context, link)).find((one) => one.incidentId === incidentId);
  if (record === undefined) throw new NotFoundError("record", incidentId);
  return record;
}
