import { addDays, daysBetween } from "../../clocks/date.ts";
import { isLate, lastDay } from "../../clocks/due.ts";
import { amountDue } from "../amount-due.ts";
import type { CaseFile, DecisionChange } from "../case-file.ts";
import { nextCourtEvents } from "../court-events.ts";
import { courtWindow } from "../court-window.ts";
import { unexecutedOutcomes } from "../decision-change.ts";
import { decisionDocId, decisionServedOn, penaltyInForce } from "../decision-in-force.ts";
import { remedyWindowEnd } from "../remedy-window.ts";
import { by, byHandler, type Move, type Scene, serve } from "./move.ts";

/** The fine comes in, or the case goes on to urging and the court. */
export function collect(scene: Scene): Move {
  const { file, plan, world } = scene;
  const remedy = seekRemedy(scene);
  if (remedy !== null) return remedy;
  const change = file.changes.at(-1);
  if (change?.by === "agency" && !file.services.some(({ docId }) => docId === change.docId))
    return serve(scene, change.docId);
  const { unpaidFen, lateFen } = amountDue(file, world.today, world.facts());
  if (unpaidFen === 0) {
    const open = file.orders.find(({ recheck }) => recheck?.corrected !== true);
    if (open !== undefined)
      return byHandler(file, {
        step: "recheck_order",
        orderId: open.orderId,
        corrected: true,
        note: "已改正",
      });
    return byHandler(file, { step: "confirm_performance", note: "已履行" });
  }
  const pay = (): Move =>
    by("system", {
      step: "record_payment",
      receiptNo: `R-${world.today}-${unpaidFen}`,
      paidOn: world.today,
      amountFen: unpaidFen,
    });
  if (plan.defers && file.payment?.deferral === null && file.state === "performing") {
    return by("leader", {
      step: "grant_deferral",
      instalments: [
        { dueOn: addDays(world.today, 10), amountFen: unpaidFen - 100 },
        { dueOn: addDays(world.today, 20), amountFen: 100 },
      ],
      reason: "经济确有困难",
    });
  }
  if (file.state === "performing") {
    if (plan.pays === "in_time" || file.clocks.some(({ kind }) => kind === "cash_handover")) return pay();
    return lateFen > 0 ? by("system", { step: "mark_overdue" }) : { waitDays: 4 };
  }
  if (plan.pays === "late") return pay();
  if (file.state === "overdue") {
    const { urging } = file;
    return urging === null || urging.servedOn !== null
      ? byHandler(file, { step: "urge" })
      : serve(scene, urging.docId);
  }
  if (plan.pays === "urged") return pay();
  const window = courtWindow(file, world.facts());
  const urged = file.clocks.find(({ kind, state }) => kind === "urging" && state === "running");
  if (urged !== undefined && !isLate(urged, world.today)) return { waitDays: 5 };
  const wait = window === null ? 10 : daysBetween(world.today, window.opensOn);
  return wait > 0
    ? { waitDays: Math.min(wait, 40) }
    : by("leader", { step: "apply_to_court", court: "成都市武侯区人民法院" });
}

/** The party's review or suit, to its end; `onlyEnd`: none is begun any more. */
function seekRemedy({ file, plan, world }: Scene, onlyEnd = false): Move | null {
  const review = file.reviews.at(-1);
  const suit = file.litigations.at(-1);
  const { today } = world;
  if (review?.outcome === null) {
    if (review.via === "this_agency" && review.forwardedOn === null)
      return byHandler(file, { step: "forward_review" });
    const kind = plan.remedy === "suit" || plan.remedy === "none" ? "upheld" : plan.remedy;
    return byHandler(file, { step: "end_review", kind, receivedOn: today });
  }
  if (suit?.outcome === null) return byHandler(file, { step: "end_suit", kind: "upheld", on: today });
  const [outcome] = penaltyInForce(file) === null ? [] : unexecutedOutcomes(file);
  if (outcome !== undefined) return carryOut(file, outcome);
  if (onlyEnd || plan.remedy === "none" || review !== undefined || suit !== undefined) return null;
  return plan.remedy === "suit" && file.procedure === "ordinary"
    ? byHandler(file, { step: "file_suit", filedOn: today, court: "成都市武侯区人民法院" })
    : by("party", { step: "file_review", filedOn: today, via: "this_agency" });
}

/** What the review body or the court said becomes of the decision. */
function carryOut(file: CaseFile, outcome: { by: "review_body" | "court"; kind: string }): Move {
  const before = penaltyInForce(file);
  const kind = outcome.kind as DecisionChange["kind"];
  const gone = kind === "revoked" || kind === "void";
  const lower = before === null ? null : { ...before, fineFen: Math.floor(before.fineFen / 200) * 100 };
  const penalty = gone ? null : lower;
  return by("leader", { step: "change_decision", by: outcome.by, kind, reason: "据以变更", penalty });
}

export function enforce({ file, world, random }: Scene): Move {
  const open = file.court === null ? [] : nextCourtEvents(file.court);
  const onwards = (["accepted", "ruled_enforce", "executed"] as const).find((kind) => open.includes(kind));
  const kind =
    onwards !== undefined && random.chance(0.6) ? onwards : random.pick([...open, "ended"] as const);
  return byHandler(file, { step: "record_court", kind, on: world.today, note: "法院文书" });
}

/** Whatever ended: publication, what is still open, closing, archive. */
export function finish(scene: Scene): Move {
  const { file, plan, world } = scene;
  const remedy = seekRemedy(scene, true);
  if (remedy !== null) return remedy;
  const unserved = file.clocks.find(({ kind, state }) => kind === "service" && state === "running");
  if (unserved !== undefined)
    return serve(scene, unserved.subject === "case" ? (decisionDocId(file) ?? "") : unserved.subject);
  if (file.state === "served") return byHandler(file, { step: "confirm_performance", note: "已履行" });
  if (file.state === "closed") {
    const end = remedyWindowEnd(file, world.facts(), lastDay);
    if (end !== null && world.today <= end)
      return { waitDays: Math.min(40, daysBetween(world.today, end) + 1) };
    return by("archivist", { step: "archive" });
  }
  if (file.decision !== null && file.publication === null) {
    const publish = plan.publishes && decisionServedOn(file) !== null && penaltyInForce(file) !== null;
    return by("publicity-editor", { step: "decide_publication", publish, reason: "按规定" });
  }
  if (file.publication?.publish === true && file.publication.withdrawn === null && file.changes.length > 0)
    return by("publicity-editor", { step: "withdraw_publication", reason: "决定已变更" });
  const order = file.orders.find(({ recheck }) => recheck === null);
  if (order !== undefined)
    return byHandler(file, {
      step: "recheck_order",
      orderId: order.orderId,
      corrected: true,
      note: "已改正",
    });
  if (file.closing === null) return byHandler(file, { step: "request_closing" });
  return file.closing.endorsedBy === null
    ? by("unit-head", { step: "endorse_closing" })
    : by("leader", { step: "close" });
}
