import type { ModelLoadCode } from "../errors.ts";
import type { ChosenPlan, PreparationRequest } from "./choose-plan.ts";

/** What a preparing thread is started with. */
export interface PreparationSetup {
  /** The checked model file. */
  readonly model: SharedArrayBuffer;
  readonly request: PreparationRequest;
  readonly executionProviders: readonly string[];
}

export type FromPreparation =
  | ({ readonly type: "prepared" } & ChosenPlan)
  | { readonly type: "refused"; readonly code: ModelLoadCode; readonly message: string };
