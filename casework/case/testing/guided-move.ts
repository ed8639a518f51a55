import { addDays, daysBetween } from "../../clocks/date.ts";
import { isLate } from "../../clocks/due.ts";
import type { CaseFile } from "../case-file.ts";
import type { CaseState } from "../case-states.ts";
import { decisionDocId } from "../decision-in-force.ts";
import type { CaseStep } from "../step-input.ts";
import { fine, warningOnly } from "./builders.ts";
import { collect, enforce, finish } from "./guided-ending.ts";
import { by, byHandler, type Move, type Scene, serve } from "./move.ts";
import { onTheSpot } from "./on-the-spot.ts";
import { plannedFindings } from "./walk-world.ts";
import type { TestWorld } from "./world.ts";

const AFTER_NOTICE: readonly CaseState[] = [
  "investigated",
  "notice_served",
  "statement_review",
  "hearing",
  "legal_review",
  "collective_discussion",
  "decision_pending",
];

/** The move that brings the case on towards what is planned; it may still be refused. */
export function guidedMove(scene: Scene): Move {
  const { file, plan } = scene;
  if (file.overlays.includes("suspended")) return by("leader", { step: "resume", reason: "中止原因消除" });
  const reviewed = reviewOpenStatement(scene);
  if (reviewed !== null) return reviewed;
  if (AFTER_NOTICE.includes(file.state) && file.computation === null)
    return byHandler(file, { step: "reopen_investigation", reason: "证据有变" });
  switch (file.state) {
    case "clue_verification":
      return verifyClue(scene);
    case "filing_pending":
      return file.filing?.endorsedBy === null
        ? by("unit-head", { step: "endorse_filing" })
        : by("leader", { step: "approve_filing" });
    case "filed":
      return byHandler(file, { step: "start_investigation", certificateShown: true, recusalAsked: true });
    case "investigating":
      return investigate(scene);
    case "investigated":
      return plan.exit === "none" ? giveNotice(scene) : leave(scene);
    case "notice_served":
    case "statement_review":
      return awaitDefence(scene);
    case "hearing":
      return hear(scene);
    case "legal_review":
      return file.legalReviews.at(-1)?.opinion === "agree"
        ? toDecision(scene)
        : by("legal-reviewer", { step: "conclude_legal_review", opinion: "agree", note: "同意" });
    case "collective_discussion":
      return file.discussions.at(-1)?.conclusion === "agree"
        ? propose(scene)
        : by("leader", {
            step: "conclude_discussion",
            members: ["leader", "leader-3"],
            conclusion: "agree",
            note: "一致同意",
          });
    case "decision_pending":
      if (file.decisionProposal?.endorsedBy === null) return by("unit-head", { step: "endorse_decision" });
      return scene.random.chance(0.95)
        ? by("leader", { step: "decide", reasons: "事实清楚，证据确凿" })
        : by("leader", { step: "return_decision", reason: "请补充询问" });
    case "decided":
      return serve(scene, decisionDocId(file) ?? "");
    case "performing":
    case "overdue":
    case "urged":
      return collect(scene);
    case "court_applied":
    case "court_accepted":
    case "court_ruled":
      return enforce(scene);
    case "served":
    case "performed":
    case "executed":
    case "execution_ended":
    case "no_penalty":
    case "dismissed":
    case "terminated":
    case "not_filed":
    case "transferred_agency":
    case "transferred_judicial":
    case "closed":
    case "archived":
      return finish(scene);
  }
}

function verifyClue({ file, plan, world, random }: Scene): Move {
  if (plan.exit === "decline")
    return by("leader", { step: "decline_filing", reason: "线索不实", complaintAnswer: "已答复" });
  if (file.party === null) return byHandler(file, { step: "set_party", party: plan.party });
  if (file.handlers.length < 2)
    return byHandler(file, {
      step: "assign_officers",
      officers: random.chance(0.7) ? plan.officers : ["officer-a", "officer-b"],
    });
  const missing = plan.incidents.find((id) => !file.evidence.some(({ incidentId }) => incidentId === id));
  if (missing !== undefined) return byHandler(file, record(missing));
  const inspected = file.evidence.some(({ kind }) => kind === "inspection_record");
  if (plan.inspects && !inspected) return byHandler(file, inspection);
  const unverified = toVerify(file, world);
  if (unverified !== null) return byHandler(file, unverified);
  if (!plan.onTheSpot) return byHandler(file, { step: "submit_filing", summary: "建议立案" });
  const findings = plannedFindings(file, { ...plan, weight: "light" }, world);
  const collectedOnSpot = plan.warns ? "no" : random.pick(["no", "no", "hard_to_collect"] as const);
  const penalty = plan.warns ? warningOnly(world.basisId) : fine(world.basisId, 20_000);
  return byHandler(
    file,
    onTheSpot(world, { findings, collectedOnSpot, collectionReason: "流动摊贩，居无定所", penalty }),
  );
}

/** Verify what can be verified, and take out what never will be. */
function toVerify(file: CaseFile, world: TestWorld): CaseStep | null {
  const item = file.evidence.find(({ verified, withdrawn }) => verified === null && withdrawn === null);
  if (item === undefined) return null;
  const { evidenceId, incidentId } = item;
  const sound = incidentId === null || world.records.get(incidentId)?.faults.length === 0;
  return sound
    ? { step: "verify_evidence", evidenceId, note: "与现场一致" }
    : { step: "withdraw_evidence", evidenceId, reason: "设备当日不合规" };
}

