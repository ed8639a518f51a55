import { phrase, sentence } from "../format-zh.ts";
import {
  type CaseEvidence,
  caseSources,
  caseStates,
  type DocumentSource,
  evidenceKinds,
  formatDateZh,
  formatZh,
  isDismissed,
  nameOf,
  type OfCase,
  ownEntry,
} from "../source.ts";
import type { FieldValues } from "../template.ts";

/** 案由、事实、证据、承办人员 */
export function actFields(source: OfCase): FieldValues {
  const { file } = source;
  const { act, investigation } = file;
  const order = ownEntry(file.orders, source);
  const preservation = ownEntry(file.preservations, source);
  const evidence = file.evidence.filter(
    ({ evidenceId, withdrawn }) =>
      withdrawn === null && (source.evidenceIds === undefined || source.evidenceIds.includes(evidenceId)),
  );
  const lines = evidence.map((item) => evidenceLine(item));
  return {
    caseNo: file.caseNo,
    caseSource: caseSources[file.source],
    caseState: caseStates[file.state],
    ground: file.groundNote,
    openedOn: file.openedOn,
    openedBy: nameOf(source, file.openedBy),
    actTime: actTime(act),
    actPlace: act.place,
    facts: sentence(act.summary),
    ...officerFields(source),
    evidence: lines,
    // Where the facts could not be established nothing proves them.
    proof: isDismissed(file) ? null : lines,
    evidenceRows: evidence.map((item, index) => evidenceRow(item, index, source)),
    fromCameras: evidence.some(({ kind }) => kind === "camera_record") ? "是" : null,
    ...extractedFields(source),
    evidenceCount: evidence.length === 0 ? null : String(evidence.length),
    investigationStartedOn: investigation?.startedOn,
    investigationConcludedOn: investigation?.concludedOn ?? null,
    certificateShown: said(investigation?.certificateShown, "已出示执法证件并表明身份", "未出示"),
    recusalTold: said(investigation?.recusalAsked, "已告知申请回避的权利", "未告知"),
    recusals: file.recusals.map(({ personId, reason, decision }) => {
      const outcome = decision === null ? "尚未决定" : decision.granted ? "准予回避" : "不予回避";
      return `申请${nameOf(source, personId) ?? personId}回避，理由：${reason}（${outcome}）`;
    }),
    orderWhat: sentence(order?.what ?? ""),
    orderDueOn: order?.dueOn,
    orderResult: order?.recheck === null || order === undefined ? null : recheckZh(order.recheck),
    preservedItems: preservation?.items,
    preservedRows: preservation?.items.map((item, index) => [String(index + 1), item, ""]),
    preservationReason: phrase(preservation?.reason ?? ""),
  };
}

/** Those who handle the case with their certificates; not filled while one of them is unknown or has none. */
function officerFields(source: OfCase): FieldValues {
  const people = source.file.handlers.map((userId) => source.people(userId));
  const lines = people.flatMap((person) =>
    person === undefined || person.certificate === null
      ? []
      : [`${person.displayName}（执法证号：${person.certificate.no}）`],
  );
  if (lines.length === 0 || lines.length < people.length) return {};
  return { officers: lines, officerNames: people.map((person) => person?.displayName ?? "").join("、") };
}

/** The item whose extraction is explained. */
function extractedFields(source: OfCase): FieldValues {
  const { file, draft } = source;
  const item = file.evidence.find(({ evidenceId }) => evidenceId === draft.fields.evidenceId);
  if (item === undefined) return {};
  return {
    evidenceTitle: evidenceLine(item),
    evidenceHash: item.sha256,
    extractedBy: nameOf(source, item.addedBy),
    extractedOn: item.addedOn,
  };
}

function evidenceLine({ kind, title }: CaseEvidence): string {
  const name = evidenceKinds[kind];
  return title.includes(name) ? title : `${name}：${title}`;
}

function evidenceRow(item: CaseEvidence, index: number, source: DocumentSource): string[] {
  const by = nameOf(source, item.addedBy);
  const added = `${formatDateZh(item.addedOn)}${by === null ? "" : `\n${by}`}`;
  const verified = item.verified === null ? "" : `${formatDateZh(item.verified.on)} ${item.verified.note}`;
  return [String(index + 1), evidenceKinds[item.kind], item.title, added, verified];
}

function actTime({ startedAt, endedAt }: OfCase["file"]["act"]): string {
  const [from, to] = [timeZh(startedAt), timeZh(endedAt)];
  if (from === to) return from;
  const day = from.slice(0, from.indexOf("日") + 1);
  return `${from}至${to.startsWith(day) ? to.slice(day.length) : to}`;
}

/** `2026年3月10日9时05分` */
function timeZh(at: OfCase["file"]["act"]["startedAt"]): string {
  return formatZh(at).replace(/ 0?(\d+):(\d\d)$/, "$1时$2分");
}

function recheckZh({ on, corrected, note }: { on: string; corrected: boolean; note: string }): string {
  return `${formatDateZh(on)}复查：${corrected ? "已改正" : "未改正"}。${sentence(note)}`;
}

function said(value: boolean | undefined, yes: string, no: string): string | null {
  return value === undefined ? null : value ? yes : no;
}
