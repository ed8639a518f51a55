import type { Penalty } from "../../discretion/penalty.ts";
import type { CaseFile } from "../case-file.ts";
import { fine, unitParty, warningOnly } from "../testing/builders.ts";
import type { GuardCase } from "../testing/guard-case.ts";
import { onTheSpot } from "../testing/on-the-spot.ts";
import type { TestWorld } from "../testing/world.ts";

function deciding(world: TestWorld, penalty: Penalty, changes: Partial<CaseFile> = {}) {
  return world.context({ ...world.verifiedClue(), ...changes }, onTheSpot(world, { penalty }));
}

export const cases: readonly GuardCase[] = [
  {
    guard: "simple_amount",
    about: "200 yuan for a citizen",
    passes: (world) => deciding(world, fine(world.basisId, 20_000)),
    refused: (world) => deciding(world, fine(world.basisId, 20_001)),
    code: "simple.penalty_too_heavy",
  },
  {
    guard: "simple_amount",
    about: "3 000 yuan for a unit",
    passes: (world) => deciding(world, fine(world.basisId, 300_000), { party: unitParty() }),
    refused: (world) => deciding(world, fine(world.basisId, 300_001), { party: unitParty() }),
    code: "simple.penalty_too_heavy",
  },
  {
    guard: "simple_amount",
    about: "a small trader has the citizen's limit",
    passes: (world) =>
      deciding(world, warningOnly(world.basisId), { party: unitParty({ kind: "individual_business" }) }),
    refused: (world) =>
      deciding(world, fine(world.basisId, 300_000), { party: unitParty({ kind: "individual_business" }) }),
    code: "simple.penalty_too_heavy",
  },
  {
    guard: "simple_amount",
    about: "other kinds of penalty",
    passes: (world) => deciding(world, warningOnly(world.basisId)),
    refused: (world) =>
      deciding(world, {
        ...fine(world.basisId, 10_000),
        kinds: ["fine", "confiscation"],
        confiscation: "三轮车",
      }),
    code: "simple.penalty_too_heavy",
  },
  {
    guard: "simple_presence",
    about: "in person",
    passes: (world) => world.context(world.verifiedClue(), onTheSpot(world)),
    refused: (world) => world.context(world.verifiedClue(), onTheSpot(world, { presence: "verified_video" })),
    code: "simple.not_on_the_spot",
  },
  {
    guard: "simple_presence",
    about: "at a window, where it has been enabled",
    passes: (world) => {
      world.parameters = { "simple.remoteEnabled": true };
      return world.context(world.verifiedClue(), onTheSpot(world, { presence: "at_window" }));
    },
    refused: (world) => world.context(world.verifiedClue(), onTheSpot(world, { presence: "at_window" })),
    code: "simple.not_on_the_spot",
  },
  {
    guard: "facts_told",
    about: "telling",
    passes: (world) => world.context(world.verifiedClue(), onTheSpot(world)),
    refused: (world) => world.context(world.verifiedClue(), onTheSpot(world, { factsTold: false })),
    code: "simple.facts_not_told",
  },
  {
    guard: "facts_told",
    about: "hearing",
    passes: (world) => world.context(world.verifiedClue(), onTheSpot(world)),
    refused: (world) => world.context(world.verifiedClue(), onTheSpot(world, { partyHeard: " " })),
    code: "simple.facts_not_told",
  },
];