function investigate({ file, plan, world, random }: Scene): Move {
  const kept = file.preservations.find(({ resolved }) => resolved === null);
  if (kept !== undefined) {
    const { preservationId } = kept;
    return byHandler(file, { step: "resolve_preservation", preservationId, outcome: "返还当事人" });
  }
  if (random.chance(0.1)) return byHandler(file, interview);
  if (plan.exit === "terminate" && random.chance(0.5))
    return by("leader", { step: "terminate", reason: "当事人死亡" });
  // What went to a former party cannot be served again.
  const unserved = file.orders.find(
    ({ docId, servedOn }) =>
      servedOn === null && !file.services.some((one) => one.docId === docId && one.servedOn !== null),
  );
  if (unserved !== undefined) return serve({ file, plan, world, random }, unserved.docId);
  if (plan.weight !== "light" && file.orders.length === 0)
    return byHandler(file, { step: "order_correction", what: "撤除摊位", dueOn: addDays(world.today, 45) });
  const unverified = toVerify(file, world);
  if (unverified !== null) return byHandler(file, unverified);
  const alone = file.evidence.every(({ kind }) => kind === "camera_record");
  if (alone && (plan.inspects || random.chance(0.3))) return byHandler(file, inspection);
  return byHandler(file, { step: "conclude_investigation", findings: plannedFindings(file, plan, world) });
}

function giveNotice(scene: Scene): Move {
  const { file } = scene;
  if (file.computation === null) return byHandler(file, { step: "reopen_investigation", reason: "证据有变" });
  return file.notice === null ? byHandler(file, { step: "issue_notice" }) : serve(scene, file.notice.docId);
}

function leave({ plan }: Scene): Move {
  if (plan.exit === "transfer")
    return by("leader", { step: "transfer", to: "judicial", receiver: "公安分局", reason: "涉嫌犯罪" });
  if (plan.exit === "dismiss") return by("leader", { step: "dismiss", reason: "违法事实不能成立" });
  return by("leader", { step: "decide_no_penalty", reason: "轻微并及时改正", education: "已当面教育" });
}

function awaitDefence(scene: Scene): Move {
  const { file, plan } = scene;
  const hearing = file.hearing;
  if (hearing !== null && hearing.outcome === null) return schedule(scene);
  if (plan.asksHearing && hearing === null && file.notice?.hearingDocId !== null && !isWindowOver(scene))
    return by("party", { step: "request_hearing" });
  if (plan.states && file.statements.length === 0)
    return by("party", { step: "receive_statement", about: "notice", text: "请求从轻", via: "portal" });
  if (!isWindowOver(scene)) {
    return plan.waives && file.notice?.waiver === null
      ? byHandler(file, { step: "waive_window", note: "当事人书面放弃" })
      : { waitDays: 2 };
  }
  const passed = file.legalReviews.at(-1)?.opinion === "agree";
  const mustReview = hearing?.outcome?.kind === "held";
  if (!passed && (plan.legalReview || mustReview)) return byHandler(file, { step: "submit_legal_review" });
  return toDecision(scene);
}

function isWindowOver({ file, world }: Scene): boolean {
  if (file.notice?.waiver !== null) return true;
  const windows = file.clocks.filter(({ kind }) => kind === "statement" || kind === "hearing_request");
  return windows.every((clock) => isLate(clock, world.today));
}

function schedule({ world }: Scene): Move {
  return by("leader", {
    step: "schedule_hearing",
    on: addDays(world.today, 20),
    time: "09:30",
    place: "会议室",
    hostId: "hearing-host",
    public: true,
  });
}

function hear(scene: Scene): Move {
  const { file, world, random } = scene;
  const scheduled = file.hearing?.scheduled ?? null;
  if (file.hearing?.outcome !== null) return awaitDefence(scene);
  if (scheduled === null) return schedule(scene);
  if (scheduled.toldOn === null) return serve(scene, scheduled.docId);
  if (world.today < scheduled.on) return { waitDays: Math.max(1, daysBetween(world.today, scheduled.on)) };
  const outcome = random.pick(["held", "held", "no_show"] as const);
  return by(scheduled.hostId, { step: "conclude_hearing", outcome, report: "听证报告" });
}

function toDecision(scene: Scene): Move {
  const { file, plan } = scene;
  const serious = plan.weight === "heavy" || file.notice?.hearingDocId !== null;
  const agreed = file.discussions.at(-1)?.conclusion === "agree";
  return serious && !agreed ? byHandler(file, { step: "submit_discussion" }) : propose(scene);
}

function propose({ file, world }: Scene): Move {
  const penalty = file.notice?.proposal ?? fine(world.basisId, 200_000);
  return byHandler(file, { step: "submit_decision", penalty });
}

function reviewOpenStatement({ file, plan, random }: Scene): Move | null {
  if (plan.deaf) return null;
  const open = file.statements.find(({ review }) => review === null);
  if (open === undefined || random.chance(0.2)) return null;
  const { statementId } = open;
  return byHandler(file, {
    step: "review_statement",
    statementId,
    outcome: "not_adopted",
    reason: "无证据支持",
  });
}

function record(incidentId: string): CaseStep {
  return { step: "add_evidence", kind: "camera_record", title: "监控记录", incidentId, sha256: null };
}

const inspection: CaseStep = {
  step: "record_inspection",
  place: "某路与某街交叉口",
  text: "现场可见摊位一处。",
  partyPresent: true,
  signed: "signed",
};

const interview: CaseStep = {
  step: "record_interview",
  person: "张三",
  identityChecked: true,
  rightsTold: true,
  text: "问：……答：……",
  signed: "signed",
  recording: null,
};
