import type { StepContext } from "../engine.ts";
import type { GuardName } from "../guard-names.ts";
import type { TestWorld } from "./world.ts";

/**
 * One guard seen from both sides, each in a new world: a step it lets through, and one it refuses with `code`. A guard
 * that refuses for more than one reason has more than one case.
 */
export interface GuardCase {
  readonly guard: GuardName;
  /** What is different, where a guard has several cases. */
  readonly about?: string;
  readonly passes: (world: TestWorld) => StepContext;
  readonly refused: (world: TestWorld) => StepContext;
  readonly code: string;
}
