import { beforeAll, describe, expect, it } from "vitest";
import { addDays } from "../clocks/date.ts";
import type { CaseState } from "./case-states.ts";
import { stepNames } from "./case-table.ts";
import type { CaseStep, StepName } from "./step-input.ts";
import { takeStep } from "./take-step.ts";
import { JUDGING } from "./testing/decision-invariants.ts";
import { guidedMove } from "./testing/guided-move.ts";
import { invariants } from "./testing/invariants.ts";
import type { Move, Scene } from "./testing/move.ts";
import { Random } from "./testing/random.ts";
import { randomMove } from "./testing/random-move.ts";
import { rushedMove } from "./testing/rushed-move.ts";
import { plannedAct, randomPlan, walkWorld } from "./testing/walk-world.ts";

const MUST_REACH: readonly CaseState[] = [
  "decided",
  "served",
  "performed",
  "hearing",
  "legal_review",
  "collective_discussion",
  "overdue",
  "urged",
  "court_applied",
  "executed",
  "no_penalty",
  "closed",
  "archived",
];
const WALKS = 480;
const LONGEST_WALK = 160;

describe("a case, whatever anybody tries", () => {
  let walks: readonly Walk[] = [];

  beforeAll(() => {
    walks = Array.from({ length: WALKS }, (_, index) => walk(index + 1));
  }, 300_000);

  it("was tried at length", () => {
    expect(walks.reduce((sum, { tried }) => sum + tried, 0)).toBeGreaterThanOrEqual(20_000);
    expect(walks.reduce((sum, { taken }) => sum + taken.length, 0)).toBeGreaterThan(8_000);
  });

  it.each(MUST_REACH)("got as far as %s", (state) => {
    expect(walks.filter(({ states }) => states.has(state)).length).toBeGreaterThan(0);
  });

  it("took every step of the table at least once", () => {
    const taken = new Set(walks.flatMap((one) => one.taken));
    expect(stepNames.filter((name) => !taken.has(name))).toEqual([]);
  });

  it.each(Object.keys(invariants))("%s", (invariant) => {
    const broken = walks.flatMap((one) => one.broken).filter((one) => one.invariant === invariant);
    expect(broken.slice(0, 3)).toEqual([]);
  });
});

interface Walk {
  tried: number;
  readonly taken: StepName[];
  readonly states: Set<CaseState>;
  readonly broken: { invariant: string; seed: number; number: number; step: CaseStep; who: string }[];
}

/** A case from the clue to wherever it gets: mostly what a sensible office does next, otherwise anything by anybody. */
function walk(seed: number): Walk {
  const random = new Random(seed);
  const plan = randomPlan(random);
  const world = walkWorld(plan);
  const seen: Walk = { tried: 0, taken: [], states: new Set(), broken: [] };
  const handled = new Set<string>();
  const judged = new Set<string>();
  let file = frozen(world.openedCase({ incidentIds: plan.incidents, ...plannedAct(plan) }));
  while (seen.tried < LONGEST_WALK && file.state !== "archived" && world.today < LAST_DAY) {
    const scene = { file, plan, world, random };
    const move = nextMove(scene);
    if ("waitDays" in move) {
      world.on(addDays(world.today, move.waitDays));
      continue;
    }
    const { step, who } = move;
    seen.tried += 1;
    const result = takeStep(file, step, world.actor(who, file), world.facts());
    if (result.ok) {
      const after = frozen(result.file);
      for (const userId of after.handlers) handled.add(userId);
      for (const userId of judgesOf(step, who)) judged.add(userId);
      const moment = { before: file, after, step, who, world, handled, judged };
      for (const [invariant, holds] of Object.entries(invariants)) {
        if (!holds(moment)) seen.broken.push({ invariant, seed, number: seen.taken.length, step, who });
      }
      seen.taken.push(step.step);
      seen.states.add(after.state);
      file = after;
    }
    if (random.chance(0.08)) world.on(addDays(world.today, 1 + random.int(3)));
  }
  return seen;
}

/** Mostly what a sensible office does, sometimes in a hurry or by the wrong person, sometimes anything by anybody. */
function nextMove(scene: Scene): Move {
  const { random } = scene;
  const draw = random.next();
  if (draw > 0.78) return randomMove(scene);
  const move = draw < 0.12 ? rushedMove(scene) : guidedMove(scene);
  if ("waitDays" in move) return move;
  if (scene.plan.oneBoss && ["unit-head", "leader"].includes(move.who)) return { ...move, who: "head-2" };
  if (!random.chance(0.06)) return move;
  return { ...move, who: random.pick(DOUBLE_HATS) };
}

/** Whoever could be tempted: people with more than one role. */
const DOUBLE_HATS = ["leader-2", "head-2", "reviewer-2", "reviewer-3", "host-2", "officer-c"];

/** Before the calendar of the tests ends, with all periods that a step could start. */
const LAST_DAY = "2027-06-01";

function judgesOf(step: CaseStep, who: string): readonly string[] {
  if (step.step === "conclude_discussion") return step.members;
  return JUDGING.includes(step.step) ? [who] : [];
}

/** A step that changes the file it was given throws. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
