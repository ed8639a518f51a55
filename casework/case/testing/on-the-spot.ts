import type { DiscretionFindings } from "../../discretion/findings.ts";
import type { StepOf } from "../step-input.ts";
import { fine } from "./builders.ts";
import type { TestWorld } from "./world.ts";

/** Findings that give 200 yuan in the world's street vending: as much as a citizen can be fined on the spot. */
export function smallFindings(world: TestWorld): DiscretionFindings {
  return world.findings({ fractionPermille: 10 });
}

/** 200 yuan on the spot, to be paid at the bank. */
export function onTheSpot(
  world: TestWorld,
  other: Partial<StepOf<"decide_on_the_spot">> = {},
): StepOf<"decide_on_the_spot"> {
  return {
    step: "decide_on_the_spot",
    penalty: fine(world.basisId, 20_000),
    findings: smallFindings(world),
    factsTold: true,
    partyHeard: "当事人表示无异议",
    certificateShown: true,
    presence: "in_person",
    signed: "signed",
    collectedOnSpot: "no",
    ...other,
  };
}
