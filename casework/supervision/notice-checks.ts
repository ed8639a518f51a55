import type { CaseFile, Decision, Notice } from "../case/case-file.ts";
import { servedOn } from "../case/decision-in-force.ts";
import { isHearingDue } from "../case/hearing.ts";
import { isHeavier } from "../case/not-heavier.ts";
import type { LocalDate } from "../clocks/clock.ts";
import { dueAfter, lastDay, latestNotice } from "../clocks/due.ts";
import { type Check, defineCheck, type Found, type SupervisionFacts } from "./finding.ts";

/** Notice, statement and defence, hearing. */
export const noticeChecks: readonly Check[] = [
  defineCheck(
    {
      code: "SP02",
      zh: "未经事先告知或者陈述申辩期未满即作出决定",
      en: "decided without notice, or before the party's time was over",
      basis: ["xzcf:44", "xzcf:45", "xzcf:62"],
    },
    (file, facts) => (file.decision?.simplified === false ? unnoticed(file, file.decision, facts) : []),
  ),
  defineCheck(
    {
      code: "SP03",
      zh: "应告知听证权利未告知，或者听证通知不足期限",
      en: "hearing right not told, or the hearing told too late",
      basis: ["xzcf:63", "xzcf:64"],
    },
    (file, facts) => [...hearingNotTold(file, facts), hearingToldLate(file, facts)],
  ),
  defineCheck(
    {
      code: "SP08",
      zh: "因陈述申辩加重处罚",
      en: "heavier after the party defended itself",
      basis: ["xzcf:45(2)"],
    },
    (file) => [heavierThanNoticed(file), heavierNotice(file)],
  ),
];

function unnoticed(file: CaseFile, decision: Decision, facts: SupervisionFacts): Found[] {
  const { notice } = file;
  const decidedOn = decision.on;
  if (notice === null)
    return [tooEarly("no_notice", "没有作出事先告知", "without any notice", { decidedOn })];
  const evidence = { noticeDocId: notice.docId, issuedOn: notice.issuedOn, decidedOn };
  const found: Found[] = [];
  const told = notice.servedOn ?? servedOn(file, notice.docId);
  if (told === null || told > decidedOn)
    found.push(tooEarly("not_served", "事先告知书没有送达", "before the notice was served", evidence));
  else found.push(...windowOpen(file, notice, told, decidedOn, facts));
  if (isHeavier(decision.penalty, notice.proposal) && hasNewEvidence(file, notice.issuedOn, decidedOn))
    found.push({
      key: "not_noticed_penalty",
      zh: "决定的处罚重于告知的内容，补充证据后没有重新告知。",
      en: "The decision goes beyond what was noticed; new evidence asked for a new notice.",
      evidence: { ...evidence, noticedFen: notice.proposal.fineFen, decidedFen: decision.penalty.fineFen },
    });
  for (const { statementId, receivedOn, about, review } of file.statements) {
    if (about === "urging" || receivedOn > decidedOn || (review !== null && review.on <= decidedOn)) continue;
    found.push({
      ...tooEarly(
        `statement:${statementId}`,
        "当事人的陈述申辩没有复核",
        "before a statement was reviewed",
        evidence,
      ),
      evidence: { ...evidence, statementId, receivedOn },
    });
  }
  return found;
}

function windowOpen(
  file: CaseFile,
  { docId, hearingDocId, waiver }: Notice,
  told: LocalDate,
  decidedOn: LocalDate,
  { parameters, calendar }: SupervisionFacts,
): Found[] {
  const found: Found[] = [];
  const waived = waiver !== null && waiver.on <= decidedOn;
  for (const key of [
    "statement.window",
    ...(hearingDocId === null ? [] : ["hearing.request" as const]),
  ] as const) {
    const until = lastDay(dueAfter(told, parameters.get(key), calendar));
    if (waived || decidedOn > until) continue;
    const evidence = { noticeDocId: docId, servedOn: told, until, decidedOn };
    found.push(
      key === "statement.window"
        ? tooEarly(
            "window",
            `陈述申辩期至${until}未满`,
            `while the party could state until ${until}`,
            evidence,
          )
        : tooEarly(
            "hearing_window",
            `申请听证期至${until}未满`,
            `while a hearing could be asked for until ${until}`,
            evidence,
          ),
    );
  }
  const { hearing } = file;
  if (hearing !== null && hearing.requestedOn <= decidedOn && !((hearing.outcome?.on ?? "9999") <= decidedOn))
    found.push(
      tooEarly("hearing_open", "申请的听证没有举行", "before the hearing asked for was over", {
        requestedOn: hearing.requestedOn,
        decidedOn,
      }),
    );
  return found;
}

