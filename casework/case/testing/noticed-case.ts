import { addDays } from "../../clocks/date.ts";
import type { DiscretionFindings } from "../../discretion/findings.ts";
import type { CaseFile } from "../case-file.ts";
import type { StepOf } from "../step-input.ts";
import { generalFindings } from "./builders.ts";
import type { TestWorld, Who } from "./world.ts";

/** Handed over today and signed for, unless told otherwise. */
export function serving(
  world: TestWorld,
  docId: string,
  other: Partial<StepOf<"serve">> = {},
): StepOf<"serve"> {
  return {
    step: "serve",
    docId,
    method: "direct",
    attemptedOn: world.today,
    outcome: "served",
    on: world.today,
    officers: ["officer-a", "officer-b"],
    details: { receiver: "张三", receiverRole: "本人" },
    ...other,
  };
}

export function served(
  world: TestWorld,
  file: CaseFile,
  docId: string,
  other: Partial<StepOf<"serve">> = {},
  who: Who = "officer-a",
): CaseFile {
  return world.take(file, serving(world, docId, other), who);
}

/** An attempt at the party's door that found nobody. */
export function attempted(world: TestWorld, file: CaseFile, docId: string): CaseFile {
  return served(world, file, docId, { outcome: "failed", details: { reason: "家中无人" } });
}

/** An order to correct, handed over today, to be obeyed in a week. */
export function ordered(world: TestWorld, file: CaseFile): CaseFile {
  const order = { step: "order_correction", what: "清除占道摊位", dueOn: addDays(world.today, 7) } as const;
  const next = world.take(file, order);
  return served(world, next, next.orders.at(-1)?.docId ?? "");
}

/** C10: the notice is written, with the light findings unless others are given. Nobody has it yet. */
export function noticeIssued(world: TestWorld, findings?: DiscretionFindings): CaseFile {
  const investigated = world.investigatedCase(findings);
  const corrected = investigated.findings?.corrected === true;
  return world.take(corrected ? investigated : ordered(world, investigated), { step: "issue_notice" });
}

/**
 * The notice in the party's hands: 2 000 yuan. Served on Monday, 5 January 2026, so the party has until Monday, 12 January
 * to state and defend.
 */
export function noticedCase(world: TestWorld, findings?: DiscretionFindings): CaseFile {
  const file = noticeIssued(world, findings);
  return served(world, file, file.notice?.docId ?? "");
}

/** 10 000 yuan, so that the party may ask for a hearing until 12 January 2026. */
export function hearableCase(world: TestWorld): CaseFile {
  return noticedCase(world, generalFindings(world.basisId));
}

export const hearingOn = "2026-01-20";

export function scheduling(other: Partial<StepOf<"schedule_hearing">> = {}): StepOf<"schedule_hearing"> {
  return {
    step: "schedule_hearing",
    on: hearingOn,
    time: "09:30",
    place: "本局二楼会议室",
    hostId: "hearing-host",
    public: true,
    ...other,
  };
}

/** The hearing is asked for the day after the notice. */
export function hearingAsked(world: TestWorld): CaseFile {
  const file = hearableCase(world);
  return world.on("2026-01-06").take(file, { step: "request_hearing" }, "party");
}

/** Set for Tuesday, 20 January 2026, and the party told at once: in time by 9 January. */
export function hearingSet(world: TestWorld): CaseFile {
  const file = world.take(hearingAsked(world), scheduling(), "leader");
  return served(world, file, file.hearing?.scheduled?.docId ?? "");
}

/** Held on its day. The windows are over by then. */
export function heardCase(world: TestWorld): CaseFile {
  const file = hearingSet(world);
  const held = { step: "conclude_hearing", outcome: "held", report: "双方到场质证，建议维持拟处罚" } as const;
  return world.on(hearingOn).take(file, held, "hearing-host");
}
