import type { CaseFile } from "../case/case-file.ts";
import { penaltyInForce } from "../case/decision-in-force.ts";
import { asksForChange } from "../case/remedies.ts";
import type { LocalDate } from "../clocks/clock.ts";
import { formatDateZh } from "../clocks/date.ts";
import { dueAfter, lastDay } from "../clocks/due.ts";
import { amountZh } from "../documents/amount-zh.ts";
import { isMinor, personalDataIn, personalDataKinds, publicName } from "../publication/redact.ts";
import { reliedOn } from "./act-checks.ts";
import { type Check, defineCheck, type Found, type Published, type SupervisionFacts } from "./finding.ts";

/** What has to be public, and what must not be (公示). */
export const publicityChecks: readonly Check[] = [
  defineCheck(
    {
      code: "SU01",
      zh: "逾期未作出公示决定",
      en: "no decision about publication in time",
      basis: ["xzcf:48", "gb118"],
    },
    (file, facts) => [undecided(file, facts)],
  ),
  defineCheck(
    {
      code: "SU02",
      zh: "决定变更后仍在公示",
      en: "a changed decision still in public",
      basis: ["xzcf:48(2)"],
    },
    (file, facts) => [stillPublic(file, facts)],
  ),
  defineCheck(
    {
      code: "SU03",
      zh: "公示内容含有未脱敏的个人信息",
      en: "personal data in public",
      basis: ["xzcf:50", "grxx"],
    },
    (file, { published }) => (published === null ? [] : [personalData(file, published)]),
  ),
  defineCheck(
    {
      code: "SU04",
      zh: "公示内容与处罚决定不一致",
      en: "what is public differs from the decision",
      basis: ["xzcf:48"],
    },
    (file, facts) => (facts.published === null ? [] : [differs(file, facts.published, facts)]),
  ),
  defineCheck(
    {
      code: "SU05",
      zh: "裁量基准或者监控设备地点未公布",
      en: "benchmark or camera not public",
      basis: ["xzcf:34", "xzcf:41"],
    },
    (file, facts) => [unpublishedBenchmark(file, facts), ...unlistedCameras(file, facts)],
  ),
];

function undecided(file: CaseFile, { parameters, calendar, today }: SupervisionFacts): Found | null {
  const { decision, publication } = file;
  if (decision === null || publication !== null || penaltyInForce(file) === null) return null;
  const until = lastDay(dueAfter(decision.on, parameters.get("publication.decide"), calendar));
  if (today <= until) return null;
  return {
    key: `decision:${decision.docId}`,
    zh: `${decision.on}作出的处罚决定应当于${until}前决定是否公示，至今没有决定。`,
    en: `Whether to publish the decision of ${decision.on} had to be decided by ${until}; it was not.`,
    evidence: { docId: decision.docId, decidedOn: decision.on, until },
  };
}

/** Days on which the decision was changed, or a review body or a court said that it has to be. */
function changeDays(file: CaseFile): LocalDate[] {
  return [
    ...file.changes.map(({ on }) => on),
    ...file.reviews.flatMap(({ outcome }) =>
      outcome !== null && asksForChange(outcome.kind) ? [outcome.receivedOn] : [],
    ),
    ...file.litigations.flatMap(({ outcome }) =>
      outcome !== null && asksForChange(outcome.kind) ? [outcome.on] : [],
    ),
  ].sort();
}

/** What was put up after the change is the changed decision itself, unless nothing of it is left. */
function stillPublic(file: CaseFile, facts: SupervisionFacts): Found | null {
  const { publication } = file;
  const shown = (publication?.publish === true && publication.withdrawn === null) || facts.published !== null;
  if (!shown) return null;
  const gone = penaltyInForce(file) === null;
  const since = publication?.withdrawn === null ? publication.on : "";
  const changedOn = changeDays(file).find((on) => gone || since <= on);
  if (changedOn === undefined) return null;
  const until = lastDay(dueAfter(changedOn, facts.parameters.get("publication.withdraw"), facts.calendar));
  if (facts.today <= until) return null;
  return {
    key: `changed:${changedOn}`,
    zh: `处罚决定于${changedOn}变更（撤销、确认违法或者无效），应当于${until}前撤回公示，至今仍在公示。`,
    en: `The decision was changed on ${changedOn} and had to leave the public by ${until}; it is still there.`,
    evidence: { changedOn, until, publishedOn: publication?.on ?? null },
  };
}

function personalData(file: CaseFile, { text, imagesMasked }: Published): Found | null {
  const kinds = personalDataIn(text, file.party).map((kind) => personalDataKinds[kind]);
  const minor = isMinor(file.party, file.act.endedAt);
  const what = [...kinds, ...(imagesMasked ? [] : ["未遮挡的图像"]), ...(minor ? ["未成年人案件"] : [])];
  if (what.length === 0) return null;
  return {
    key: "published",
    zh: `公示内容含有：${what.join("、")}。`,
    en: `What is in public holds personal data (${what.length} kind(s)); mask it or take it down.`,
    evidence: { kinds: what, imagesMasked, minor },
  };
}

/** What of the decision has to be found in what is public about it. */
function differs(file: CaseFile, { text }: Published, { agency }: SupervisionFacts): Found | null {
  const { decision, documents, party } = file;
  const penalty = penaltyInForce(file);
  if (decision === null)
    return {
      key: "published",
      zh: "没有处罚决定，却有公示内容。",
      en: "Something is in public though there is no decision.",
      evidence: { missing: ["decision"] },
    };
  const number = documents.find(({ docId }) => docId === decision.docId)?.number ?? "";
  const expected: readonly (readonly [string, string])[] = [
    ["number", number],
    ["party", publicName(party)],
    ["agency", agency.zh],
    ["date", formatDateZh(decision.on)],
    ["fine", penalty === null || penalty.fineFen === 0 ? "" : amountZh(penalty.fineFen)],
  ];
  const missing = expected.filter(([, part]) => !text.includes(part)).map(([name]) => name);
  if (missing.length === 0) return null;
  return {
    key: "published",
    zh: `公示内容与处罚决定不一致（${missing.map((name) => PARTS[name] ?? name).join("、")}）。`,
    en: `What is in public differs from the decision: ${missing.join(", ")}.`,
    evidence: { docId: decision.docId, missing },
  };
}

const PARTS: Readonly<Record<string, string>> = {
  number: "文号",
  party: "被处罚人",
  agency: "决定机关",
  date: "决定日期",
  fine: "罚款数额",
};

function unpublishedBenchmark({ decision, computation }: CaseFile, facts: SupervisionFacts): Found | null {
  if (decision === null || facts.benchmarkPublished) return null;
  const { basisId } = decision.penalty;
  return {
    key: `benchmark:${basisId}`,
    zh: "裁量所用的裁量权基准没有向社会公布。",
    en: "The benchmark that the penalty was weighed by is not public.",
    evidence: { basisId, version: computation?.benchmarkVersion ?? null },
  };
}

function unlistedCameras(file: CaseFile, facts: SupervisionFacts): Found[] {
  const cameras = file.evidence.flatMap((item) => {
    if (item.kind !== "camera_record" || item.withdrawn !== null || item.incidentId === null) return [];
    return reliedOn(file, item, facts) ? (facts.record(item.incidentId)?.cameraId ?? []) : [];
  });
  return [...new Set(cameras)]
    .filter((cameraId) => !facts.cameraListed(cameraId))
    .map((cameraId) => ({
      key: `camera:${cameraId}`,
      zh: "所用监控设备没有列入向社会公布的设备名单。",
      en: "A camera that was used does not stand in the public list.",
      evidence: { cameraId },
    }));
}
