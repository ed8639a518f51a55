import type { DiscretionFindings } from "../../discretion/findings.ts";
import type { Penalty } from "../../discretion/penalty.ts";
import type { CaseFile } from "../case-file.ts";
import { heardCase, noticedCase, served } from "./noticed-case.ts";
import type { TestWorld } from "./world.ts";

const reasons = "事实清楚，证据确凿，裁量适当";

/** The windows are over: Tuesday, 13 January 2026, the first day on which anything can follow. */
export function windowsOver(world: TestWorld, findings?: DiscretionFindings): CaseFile {
  const file = noticedCase(world, findings);
  world.on("2026-01-13");
  return file;
}

/** C15: what the notice proposed is submitted, or something else. */
export function submitted(world: TestWorld, file: CaseFile, penalty?: Penalty): CaseFile {
  const proposal = penalty ?? file.notice?.proposal;
  if (proposal === undefined) throw new Error("the case has no notice");
  return world.take(file, { step: "submit_decision", penalty: proposal });
}

export function endorsed(world: TestWorld, file: CaseFile): CaseFile {
  return world.take(file, { step: "endorse_decision" }, "unit-head");
}

export function decided(world: TestWorld, file: CaseFile, penalty?: Penalty): CaseFile {
  const ready = endorsed(world, submitted(world, file, penalty));
  return world.take(ready, { step: "decide", reasons }, "leader");
}

/** A fine of 2 000 yuan, decided on 13 January 2026: to be served within seven working days, by 22 January. */
export function decidedCase(world: TestWorld): CaseFile {
  return decided(world, windowsOver(world));
}

/** Served on the day of the decision: to be paid by 28 January 2026. */
export function servedCase(world: TestWorld): CaseFile {
  const file = decidedCase(world);
  return served(world, file, file.decision?.docId ?? "");
}

export function reviewPassed(world: TestWorld, file: CaseFile): CaseFile {
  const next = world.take(file, { step: "submit_legal_review" });
  const agree = { step: "conclude_legal_review", opinion: "agree", note: "同意" } as const;
  return world.take(next, agree, "legal-reviewer");
}

export function discussed(world: TestWorld, file: CaseFile): CaseFile {
  const next = world.take(file, { step: "submit_discussion" });
  const members = ["leader", "leader-2"];
  return world.take(
    next,
    { step: "conclude_discussion", members, conclusion: "agree", note: "一致同意" },
    "leader",
  );
}

/** The whole long way: 10 000 yuan, hearing, legal review, discussion. Decided on the day of the hearing. */
export function decidedAfterHearing(world: TestWorld): CaseFile {
  return decided(world, discussed(world, reviewPassed(world, heardCase(world))));
}
