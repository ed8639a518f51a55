import type { InferenceCode, ModelLoadCode } from "./errors.ts";
import type { GraphFacts } from "./model-spec.ts";
import type { SkippedProvider } from "./open-session.ts";

/** What a thread needs to open a session of its own on a graph. */
export interface SessionSetup {
  readonly facts: GraphFacts;
  readonly executionProviders: readonly string[];
  /** The ONNX file, checked or prepared; one copy for all threads. */
  readonly graph: SharedArrayBuffer;
}

/** One at a time: the pixels lie in the session's `frame` until the answer has come. */
export type ToThread =
  | {
      readonly type: "load";
      /** The number by which frames for it will come. */
      readonly session: number;
      readonly setup: SessionSetup;
      /** Memory for the pixels of one frame. */
      readonly frame: SharedArrayBuffer;
    }
  | {
      readonly type: "detect";
      readonly session: number;
      readonly sourceWidth: number;
      readonly sourceHeight: number;
      readonly minScore: number;
    }
  | { readonly type: "close" };

export type FromThread =
  | { readonly type: "loaded"; readonly provider: string; readonly skipped: readonly SkippedProvider[] }
  | { readonly type: "refused"; readonly code: ModelLoadCode; readonly message: string }
  | {
      readonly type: "found";
      /** `FOUND_FIELDS` numbers per detection. */
      readonly found: Float64Array<ArrayBuffer>;
      readonly fillMs: number;
      readonly runMs: number;
      readonly decodeMs: number;
    }
  | { readonly type: "failed"; readonly code: InferenceCode; readonly message: string };
