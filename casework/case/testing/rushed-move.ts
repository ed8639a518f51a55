import { addDays } from "../../clocks/date.ts";
import { amountDue } from "../amount-due.ts";
import type { CaseState } from "../case-states.ts";
import type { CaseStep } from "../step-input.ts";
import { fine } from "./builders.ts";
import { guidedMove } from "./guided-move.ts";
import { by, byHandler, type Move, type Scene, serve } from "./move.ts";
import { onTheSpot } from "./on-the-spot.ts";
import { plannedFindings } from "./walk-world.ts";

/**
 * What an office in a hurry would try: the next step but one, without waiting, with what is still missing, or more than was
 * told. Nothing but the guards stands in its way.
 */
export function rushedMove(scene: Scene): Move {
  const tries = HASTE[scene.file.state]?.(scene) ?? [];
  return tries.length === 0 ? guidedMove(scene) : scene.random.pick(tries);
}

type Haste = (scene: Scene) => readonly Move[];

const decide: CaseStep = { step: "decide", reasons: "事实清楚" };

const toDecision: Haste = ({ file, world, random }) => {
  const told = file.notice?.proposal ?? fine(world.basisId, 200_000);
  const fineFen = random.pick([told.fineFen, told.fineFen + 10_000, Math.ceil(told.fineFen / 3)]);
  return [
    byHandler(file, { step: "submit_decision", penalty: { ...told, fineFen } }),
    byHandler(file, { step: "submit_legal_review" }),
    byHandler(file, { step: "submit_discussion" }),
    by("party", { step: "request_hearing" }),
    by("hearing-host", { step: "conclude_hearing", outcome: "held", report: "听证报告" }),
    by("leader", {
      step: "schedule_hearing",
      on: addDays(world.today, 3),
      time: "09:30",
      place: "会议室",
      hostId: "hearing-host",
      public: true,
    }),
  ];
};

const toCourt: Haste = (scene) => {
  const { file, world } = scene;
  const owed = amountDue(file, world.today, world.facts()).unpaidFen;
  const instalments = [{ dueOn: addDays(world.today, 5), amountFen: Math.max(1, owed - 100) }];
  return [
    by("system", { step: "mark_overdue" }),
    byHandler(file, { step: "urge" }),
    by("leader", { step: "apply_to_court", court: "成都市武侯区人民法院" }),
    by("leader", { step: "grant_deferral", instalments, reason: "经济困难" }),
    byHandler(file, { step: "confirm_performance", note: "已履行" }),
    byHandler(file, { step: "file_suit", filedOn: world.today, court: "法院" }),
    by("publicity-editor", { step: "decide_publication", publish: true, reason: "按规定" }),
  ];
};

const toEnd: Haste = ({ file }) => [
  byHandler(file, { step: "request_closing" }),
  by("leader", { step: "close" }),
];

const HASTE: { readonly [State in CaseState]?: Haste } = {
  clue_verification: ({ file, world, random }) => [
    byHandler(file, { step: "submit_filing", summary: "建议立案" }),
    byHandler(
      file,
      onTheSpot(world, {
        penalty: fine(world.basisId, random.pick([20_000, 30_000, 200_000])),
        findings: world.findings({ fractionPermille: random.pick([10, 15, 100]) }),
        factsTold: random.chance(0.7),
        certificateShown: random.chance(0.7),
        presence: random.pick(["in_person", "in_person", "verified_video"]),
      }),
    ),
  ],
  filing_pending: () => [by("leader", { step: "approve_filing" }), by("head-2", { step: "endorse_filing" })],
  filed: ({ file }) => [
    byHandler(file, { step: "start_investigation", certificateShown: false, recusalAsked: true }),
  ],
  investigating: ({ file, plan, world }) => [
    byHandler(file, { step: "conclude_investigation", findings: plannedFindings(file, plan, world) }),
    by("leader", { step: "preserve_evidence", items: ["三轮车"], reason: "可能灭失" }),
  ],
  investigated: ({ file }) => [byHandler(file, { step: "issue_notice" })],
  notice_served: toDecision,
  statement_review: toDecision,
  hearing: toDecision,
  legal_review: (scene) => [
    ...toDecision(scene),
    by("reviewer-3", { step: "conclude_legal_review", opinion: "agree", note: "同意" }),
  ],
  collective_discussion: toDecision,
  decision_pending: ({ file }) => [by("leader", decide), by("head-2", decide), byHandler(file, decide)],
  decided: (scene) => [
    serve(scene, scene.file.decision?.docId ?? ""),
    by("publicity-editor", { step: "decide_publication", publish: true, reason: "按规定" }),
    by("party", { step: "file_review", filedOn: scene.world.today, via: "review_body" }),
  ],
  performing: toCourt,
  overdue: toCourt,
  urged: toCourt,
  court_applied: ({ file, world }) => [
    byHandler(file, { step: "record_court", kind: "executed", on: world.today, note: "法院文书" }),
  ],
  performed: toEnd,
  executed: toEnd,
  execution_ended: toEnd,
  no_penalty: toEnd,
  dismissed: toEnd,
  terminated: toEnd,
  not_filed: toEnd,
  closed: () => [by("archivist", { step: "archive" })],
};
