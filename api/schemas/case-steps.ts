import { z } from "zod";
import {
  courtEvents,
  evidenceKinds,
  evidenceSources,
  type Party,
  partyKinds,
  serviceMethods,
} from "../../casework/case/case-file.ts";
import type { CaseStep } from "../../casework/case/step-input.ts";
import type { DiscretionFindings } from "../../casework/discretion/findings.ts";
import { type Penalty, penaltyKinds } from "../../casework/discretion/penalty.ts";
import { enumOf, plainText } from "./common.ts";

const id = plainText().min(1).max(120);
const line = plainText().trim().max(500);
const text = plainText().trim().max(10_000);
const date = z.iso.date().meta({ description: "Local date in Asia/Shanghai" });
const fen = z.int().nonnegative().max(100_000_000_000).meta({ description: "Fen (分)" });
const optional = <Schema extends z.ZodType>(schema: Schema) => schema.nullable().default(null);

const party = z
  .strictObject({
    kind: enumOf(partyKinds),
    name: line.min(1),
    idNo: optional(plainText().trim().min(4).max(30)),
    unifiedCode: optional(z.string().regex(/^[0-9A-Z]{18}$/)),
    legalRepresentative: optional(line),
    birthDate: optional(date),
    address: optional(line),
    phone: optional(z.string().regex(/^[\d +()-]{5,30}$/)),
    plate: optional(plainText().trim().min(5).max(12)),
  })
  .meta({ id: "Party" }) satisfies z.ZodType<Party, unknown>;

const penalty = z
  .strictObject({
    kinds: z.array(enumOf(penaltyKinds)).min(1).max(7),
    fineFen: fen,
    confiscation: optional(text),
    basisId: id,
  })
  .meta({ id: "Penalty" }) satisfies z.ZodType<Penalty, unknown>;

/** Below 0: less than the statute's minimum, where a provision lets the penalty be mitigated. */
const permille = z.int().min(-1000).max(1000);
const findings = z
  .strictObject({
    basisId: id,
    ageYears: optional(z.int().min(0).max(150)),
    incapacitated: z.boolean().default(false),
    faultDisproved: z.boolean().default(false),
    firstTime: z.boolean(),
    corrected: z.boolean(),
    refused: optional(z.strictObject({ evidenceIds: z.array(id).min(1).max(50) })),
    harm: z.enum(["none", "slight", "serious"]),
    factors: z.array(z.strictObject({ id, evidenceIds: z.array(id).max(50) })).max(50),
    exemptionDeclined: optional(text),
    weighing: optional(z.strictObject({ tier: z.enum(["light", "general", "heavy"]), reason: text })),
    fractionPermille: optional(permille),
    departure: optional(text),
  })
  .meta({ id: "DiscretionFindings" }) satisfies z.ZodType<DiscretionFindings, unknown>;

const officers = z.array(id).max(20);
const instalments = z
  .array(z.strictObject({ dueOn: date, amountFen: fen }))
  .min(1)
  .max(60);
const channels = z
  .array(z.strictObject({ channel: line.min(1), address: line.min(1) }))
  .min(1)
  .max(10);
const reviewEnds = z.enum(["upheld", "changed", "revoked", "unlawful", "withdrawn"]);
const suitEnds = z.enum(["upheld", "changed", "revoked", "unlawful", "void", "withdrawn"]);
const changeKinds = z.enum(["changed", "revoked", "unlawful", "void"]);
const via = z.enum(["portal", "window", "letter", "oral"]);
const about = z.enum(["notice", "urging", "record"]);
const statementOutcomes = z.enum(["adopted", "partly_adopted", "not_adopted"]);

const step = <Name extends CaseStep["step"], Shape extends z.ZodRawShape>(name: Name, shape: Shape) =>
  z.strictObject({ step: z.literal(name), ...shape }).meta({ title: name });
const withReason = <Name extends CaseStep["step"]>(name: Name) => step(name, { reason: text });
const bare = <Name extends CaseStep["step"]>(name: Name) => step(name, {});