function tooEarly(key: string, zh: string, en: string, evidence: Found["evidence"]): Found {
  return { key, zh: `${zh}，即作出处罚决定。`, en: `Decided ${en}.`, evidence };
}

function hearingNotTold(file: CaseFile, { parameters }: SupervisionFacts): Found[] {
  const { notice, decision, party } = file;
  if (notice === null || decision?.simplified === true) return [];
  const penalties = decision === null ? [notice.proposal] : [notice.proposal, decision.penalty];
  if (!penalties.some((penalty) => isHearingDue(penalty, party, parameters))) return [];
  const evidence = {
    noticeDocId: notice.docId,
    fineFen: Math.max(...penalties.map(({ fineFen }) => fineFen)),
  };
  if (notice.hearingDocId === null)
    return [
      {
        key: `not_told:${notice.docId}`,
        zh: "拟处罚已达到听证标准，没有告知当事人听证权利。",
        en: "The penalty gives a right to a hearing and the party was not told.",
        evidence,
      },
    ];
  if (notice.servedOn === null || servedOn(file, notice.hearingDocId) !== null) return [];
  return [
    {
      key: `not_served:${notice.hearingDocId}`,
      zh: "听证告知书没有送达当事人。",
      en: "The notice of the right to a hearing was not served.",
      evidence: { ...evidence, hearingDocId: notice.hearingDocId },
    },
  ];
}

function hearingToldLate(
  { hearing }: CaseFile,
  { parameters, calendar, today }: SupervisionFacts,
): Found | null {
  const scheduled = hearing?.scheduled ?? null;
  if (hearing === null || scheduled === null || hearing.outcome?.kind === "withdrawn") return null;
  const latest = latestNotice(scheduled.on, parameters.get("hearing.notice").count, calendar);
  if ((scheduled.toldOn ?? today) <= latest) return null;
  return {
    key: `told_late:${scheduled.docId}`,
    zh: `听证定于${scheduled.on}举行，应当不迟于${latest}通知，${scheduled.toldOn === null ? "至今没有送达通知" : `实际于${scheduled.toldOn}通知`}。`,
    en: `The hearing of ${scheduled.on} had to be told by ${latest}; it was ${scheduled.toldOn === null ? "not told" : `told on ${scheduled.toldOn}`}.`,
    evidence: { docId: scheduled.docId, on: scheduled.on, latest, toldOn: scheduled.toldOn },
  };
}

function heavierThanNoticed({ notice, decision, ...file }: CaseFile): Found | null {
  if (notice === null || decision === null || !isHeavier(decision.penalty, notice.proposal)) return null;
  if (hasNewEvidence(file, notice.issuedOn, decision.on)) return null;
  return {
    key: `decision:${decision.docId}`,
    zh: "决定的处罚重于告知的内容，其间没有当事人陈述申辩以外的新证据。",
    en: "The decision is heavier than the notice; nothing new but the party's own words came in between.",
    evidence: {
      ...{ noticeDocId: notice.docId, noticedFen: notice.proposal.fineFen },
      ...{ decisionDocId: decision.docId, decidedFen: decision.penalty.fineFen },
    },
  };
}

function heavierNotice(file: CaseFile): Found | null {
  const { notice } = file;
  const before = file.formerNotices.findLast(({ servedOn }) => servedOn !== null);
  if (notice === null || before === undefined || !isHeavier(notice.proposal, before.proposal)) return null;
  if (hasNewEvidence(file, before.issuedOn, notice.issuedOn)) return null;
  return {
    key: `notice:${notice.docId}`,
    zh: "重新告知的处罚重于原告知内容，其间没有当事人陈述申辩以外的新证据。",
    en: "The second notice is heavier than the first; nothing new but the party's own words came in between.",
    evidence: {
      ...{ formerDocId: before.docId, formerFen: before.proposal.fineFen },
      ...{ noticeDocId: notice.docId, noticedFen: notice.proposal.fineFen },
    },
  };
}

function hasNewEvidence(
  { evidence }: Pick<CaseFile, "evidence">,
  after: LocalDate,
  until: LocalDate,
): boolean {
  return evidence.some(
    ({ from, addedOn, withdrawn }) =>
      withdrawn === null && from !== "party" && after < addedOn && addedOn <= until,
  );
}
