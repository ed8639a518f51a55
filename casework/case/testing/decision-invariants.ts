import { addYears } from "../../clocks/date.ts";
import { dueAfter, isLate } from "../../clocks/due.ts";
import { localDate } from "../../local-time.ts";
import type { StepName } from "../step-input.ts";
import {
  authorityOf,
  counting,
  decides,
  differ,
  type Invariants,
  isCertifiedOfficer,
  isLateAfter,
  isUnit,
  standing,
} from "./moment.ts";

/** Steps by which somebody judges the case. */
export const JUDGING: readonly StepName[] = [
  "endorse_filing",
  "approve_filing",
  "conclude_legal_review",
  "conclude_hearing",
  "endorse_decision",
  "decide",
  "endorse_closing",
  "close",
];
const OFFICERS_ONLY: readonly StepName[] = [
  "set_party",
  "add_evidence",
  "verify_evidence",
  "withdraw_evidence",
  "submit_filing",
  "start_investigation",
  "conclude_investigation",
  "issue_notice",
  "submit_decision",
  "decide_on_the_spot",
  "urge",
];
const CERTIFIED_DAYS: readonly StepName[] = [
  "submit_filing",
  "approve_filing",
  "start_investigation",
  "conclude_investigation",
  "issue_notice",
  "decide",
  "decide_on_the_spot",
  "urge",
];
const RECUSED_DAYS: readonly StepName[] = [
  "assign_officers",
  "start_investigation",
  "summon",
  "record_interview",
  "conclude_investigation",
  "decide",
];

