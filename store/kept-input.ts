import type { CaseFile } from "../casework/case/case-file.ts";
import type { CaseStep, StepName, StepOf } from "../casework/case/step-input.ts";
import type { Actor } from "../casework/roles.ts";

/**
 * What a step's entry on the timeline keeps of what was asked. That record can never be made smaller, so only ids, dates,
 * choices and amounts are named here: words, names, addresses and how something was served stay in the file.
 */
const kept: { readonly [Name in StepName]: readonly Exclude<keyof StepOf<Name>, "step">[] } = {
  extend_verification: [],
  set_party: [],
  assign_officers: ["officers"],
  add_evidence: ["kind", "incidentId", "sha256", "from"],
  verify_evidence: ["evidenceId"],
  withdraw_evidence: ["evidenceId"],
  submit_filing: ["seriousHarm"],
  endorse_filing: [],
  approve_filing: [],
  decline_filing: [],
  start_investigation: ["certificateShown", "recusalAsked"],
  summon: ["at"],
  record_interview: ["identityChecked", "rightsTold", "signed"],
  record_inspection: ["partyPresent", "signed"],
  record_extraction: ["evidenceId"],
  ask_recusal: ["personId"],
  decide_recusal: ["recusalId", "granted"],
  preserve_evidence: [],
  resolve_preservation: ["preservationId"],
  order_correction: ["dueOn"],
  recheck_order: ["orderId", "corrected"],
  ask_assistance: [],
  suspend: [],
  resume: [],
  conclude_investigation: [],
  reopen_investigation: [],
  decide_no_penalty: [],
  dismiss: [],
  terminate: [],
  transfer: ["to"],
  issue_notice: [],
  receive_statement: ["about", "via"],
  review_statement: ["statementId", "outcome"],
  waive_window: [],
  request_hearing: [],
  schedule_hearing: ["on", "time", "hostId", "public"],
  conclude_hearing: ["outcome"],
  submit_legal_review: [],
  conclude_legal_review: ["opinion"],
  submit_discussion: [],
  conclude_discussion: ["members", "conclusion"],
  submit_decision: [],
  endorse_decision: [],
  decide: [],
  return_decision: [],
  extend_decision: ["afterDiscussion", "members"],
  decide_on_the_spot: ["factsTold", "certificateShown", "presence", "signed", "collectedOnSpot"],
  confirm_address: ["signedOn"],
  revoke_address: [],
  serve: ["docId", "method", "attemptedOn", "outcome", "on", "officers"],
  complete_public_notice: ["serviceId"],
  grant_deferral: ["instalments"],
  record_payment: ["receiptNo", "paidOn", "amountFen"],
  confirm_performance: [],
  mark_overdue: [],
  urge: [],
  apply_to_court: [],
  record_court: ["kind", "on"],
  file_review: ["filedOn", "via"],
  forward_review: [],
  end_review: ["kind", "receivedOn"],
  file_suit: ["filedOn"],
  end_suit: ["kind", "on"],
  change_decision: ["by", "kind"],
  decide_publication: ["publish"],
  withdraw_publication: [],
  request_closing: [],
  endorse_closing: [],
  close: [],
  archive: [],
};

/** Steps whose words are the party's own, whoever writes them down. */
const PARTY_WORDS: readonly StepName[] = ["receive_statement", "decide_on_the_spot", "ask_recusal"];

/** For the timeline's detail; ids that the step gave out lead back to the words in the file. */
export function keptInput(step: CaseStep, before: CaseFile, after: CaseFile): Record<string, unknown> {
  const named: readonly string[] = kept[step.step];
  const input = Object.fromEntries(Object.entries(step).filter(([field]) => named.includes(field)));
  if (step.step === "set_party") return { kind: step.party.kind };
  if (step.step === "confirm_address")
    return { ...input, channels: step.channels.map(({ channel }) => channel) };
  if ("penalty" in step && step.penalty != null) {
    const { kinds, fineFen, basisId } = step.penalty;
    return { ...input, penalty: { kinds, fineFen, basisId } };
  }
  if (step.step === "receive_statement")
    return { ...input, statementId: after.statements.at(before.statements.length)?.statementId };
  return input;
}

/** Why a step was taken, in the words of whoever acts for the agency; null for the party's, which stay in the file. */
export function keptWhy(step: CaseStep, actor: Actor, why: string | null): string | null {
  return actor.kind === "party" || PARTY_WORDS.includes(step.step) ? null : why;
}
