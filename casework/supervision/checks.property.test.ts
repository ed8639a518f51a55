import { beforeAll, describe, expect, it } from "vitest";
import { takeStep } from "../case/take-step.ts";
import { guidedMove } from "../case/testing/guided-move.ts";
import { Random } from "../case/testing/random.ts";
import { randomMove } from "../case/testing/random-move.ts";
import { plannedAct, randomPlan, walkWorld } from "../case/testing/walk-world.ts";
import type { TestWorld } from "../case/testing/world.ts";
import { addDays } from "../clocks/date.ts";
import { runChecks } from "./checks.ts";
import type { SupervisionFacts } from "./finding.ts";

const WALKS = 240;
const LONGEST_WALK = 120;

/**
 * What no guard can prevent, for it is somebody doing nothing: no decision, service, check or withdrawal in its time, a
 * hearing that was set and not told, a recusal granted and nobody replaced.
 */
const OMISSIONS = [
  "SP05 decision",
  "SP06 late",
  "SP12 clue",
  "SP12 order",
  "SP03 told_late",
  "SP09 recusal",
  "SU01 decision",
  "SU02 changed",
];

describe("a case that the guards let through", () => {
  const found = new Map<string, string>();
  const reached = new Set<string>();

  beforeAll(() => {
    for (let seed = 1; seed <= WALKS; seed += 1) walk(seed);
  }, 120_000);

  it("was walked to where checks have something to look at", () => {
    for (const state of ["decided", "performing", "hearing", "urged", "court_applied", "closed", "performed"])
      expect(reached).toContain(state);
  });

  it("gives the checks, which ask no guard, nothing to find but omissions", () => {
    const others = [...found].filter(([name]) => !OMISSIONS.includes(name));
    expect(others).toEqual([]);
  });

  function walk(seed: number): void {
    const random = new Random(seed);
    const plan = randomPlan(random);
    const world = walkWorld(plan);
    let file = world.openedCase({ incidentIds: plan.incidents, ...plannedAct(plan) });
    for (
      let tried = 0;
      tried < LONGEST_WALK && file.state !== "archived" && world.today < "2027-06-01";
      tried += 1
    ) {
      const scene = { file, plan, world, random };
      const move = random.chance(0.15) ? randomMove(scene) : guidedMove(scene);
      if ("waitDays" in move) {
        world.on(addDays(world.today, move.waitDays));
        continue;
      }
      const result = takeStep(file, move.step, world.actor(move.who, file), world.facts());
      if (!result.ok) continue;
      file = result.file;
      reached.add(file.state);
      for (const { code, key } of runChecks(file, factsOf(world)))
        found.set(
          `${code} ${key.split(":")[0]}`,
          `seed ${seed}, ${move.step.step} on ${world.today}: ${key}`,
        );
    }
  }
});

function factsOf(world: TestWorld): SupervisionFacts {
  const { today, calendar, parameters, person, record, agency, matter, earlierDecisions } = world.facts();
  return {
    ...{ today, calendar, parameters, person, record, agency, matter, earlierDecisions },
    certificates: (userId) => [person(userId)?.certificate ?? null].filter((one) => one !== null),
    ...{ likeFines: [], published: null, benchmarkPublished: true, cameraListed: () => true },
  };
}
