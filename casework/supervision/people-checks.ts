import type { CaseFile } from "../case/case-file.ts";
import { everHandled } from "../case/handling.ts";
import type { LocalDate } from "../clocks/clock.ts";
import { type Check, defineCheck, type Found, type SupervisionFacts } from "./finding.ts";

/** Ways in which officers hand a document over themselves. */
const BY_HAND = ["direct", "leave"];

/** Who acted, and whether they could. */
export const peopleChecks: readonly Check[] = [
  defineCheck(
    {
      code: "SP01",
      zh: "执法人员少于两人或者执法证件无效",
      en: "fewer than two certified officers",
      basis: ["xzcf:42", "xzcf:55"],
    },
    (file, facts) => [...tooFew(file), ...uncertified(file, facts), ...auxiliaries(file, facts)],
  ),
  defineCheck(
    {
      code: "SP09",
      zh: "同一人员兼任不相容职责或者应回避未回避",
      en: "incompatible roles, or a recusal ignored",
      basis: ["xzcf:43", "xzcf:58", "xzcf:64(4)"],
    },
    (file) => [...incompatible(file), ...recusals(file)],
  ),
];

function tooFew(file: CaseFile): Found[] {
  const found: Found[] = [];
  const handlers = [...new Set(file.handlers)];
  const begun = file.filing !== null || file.investigation !== null || file.decision !== null;
  if (begun && handlers.length < 2)
    found.push({
      key: "handlers",
      zh: `本案承办执法人员为${handlers.length}人，少于两人。`,
      en: `The case has ${handlers.length} officer(s) where two are required.`,
      evidence: { handlers },
    });
  for (const { serviceId, docId, method, outcome, attemptedOn, officers } of file.services) {
    if (outcome === "failed" || !BY_HAND.includes(method) || new Set(officers).size > 1) continue;
    found.push({
      key: `service:${serviceId}`,
      zh: `${attemptedOn}的送达由${new Set(officers).size}名执法人员办理，少于两人。`,
      en: `The service of ${attemptedOn} was made by ${new Set(officers).size} officer(s) where two are required.`,
      evidence: { serviceId, docId, attemptedOn, officers },
    });
  }
  return found;
}

/** The days on which somebody acted as an officer. What lies before a case was taken over says nothing about its officers. */
function officerDays(file: CaseFile): Map<string, Set<LocalDate>> {
  const days = new Map<string, Set<LocalDate>>();
  const add = (people: readonly (string | null)[], on: LocalDate | null | undefined) => {
    if (on == null) return;
    for (const userId of people)
      if (userId !== null) days.set(userId, (days.get(userId) ?? new Set()).add(on));
  };
  const { investigation, notice, decision, handlers } = file;
  add(handlers, investigation?.concludedOn ?? investigation?.startedOn);
  add(handlers, notice?.issuedOn);
  if (decision?.simplified === true) add(handlers, decision.on);
  for (const { kind, addedBy, addedOn } of file.evidence)
    if (kind === "inspection_record" || kind === "interview_record") add([addedBy], addedOn);
  for (const { method, officers, attemptedOn } of file.services)
    if (BY_HAND.includes(method)) add(officers, attemptedOn);
  return days;
}

function uncertified(file: CaseFile, facts: SupervisionFacts): Found[] {
  return [...officerDays(file)].flatMap(([userId, days]) => {
    const covered = (day: LocalDate) =>
      facts.certificates(userId).some(({ validFrom, validTo }) => validFrom <= day && day <= validTo);
    const without = [...days].filter((day) => !covered(day)).sort();
    const [first] = without;
    if (first === undefined) return [];
    return [
      {
        key: `certificate:${userId}`,
        zh: `执法人员在办案当日（${without.join("、")}）没有有效的执法证件。`,
        en: `An officer acted without a valid certificate on ${without.join(", ")}.`,
        evidence: { userId, days: without },
      },
    ];
  });
}

function auxiliaries(file: CaseFile, facts: SupervisionFacts): Found[] {
  return [...new Set(file.handlers)].flatMap((userId) => {
    const roles = facts.person(userId)?.roles ?? [];
    if (!roles.includes("auxiliary") || roles.includes("officer")) return [];
    return [
      {
        key: `auxiliary:${userId}`,
        zh: "协管人员被列为本案承办执法人员。",
        en: "An auxiliary stands among the officers of the case.",
        evidence: { userId },
      },
    ];
  });
}

