import type { CandidateBuffer } from "./candidate-buffer.ts";

/** A dimension of an output: a number it must be, or a letter that must stand for the same number everywhere. */
export type ExpectedDim = number | string;

/** One output the decoder reads. */
export interface ExpectedOutput {
  /** What it holds, for the message when it does not fit: `class scores at stride 8`. */
  readonly what: string;
  readonly dims: readonly ExpectedDim[];
}

/** Reads one output layout. Pure: numbers in, candidates out. */
export interface Decoder {
  /** The outputs in the order in which `decode` takes them. */
  readonly outputs: readonly ExpectedOutput[];
  /** Whether several cells may report the same object, so that suppression must follow. */
  readonly overlapping: boolean;
  /** Adds every candidate with score ≥ minScore to `into`; boxes in input pixels. */
  decode(outputs: readonly Float32Array[], minScore: number, into: CandidateBuffer): void;
}

/** Width and height of the model's input in pixels. */
export interface InputSize {
  readonly width: number;
  readonly height: number;
}