/** What must hold on the way to a decision. */
export const decisionInvariants: Invariants = {
  "from the filing on there are two different officers": ({ after }) =>
    (after.filing === null && after.decision === null) || new Set(after.handlers).size >= 2,
  "only officers are assigned, with a certificate valid that day": ({ after, step, world }) =>
    step.step !== "assign_officers" || after.handlers.every((userId) => isCertifiedOfficer(userId, world)),
  "two levels of approval come from two people": ({ after }) =>
    differ(after.filing?.endorsedBy, after.filing?.filedBy) &&
    (after.decision?.simplified !== false || differ(after.decisionProposal?.endorsedBy, after.decision.by)) &&
    differ(after.closing?.endorsedBy, after.closing?.closedBy),
  "nothing is filed, decided or closed without the first of them": ({ before, step }) =>
    (step.step !== "approve_filing" || typeof before.filing?.endorsedBy === "string") &&
    (step.step !== "decide" || typeof before.decisionProposal?.endorsedBy === "string") &&
    (step.step !== "close" || typeof before.closing?.endorsedBy === "string"),
  "whoever handled the case never judges it, and the other way round": ({ handled, judged }) =>
    [...judged].every((userId) => !handled.has(userId)),
  "an auxiliary never appears in any role": ({ after }) =>
    !JSON.stringify({ ...after, recusals: [] }).includes('"auxiliary"'),
  "nothing is filed on a camera's record alone unless it is evidence": ({ after, step, world }) =>
    step.step !== "approve_filing" || counting(after, world).length > 0,
  "no decision rests on cameras alone, unless one of them may stand alone": ({ after, step, world }) =>
    !decides(step) ||
    counting(after, world).some(
      ({ kind, incidentId }) =>
        kind !== "camera_record" || authorityOf(incidentId, world) === "sole_evidence",
    ),
  "no decision rests on evidence that nobody verified or that was not confirmed": ({ after, step, world }) =>
    !decides(step) ||
    standing(after).every(
      ({ verified, kind, incidentId }) =>
        verified !== null &&
        (kind !== "camera_record" || world.records.get(incidentId ?? "")?.confirmed === true),
    ),
  "no decision without a served notice and its windows closed or waived": ({ after, step, world }) => {
    if (step.step !== "decide") return true;
    const { notice } = after;
    if (typeof notice?.servedOn !== "string") return false;
    return notice.waiver !== null || isLateAfter(notice.servedOn, 5, world);
  },
  "no decision with a hearing asked for and not over, or without the right to it told": ({ after, step }) =>
    step.step !== "decide" ||
    ((after.hearing === null || after.hearing.outcome !== null) &&
      ((after.decision?.penalty.fineFen ?? 0) < (isUnit(after) ? 5_000_000 : 500_000) ||
        typeof after.notice?.hearingDocId === "string")),
  "no hearing without seven working days' notice": ({ after, step, world }) => {
    if (step.step !== "conclude_hearing" || step.outcome === "withdrawn") return true;
    const toldOn = after.hearing?.scheduled?.toldOn ?? null;
    if (toldOn === null) return false;
    const earliest = dueAfter(toldOn, { count: 7, unit: "WD" }, world.calendar).strictDue;
    return (after.hearing?.scheduled?.on ?? "") >= earliest;
  },
  "no decision without a passed legal review where one was held or asked for": ({ after, step }) =>
    step.step !== "decide" ||
    (after.hearing?.outcome?.kind !== "held" && after.legalReviews.length === 0) ||
    after.legalReviews.at(-1)?.opinion === "agree",
  "no decision with a statement that nobody reviewed": ({ after, step }) =>
    step.step !== "decide" || after.statements.every(({ review }) => review !== null),
  "no decision after the time to decide": ({ before, step, world }) =>
    step.step !== "decide" ||
    before.clocks.some(
      (clock) => clock.kind === "decision" && clock.state === "running" && !isLate(clock, world.today),
    ),
  "fines are whole, inside the range, and never above what was told": ({ after, world }) => {
    const fine = after.decision?.penalty.fineFen;
    if (fine === undefined) return true;
    const told = after.decision?.simplified === true ? 20_000 : (after.notice?.proposal.fineFen ?? -1);
    const limit = after.decision?.simplified === true && isUnit(after) ? 300_000 : told;
    const highest = Math.max(...world.matter.bases.map(({ maxFen }) => maxFen));
    return Number.isSafeInteger(fine) && fine >= 0 && fine <= highest && fine <= limit;
  },
  "what only the case's officers may do, one of them did": ({ before, step, who }) =>
    !OFFICERS_ONLY.includes(step.step) || before.handlers.includes(who),
  "whoever reviews the law is qualified": ({ step, who, world }) =>
    step.step !== "conclude_legal_review" || world.people.get(who)?.legalQualification === true,
  "every officer's certificate was valid on the days that count": ({ after, step, world }) =>
    !CERTIFIED_DAYS.includes(step.step) ||
    after.handlers.every((userId) => isCertifiedOfficer(userId, world)),
  "nobody who was recused goes on": ({ after, step, who }) => {
    const recused = after.recusals
      .filter(({ decision }) => decision?.granted === true)
      .map(({ personId }) => personId);
    const handlers = RECUSED_DAYS.includes(step.step) ? after.handlers : [];
    const judge = [...JUDGING, "suspend", "terminate", "dismiss"].includes(step.step) ? [who] : [];
    return [...handlers, ...judge].every((userId) => !recused.includes(userId));
  },
  "nothing is filed that is none of the agency's business, too old, or fined already": ({
    after,
    step,
    world,
  }) =>
    (step.step !== "approve_filing" && step.step !== "decide_on_the_spot") ||
    (world.agency.powers.includes(world.matter.key) &&
      world.matter.penaltyPossible &&
      world.earlierDecisions.every(({ fineFen }) => fineFen === 0) &&
      addYears(localDate(after.act.endedAt), 2) >= world.today),
  "nobody is told or decided about without being known": ({ after }) =>
    (after.notice === null && after.decision === null) || after.party !== null,
  "an investigation ends with everything verified, given back and weighed": ({ after, step }) =>
    step.step !== "conclude_investigation" ||
    (standing(after).every(({ verified }) => verified !== null) &&
      after.preservations.every(({ resolved }) => resolved !== null) &&
      after.computation !== null),
  "one act, one case: another decision about it ends the investigation without one": ({ step, world }) =>
    step.step !== "conclude_investigation" || world.earlierDecisions.length === 0,
  "an interview begins with identity and rights": ({ step }) =>
    step.step !== "record_interview" || (step.identityChecked && step.rightsTold),
  "certificates are shown first": ({ step }) => !("certificateShown" in step) || step.certificateShown,
  "no notice without an order to correct, unless it was corrected": ({ after, step }) =>
    step.step !== "issue_notice" ||
    after.findings?.corrected === true ||
    after.orders.some(({ servedOn, recheck }) => servedOn !== null || recheck?.corrected === true),
  "no decision rests on a text that nobody has verified or a figure that nobody has confirmed": ({
    step,
    world,
  }) =>
    !decides(step) ||
    (world.matter.bases.every(({ verifiedOn }) => verifiedOn !== null) &&
      (step.step === "decide_on_the_spot" || !world.unconfirmed.includes("hearing.threshold.person"))),
  "who corrected a minor violation without harm is not penalised": ({ after, step }) =>
    !decides(step) || after.findings?.corrected !== true || after.findings.harm !== "none",
  "the fine is the computed one, or somebody said why not": ({ after, step }) =>
    !decides(step) ||
    (after.computation !== null &&
      after.decision !== null &&
      after.computation.tier !== "none" &&
      after.decision.penalty.fineFen >= after.computation.lowerFen &&
      after.decision.penalty.fineFen <= after.computation.upperFen),
  "on the spot: there, told, heard, and little": ({ step, after }) =>
    step.step !== "decide_on_the_spot" ||
    (step.presence === "in_person" &&
      step.factsTold &&
      step.partyHeard.trim() !== "" &&
      step.penalty.fineFen <= (isUnit(after) ? 300_000 : 20_000)),
  "what is serious was discussed and agreed": ({ after, step }) =>
    step.step !== "decide" ||
    (after.computation?.tier !== "heavy" && after.notice?.hearingDocId === null) ||
    after.discussions.at(-1)?.conclusion === "agree",
  "hearings are asked for in time and led by somebody from outside": ({ before, after, step, who, world }) =>
    step.step === "request_hearing"
      ? !isLateAfter(before.notice?.servedOn ?? "", 5, world)
      : step.step !== "conclude_hearing" || !after.handlers.includes(who),
};
