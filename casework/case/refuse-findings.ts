import type { LocalDate } from "../clocks/clock.ts";
import type { DiscretionFindings } from "../discretion/findings.ts";
import { localDate } from "../local-time.ts";
import type { Refusal } from "../refusal.ts";
import { birthDateInId, birthDateOf } from "./birth-date.ts";
import type { CaseFile } from "./case-file.ts";
import { wasCorrectedInTime } from "./corrected-in-time.ts";
import { standingEvidence } from "./evidence-standing.ts";
import { firstOf } from "./handling.ts";
import type { StepFacts } from "./step-facts.ts";

/** What the file or an earlier case says otherwise than the findings; the file is what counts. */
export function refuseFindings(
  file: CaseFile,
  findings: DiscretionFindings,
  facts: StepFacts,
): Refusal | null {
  return firstOf(
    refuseEvidence(file, findings),
    refuseAge(file, findings),
    findings.corrected || !wasCorrectedInTime(file) ? null : correctedInTime,
    refuseFirstTime(file, findings, facts),
  );
}

/** A fact counts by evidence that is in the file, still stands and was verified (行政处罚法 46). */
function refuseEvidence(file: CaseFile, { factors, refused }: DiscretionFindings): Refusal | null {
  if (refused?.evidenceIds.length === 0) return refusalUnproved;
  const proven = new Set(
    standingEvidence(file)
      .filter(({ verified }) => verified !== null)
      .map(({ evidenceId }) => evidenceId),
  );
  const named = [...factors, ...(refused === null ? [] : [refused])].flatMap(
    ({ evidenceIds }) => evidenceIds,
  );
  const missing = named.find((id) => !proven.has(id));
  if (missing === undefined) return null;
  return {
    code: "discretion.evidence_unknown",
    article: "xzcf:46(2)",
    messageZh: `裁量情节所依据的证据（${missing}）不在卷、已撤销或未查证，请核对。`,
    messageEn: `A fact rests on evidence (${missing}) that is not in the file, was withdrawn or not verified.`,
  };
}

/** Full years on the day the act ended have to match what is known of the party's birth (行政处罚法 30). */
function refuseAge({ party, act }: CaseFile, { ageYears }: DiscretionFindings): Refusal | null {
  if (party === null) return null;
  const born = birthDateOf(party);
  if (born === null) return party.kind === "person" && ageYears === null ? ageRequired : null;
  const byId = birthDateInId(party.idNo);
  if (byId !== null && byId !== born) return birthDateDiffers;
  const age = fullYears(born, localDate(act.endedAt));
  if (age === ageYears) return null;
  return {
    code: "discretion.age_differs",
    article: "xzcf:30",
    messageZh: `按登记的出生日期或者身份证号码，当事人违法时年满${age}周岁，与裁量事实不一致，请核对。`,
    messageEn: `By the date of birth or the id number on file the party was ${age} on the day of the act; correct the findings.`,
  };
}

function fullYears(born: LocalDate, on: LocalDate): number {
  const hadBirthday = on.slice(5) >= born.slice(5);
  return Number(on.slice(0, 4)) - Number(born.slice(0, 4)) - (hadBirthday ? 0 : 1);
}

/** Another act of the same kind that was penalised before this one began. */
function refuseFirstTime(
  file: CaseFile,
  { firstTime }: DiscretionFindings,
  { earlierDecisions }: StepFacts,
): Refusal | null {
  const earlier = earlierDecisions.find(
    ({ caseId, letOff, actStartedAt }) =>
      caseId !== file.caseId && !letOff && actStartedAt < file.act.startedAt,
  );
  if (!firstTime || earlier === undefined) return null;
  return {
    code: "discretion.not_first_time",
    article: "xzcf:33(1)",
    messageZh: `案件${earlier.caseId}已于${earlier.decidedOn}对当事人的同类违法行为作出处罚，不能认定为初次违法，请核对。`,
    messageEn: `Case ${earlier.caseId} penalised the party for the same matter on ${earlier.decidedOn}: this is not the first time; correct the findings.`,
  };
}

const refusalUnproved: Refusal = {
  code: "discretion.refusal_unproved",
  article: "xzcf:46",
  messageZh: "认定当事人不在现场或者拒绝改正的，应当有证据证明，请选择相应证据或者取消该项认定。",
  messageEn: "That the party was absent or refused has to be proved: name the evidence, or leave it out.",
};

const correctedInTime: Refusal = {
  code: "discretion.corrected_in_time",
  article: "xzcf:33(1)",
  messageZh: "责令改正的复查记录表明当事人已在期限内改正，不得认定为未及时改正，请核对。",
  messageEn: "The re-check of the order found it obeyed in time: the findings cannot say otherwise.",
};

const ageRequired: Refusal = {
  code: "discretion.age_required",
  article: "xzcf:30",
  messageZh: "当事人为自然人的，应当查明其违法时的年龄，请登记身份证号码、出生日期或者填写年龄。",
  messageEn: "A person's age on the day of the act has to be known: enter id number, date of birth or age.",
};

const birthDateDiffers: Refusal = {
  code: "discretion.birth_date_differs",
  article: "xzcf:30",
  messageZh: "登记的出生日期与身份证号码不一致，请核对并更正当事人信息。",
  messageEn: "The date of birth on file is not the one in the id number; check it and correct the party.",
};