/** One step of a case, by its name; which are open now stands in the case's `steps`. */
export const caseStepBody = z
  .discriminatedUnion("step", [
    withReason("extend_verification"),
    step("set_party", { party }),
    step("assign_officers", { officers }),
    step("add_evidence", {
      kind: enumOf(evidenceKinds),
      title: line.min(1),
      incidentId: optional(id),
      sha256: optional(z.string().regex(/^[0-9a-f]{64}$/)),
      from: enumOf(evidenceSources).default("agency"),
    }),
    step("verify_evidence", { evidenceId: id, note: text }),
    step("withdraw_evidence", { evidenceId: id, reason: text }),
    step("submit_filing", {
      summary: text,
      seriousHarm: z
        .boolean()
        .optional()
        .meta({ description: "Life, health or finance was harmed: five years instead of two" }),
    }),
    bare("endorse_filing"),
    bare("approve_filing"),
    step("decline_filing", { reason: text, complaintAnswer: optional(text) }),
    step("start_investigation", { certificateShown: z.boolean(), recusalAsked: z.boolean() }),
    step("summon", { at: line.min(1), place: line.min(1), videoLink: optional(line), papers: text }),
    step("record_interview", {
      person: line.min(1),
      identityChecked: z.boolean(),
      rightsTold: z.boolean(),
      text: text.min(1),
      signed: z.enum(["signed", "refused"]),
      recording: optional(line),
    }),
    step("record_inspection", {
      place: line.min(1),
      text: text.min(1),
      partyPresent: z.boolean(),
      signed: z.enum(["signed", "refused", "absent"]),
    }),
    step("record_extraction", { evidenceId: id, method: text.min(1), proves: text.min(1) }),
    step("ask_recusal", { personId: id, reason: text }),
    step("decide_recusal", { recusalId: id, granted: z.boolean() }),
    step("preserve_evidence", { items: z.array(line.min(1)).min(1).max(100), reason: text }),
    step("resolve_preservation", { preservationId: id, outcome: text.min(1) }),
    step("order_correction", { what: text.min(1), dueOn: date }),
    step("recheck_order", { orderId: id, corrected: z.boolean(), note: text.min(1) }),
    step("ask_assistance", { receiver: line.min(1), request: text.min(1) }),
    withReason("suspend"),
    withReason("resume"),
    step("conclude_investigation", { findings }),
    withReason("reopen_investigation"),
    step("decide_no_penalty", { reason: text, education: text.min(1) }),
    withReason("dismiss"),
    withReason("terminate"),
    step("transfer", { to: z.enum(["agency", "judicial"]), receiver: line.min(1), reason: text }),
    step("issue_notice", { penalty: penalty.optional() }),
    step("receive_statement", { about, text, via }),
    step("review_statement", { statementId: id, outcome: statementOutcomes, reason: text }),
    step("waive_window", { note: text }),
    bare("request_hearing"),
    step("schedule_hearing", {
      on: date,
      time: z.string().regex(/^\d{2}:\d{2}$/),
      place: line.min(1),
      hostId: id,
      public: z.boolean(),
    }),
    step("conclude_hearing", { outcome: z.enum(["held", "no_show", "withdrawn"]), report: text }),
    bare("submit_legal_review"),
    step("conclude_legal_review", { opinion: z.enum(["agree", "return"]), note: text }),
    bare("submit_discussion"),
    step("conclude_discussion", {
      members: z.array(id).min(1).max(50),
      conclusion: z.enum(["agree", "disagree"]),
      note: text,
    }),
    step("submit_decision", { penalty }),
    bare("endorse_decision"),
    step("decide", { reasons: text }),
    withReason("return_decision"),
    step("extend_decision", {
      afterDiscussion: z.boolean(),
      members: z.array(id).max(50).default([]),
      reason: text,
    }),
    step("decide_on_the_spot", {
      penalty,
      findings,
      factsTold: z.boolean(),
      partyHeard: text,
      certificateShown: z.boolean(),
      presence: z.enum(["in_person", "at_window", "verified_video"]),
      signed: z.enum(["signed", "refused"]),
      collectedOnSpot: z.enum(["no", "small_fine", "hard_to_collect", "remote_area"]),
      collectionReason: optional(text),
    }),
    step("confirm_address", { channels, signedOn: date }),
    bare("revoke_address"),
    step("serve", {
      docId: id,
      method: enumOf(serviceMethods),
      attemptedOn: date,
      outcome: z.enum(["served", "failed"]),
      on: date,
      officers,
      details: z.record(plainText().max(60), text),
    }),
    step("complete_public_notice", { serviceId: id }),
    step("grant_deferral", { instalments, reason: text }),
    step("record_payment", { receiptNo: line.min(1), paidOn: date, amountFen: fen }),
    step("confirm_performance", { note: text }),
    bare("mark_overdue"),
    bare("urge"),
    step("apply_to_court", { court: line.min(1) }),
    step("record_court", { kind: enumOf(courtEvents), on: date, note: text }),
    step("file_review", { filedOn: date, via: z.enum(["this_agency", "review_body"]) }),
    bare("forward_review"),
    step("end_review", { kind: reviewEnds, receivedOn: date, note: optional(text) }),
    step("file_suit", { filedOn: date, court: line.min(1) }),
    step("end_suit", { kind: suitEnds, on: date, note: optional(text) }),
    step("change_decision", {
      by: z.enum(["agency", "review_body", "court"]),
      kind: changeKinds,
      reason: text,
      penalty: optional(penalty),
    }),
    step("decide_publication", { publish: z.boolean(), reason: text }),
    withReason("withdraw_publication"),
    bare("request_closing"),
    bare("endorse_closing"),
    bare("close"),
    bare("archive"),
  ])
  .meta({ id: "CaseStep" });

/** Compiles only while the schema gives exactly the steps the casework knows. */
export const parseCaseStep = (value: unknown): CaseStep => caseStepBody.parse(value) satisfies CaseStep;
