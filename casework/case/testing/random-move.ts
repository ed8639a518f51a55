import { addDays } from "../../clocks/date.ts";
import type { Penalty } from "../../discretion/penalty.ts";
import { amountDue } from "../amount-due.ts";
import { courtEvents, evidenceKinds, serviceMethods } from "../case-file.ts";
import { stepNames } from "../case-table.ts";
import type { CaseStep, StepName, StepOf } from "../step-input.ts";
import { openSteps } from "../take-step.ts";
import type { Scene } from "./move.ts";
import { onTheSpot } from "./on-the-spot.ts";
import { plannedFindings } from "./walk-world.ts";

type Makers = { readonly [Name in StepName]: (scene: Scene) => Omit<StepOf<Name>, "step"> };

/** Any step with any input, by anybody; half of the time one that is open to whoever acts. */
export function randomMove(scene: Scene): { readonly step: CaseStep; readonly who: string } {
  const { file, world, random } = scene;
  const who = random.pick([...world.people.keys(), ...file.handlers, "leader", "party", "system"]);
  const open = openSteps(file, world.actor(who, file));
  const name = random.pick(open.length > 0 && random.chance(0.5) ? open : stepNames);
  return { step: { step: name, ...MAKERS[name](scene) } as CaseStep, who };
}

const MAKERS: Makers = {
  extend_verification: reason,
  set_party: ({ plan }) => ({ party: plan.party }),
  assign_officers: (scene) => ({ officers: people(scene) }),
  add_evidence: ({ world, random }) => {
    const kind = random.pick(Object.keys(evidenceKinds) as (keyof typeof evidenceKinds)[]);
    const named = kind === "camera_record" ? random.chance(0.8) : random.chance(0.1);
    const incidentId = named ? random.pick([...world.records.keys()]) : null;
    return { kind, title: "证据", incidentId, sha256: random.chance(0.8) ? "0".repeat(64) : null };
  },
  verify_evidence: (scene) => ({ evidenceId: evidence(scene), note: text(scene) }),
  withdraw_evidence: (scene) => ({ evidenceId: evidence(scene), reason: text(scene) }),
  submit_filing: (scene) => ({ summary: text(scene) }),
  endorse_filing: nothing,
  approve_filing: nothing,
  decline_filing: (scene) => ({ reason: text(scene), complaintAnswer: null }),
  start_investigation: ({ random }) => ({
    certificateShown: random.chance(0.8),
    recusalAsked: random.chance(0.8),
  }),
  summon: (scene) => ({ at: "2026-01-20 09:00", place: text(scene), videoLink: null, papers: "" }),
  record_interview: (scene) => ({
    person: text(scene),
    identityChecked: scene.random.chance(0.8),
    rightsTold: scene.random.chance(0.8),
    text: text(scene),
    signed: "signed",
    recording: null,
  }),
  record_inspection: (scene) => ({
    place: text(scene),
    text: text(scene),
    partyPresent: false,
    signed: "absent",
  }),
  record_extraction: (scene) => ({ evidenceId: evidence(scene), method: text(scene), proves: text(scene) }),
  ask_recusal: (scene) => ({ personId: someone(scene), reason: text(scene) }),
  decide_recusal: ({ file, random }) => ({
    recusalId: file.recusals.at(-1)?.recusalId ?? "none",
    granted: random.chance(0.4),
  }),
  preserve_evidence: (scene) => ({ items: [text(scene)], reason: text(scene) }),
  resolve_preservation: (scene) => ({
    preservationId: scene.file.preservations.at(-1)?.preservationId ?? "none",
    outcome: text(scene),
  }),
  order_correction: (scene) => ({ what: text(scene), dueOn: day(scene) }),
  recheck_order: (scene) => ({
    orderId: scene.file.orders.at(-1)?.orderId ?? "none",
    corrected: scene.random.chance(0.5),
    note: text(scene),
  }),
  ask_assistance: (scene) => ({ receiver: text(scene), request: text(scene) }),
  suspend: reason,
  resume: reason,
  conclude_investigation: ({ file, plan, world }) => ({ findings: plannedFindings(file, plan, world) }),
  reopen_investigation: reason,
  decide_no_penalty: (scene) => ({ reason: text(scene), education: text(scene) }),
  dismiss: reason,
  terminate: (scene) => ({ reason: scene.random.chance(0.3) ? text(scene) : "" }),
  transfer: (scene) => ({
    to: "agency",
    receiver: scene.random.chance(0.3) ? text(scene) : "",
    reason: text(scene),
  }),
  issue_notice: nothing,
  receive_statement: (scene) => ({
    about: scene.random.pick(["notice", "urging", "record"]),
    text: text(scene),
    via: "portal",
  }),
  review_statement: (scene) => ({
    statementId: scene.file.statements.at(-1)?.statementId ?? "none",
    outcome: scene.random.pick(["adopted", "not_adopted"]),
    reason: text(scene),
  }),
  waive_window: (scene) => ({ note: text(scene) }),
  request_hearing: nothing,
  schedule_hearing: (scene) => ({
    on: day(scene),
    time: "09:30",
    place: "会议室",
    hostId: scene.random.pick(["hearing-host", "host-2", "officer-a"]),
    public: true,
  }),
  conclude_hearing: (scene) => ({
    outcome: scene.random.pick(["held", "no_show", "withdrawn"]),
    report: text(scene),
  }),
  submit_legal_review: nothing,
  conclude_legal_review: (scene) => ({ opinion: scene.random.pick(["agree", "return"]), note: text(scene) }),
  submit_discussion: nothing,
  conclude_discussion: (scene) => ({
    members: people(scene),
    conclusion: scene.random.pick(["agree", "disagree"]),
    note: text(scene),
  }),
  submit_decision: (scene) => ({ penalty: penalty(scene) }),
  endorse_decision: nothing,
  decide: (scene) => ({ reasons: text(scene) }),
  return_decision: reason,
  extend_decision: (scene) => ({
    afterDiscussion: scene.random.chance(0.3),
    members: people(scene),
    reason: text(scene),
  }),
  decide_on_the_spot: (scene) => {
    const { step: _, ...input } = onTheSpot(scene.world, {
      penalty: penalty(scene),
      findings: plannedFindings(scene.file, scene.plan, scene.world),
      presence: scene.random.pick(["in_person", "at_window", "verified_video"]),
      factsTold: scene.random.chance(0.7),
      partyHeard: text(scene),
      certificateShown: scene.random.chance(0.7),
    });
    return input;
  },
  confirm_address: ({ world }) => ({
    channels: [{ channel: "sms", address: "13800000000" }],
    signedOn: world.today,
  }),
  revoke_address: nothing,
  serve: (scene) => service(scene),
  complete_public_notice: ({ file }) => ({ serviceId: file.services.at(-1)?.serviceId ?? "none" }),
  grant_deferral: (scene) => ({
    instalments: [{ dueOn: day(scene), amountFen: owed(scene) }],
    reason: text(scene),
  }),
  record_payment: (scene) => ({
    receiptNo: `R-${scene.random.int(1_000_000)}`,
    paidOn: scene.random.chance(0.7) ? scene.world.today : addDays(scene.world.today, -scene.random.int(20)),
    amountFen: scene.random.pick([owed(scene), Math.ceil(owed(scene) / 3), 1, owed(scene) + 1]),
  }),
  confirm_performance: (scene) => ({ note: text(scene) }),
  mark_overdue: nothing,
  urge: nothing,
  apply_to_court: (scene) => ({ court: text(scene) }),
  record_court: (scene) => ({
    kind: scene.random.pick(Object.keys(courtEvents) as (keyof typeof courtEvents)[]),
    on: scene.world.today,
    note: text(scene),
  }),
  file_review: (scene) => ({
    filedOn: scene.world.today,
    via: scene.random.pick(["this_agency", "review_body"]),
  }),
  forward_review: nothing,
  end_review: (scene) => ({
    kind: scene.random.pick(["upheld", "changed", "revoked", "unlawful", "withdrawn"]),
    receivedOn: scene.world.today,
    note: text(scene),
  }),
  file_suit: (scene) => ({ filedOn: scene.world.today, court: text(scene) }),
  end_suit: (scene) => ({
    kind: scene.random.pick(["upheld", "changed", "revoked", "void", "withdrawn"]),
    on: scene.world.today,
    note: text(scene),
  }),
  change_decision: (scene) => {
    const gone = scene.random.chance(0.3);
    return {
      by: scene.random.pick(["agency", "review_body", "court"]),
      kind: gone ? "revoked" : "changed",
      reason: text(scene),
      penalty: gone ? null : penalty(scene),
    };
  },
  decide_publication: (scene) => ({ publish: scene.random.chance(0.5), reason: text(scene) }),
  withdraw_publication: reason,
  request_closing: nothing,
  endorse_closing: nothing,
  close: nothing,
  archive: nothing,
};