/** Approvals of the case by the level they were given on. On the spot the officers themselves decide. */
function approvals(file: CaseFile) {
  const { filing, decisionProposal, decision, closing, payment } = file;
  return [
    { stage: "filing", zh: "立案", people: [filing?.endorsedBy, filing?.filedBy] },
    {
      stage: "decision",
      zh: "处罚决定",
      people: [decisionProposal?.endorsedBy, decision?.simplified === false ? decision.by : null],
    },
    { stage: "deferral", zh: "延期（分期）缴纳", people: [payment?.deferral?.approvedBy] },
    { stage: "closing", zh: "结案", people: [closing?.endorsedBy, closing?.closedBy] },
  ].map(({ people, ...stage }) => ({
    ...stage,
    people: people.filter((someone) => typeof someone === "string"),
  }));
}

/** A handler who reviews is told by SP04. */
function incompatible(file: CaseFile): Found[] {
  const handled = everHandled(file);
  const found: Found[] = [];
  for (const { stage, zh, people } of approvals(file)) {
    for (const userId of new Set(people.filter((someone) => handled.has(someone))))
      found.push({
        key: `approver:${stage}:${userId}`,
        zh: `承办过本案的人员审批了${zh}。`,
        en: `Somebody who handled the case approved its ${stage}.`,
        evidence: { userId, stage },
      });
    if (new Set(people).size < people.length)
      found.push({
        key: `levels:${stage}`,
        zh: `${zh}的两级审批由同一人作出。`,
        en: `Both levels of approval of the ${stage} came from one person.`,
        evidence: { stage, people },
      });
  }
  const host = file.hearing?.scheduled?.hostId;
  if (host === undefined) return found;
  const reviews = file.legalReviews.some(({ reviewer }) => reviewer === host);
  if (handled.has(host) || reviews)
    found.push({
      key: `host:${host}`,
      zh: `听证主持人是本案${reviews ? "法制审核人员" : "调查人员"}。`,
      en: `The hearing host is ${reviews ? "the legal reviewer" : "an officer"} of this case.`,
      evidence: { userId: host },
    });
  return found;
}

function recusals(file: CaseFile): Found[] {
  const { decision } = file;
  return file.recusals.flatMap(({ recusalId, personId, askedOn, decision: ruling }): Found[] => {
    const evidence = { recusalId, personId, askedOn };
    if (decision !== null && askedOn <= decision.on && (ruling === null || ruling.on > decision.on))
      return [
        {
          key: `recusal_open:${recusalId}`,
          zh: `${askedOn}的回避申请尚未决定，即于${decision.on}作出处罚决定。`,
          en: `The case was decided on ${decision.on} before the recusal asked for on ${askedOn} was.`,
          evidence: { ...evidence, decidedOn: decision.on },
        },
      ];
    if (ruling?.granted !== true) return [];
    const acts = actsAfter(file, personId, ruling.on);
    if (acts.length === 0) return [];
    return [
      {
        key: `recusal:${recusalId}`,
        zh: `${ruling.on}已决定回避的人员仍在办理本案。`,
        en: `Somebody recused on ${ruling.on} goes on acting in the case.`,
        evidence: { ...evidence, granted: ruling.on, acts },
      },
    ];
  });
}

/** What somebody has done after a day, by name of the act. */
function actsAfter(file: CaseFile, userId: string, day: LocalDate): string[] {
  const did: readonly (readonly [string, boolean])[] = [
    ["handler", file.handlers.includes(userId)],
    ["evidence", file.evidence.some(({ addedBy, addedOn }) => addedBy === userId && addedOn > day)],
    ["verification", file.evidence.some(({ verified }) => verified?.by === userId && verified.on > day)],
    [
      "service",
      file.services.some(({ officers, attemptedOn }) => officers.includes(userId) && attemptedOn > day),
    ],
    ["legal_review", file.legalReviews.some(({ reviewer, on }) => reviewer === userId && (on ?? "") > day)],
    ["hearing", file.hearing?.scheduled?.hostId === userId && (file.hearing.outcome?.on ?? "") > day],
    ["decision", file.decision?.by === userId && file.decision.on > day],
  ];
  return did.filter(([, holds]) => holds).map(([name]) => name);
}
