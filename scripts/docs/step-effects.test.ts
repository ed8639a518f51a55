import { beforeAll, describe, expect, it } from "vitest";
import type { CaseFile } from "../../casework/case/case-file.ts";
import { stepNames } from "../../casework/case/case-table.ts";
import type { StepName } from "../../casework/case/step-input.ts";
import { takeStep } from "../../casework/case/take-step.ts";
import { guidedMove } from "../../casework/case/testing/guided-move.ts";
import { Random } from "../../casework/case/testing/random.ts";
import { randomMove } from "../../casework/case/testing/random-move.ts";
import { plannedAct, randomPlan, walkWorld } from "../../casework/case/testing/walk-world.ts";
import type { ClockKind } from "../../casework/clocks/clock.ts";
import { addDays } from "../../casework/clocks/date.ts";
import type { DocumentCode } from "../../casework/documents/document-codes.ts";
import { stepLeaves } from "./step-effects.ts";

interface Seen {
  readonly documents: Set<DocumentCode>;
  readonly clocks: Set<ClockKind>;
}

const WALKS = 480;
const LONGEST_WALK = 160;

/** Whole cases, walked as an office would, with anything by anybody in between. */
describe("what the documentation says that steps leave behind", () => {
  const seen = new Map<StepName, Seen>();

  beforeAll(() => {
    for (let seed = 1; seed <= WALKS; seed += 1) walk(seed, seen);
  }, 300_000);

  it.each(stepNames)("%s", (name) => {
    const { documents = [], clocks = [] } = stepLeaves[name];
    const found = seen.get(name);
    expect([...(found?.documents ?? [])].sort()).toEqual([...documents].sort());
    expect([...(found?.clocks ?? [])].filter((kind) => !clocks.includes(kind))).toEqual([]);
  });
});

function walk(seed: number, seen: Map<StepName, Seen>): void {
  const random = new Random(seed);
  const plan = randomPlan(random);
  const world = walkWorld(plan);
  let file = world.openedCase({ incidentIds: plan.incidents, ...plannedAct(plan) });
  for (let tries = 0; tries < LONGEST_WALK && file.state !== "archived"; tries += 1) {
    const scene = { file, plan, world, random };
    const move = random.next() > 0.78 ? randomMove(scene) : guidedMove(scene);
    if ("waitDays" in move) {
      world.on(addDays(world.today, move.waitDays));
      continue;
    }
    const result = takeStep(file, move.step, world.actor(move.who, file), world.facts());
    if (!result.ok) continue;
    const leaves = seen.get(move.step.step) ?? { documents: new Set(), clocks: new Set() };
    for (const { code } of result.documents) leaves.documents.add(code);
    for (const kind of begun(file, result.file)) leaves.clocks.add(kind);
    seen.set(move.step.step, leaves);
    file = result.file;
    if (random.chance(0.08)) world.on(addDays(world.today, 1 + random.int(3)));
    // Before the calendar of the tests ends.
    if (world.today >= "2027-06-01") return;
  }
}

function begun(before: CaseFile, after: CaseFile): ClockKind[] {
  const known = before.clocks.map((clock) => `${clock.kind} ${clock.subject} ${clock.startedOn}`);
  return after.clocks
    .filter((clock) => !known.includes(`${clock.kind} ${clock.subject} ${clock.startedOn}`))
    .map(({ kind }) => kind);
}