function nothing(): object {
  return {};
}

function text({ random }: Scene): string {
  return random.chance(0.95) ? "如实记录" : " ";
}

function reason(scene: Scene): { reason: string } {
  return { reason: text(scene) };
}

function day({ world, random }: Scene): string {
  return addDays(world.today, random.int(40) - 5);
}

function someone({ world, random }: Scene): string {
  return random.pick([...world.people.keys()]);
}

/** Two or three people, mostly officers, sometimes twice the same. */
function people(scene: Scene): string[] {
  const officers = ["officer-a", "officer-b", "officer-c"];
  return Array.from({ length: 2 + scene.random.int(2) }, () =>
    scene.random.chance(0.7) ? scene.random.pick(officers) : someone(scene),
  );
}

function evidence({ file, random }: Scene): string {
  return file.evidence.length === 0 ? "none" : random.pick(file.evidence).evidenceId;
}

function penalty({ file, world, random }: Scene): Penalty {
  const proposed = file.notice?.proposal.fineFen ?? 20_000;
  const fineFen = random.pick([
    proposed,
    proposed,
    proposed + 100,
    Math.floor(proposed / 2),
    20_000,
    3_000_000,
  ]);
  return { kinds: ["fine"], fineFen, confiscation: null, basisId: world.basisId };
}

function owed({ file, world }: Scene): number {
  return amountDue(file, world.today, world.facts()).unpaidFen;
}

function service({ file, world, random }: Scene): Omit<StepOf<"serve">, "step"> {
  const on = random.chance(0.7) ? world.today : addDays(world.today, -random.int(10));
  return {
    docId: file.documents.length === 0 ? "none" : random.pick(file.documents).docId,
    method: random.pick(Object.keys(serviceMethods) as (keyof typeof serviceMethods)[]),
    attemptedOn: on,
    outcome: random.chance(0.7) ? "served" : "failed",
    on,
    officers: random.chance(0.8) ? file.handlers : ["officer-a", "auxiliary"],
    details: random.chance(0.2)
      ? {}
      : {
          receiver: "张三",
          receiverRole: "本人",
          reason: "当事人拒收",
          witnesses: "王五、赵六",
          channel: "sms",
          address: "13800000000",
          messageId: "m-1",
          arrivalProof: "proof",
          whyNotDirect: "当事人在外地",
          trackingNo: "EMS1",
          slip: "slip",
          entrusted: "某局",
          relayedBy: "某部队",
          postedAt: "公告栏",
          screenshot: "s.png",
        },
  };
}
