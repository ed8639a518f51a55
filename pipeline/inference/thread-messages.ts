import type { InferenceCode, ModelLoadCode } from "./errors.ts";
import type { ModelSpec } from "./model-spec.ts";
import type { SkippedProvider } from "./open-session.ts";

/** What an inference thread is started with. */
export interface ThreadSetup {
  readonly spec: ModelSpec;
  readonly labelCount: number;
  readonly executionProviders: readonly string[];
  /** The checked model file, one copy for all threads. */
  readonly model: SharedArrayBuffer;
  /** The pixels of the one frame that this thread is judging. */
  readonly frame: SharedArrayBuffer;
}

/** One at a time: the pixels lie in `ThreadSetup.frame` until the answer has come. */
export type ToThread =
  | {
      readonly type: "detect";
      readonly sourceWidth: number;
      readonly sourceHeight: number;
      readonly minScore: number;
    }
  | { readonly type: "close" };

export type FromThread =
  | { readonly type: "ready"; readonly provider: string; readonly skipped: readonly SkippedProvider[] }
  | { readonly type: "refused"; readonly code: ModelLoadCode; readonly message: string }
  /** `FOUND_FIELDS` numbers per detection. */
  | { readonly type: "found"; readonly found: Float64Array<ArrayBuffer> }
  | { readonly type: "failed"; readonly code: InferenceCode; readonly message: string };
