import type { CandidateBuffer } from "./candidate-buffer.ts";
import type { Grid } from "./grid.ts";

/** Facts of a head after Generalized Focal Loss (arXiv 2006.04388). */
export interface GflHead {
  readonly classes: number;
  /** Logits a side of the box: reg_max + 1. */
  readonly bins: number;
  /** Where in its cell the point lies from which the sides are measured. */
  readonly anchorPoint: AnchorPoint;
}

/** `corner`: at the cell's top-left; `middle`: in its middle; `pixel-middle`: half a pixel before the middle. */
export type AnchorPoint = "corner" | "middle" | "pixel-middle";

/**
 * Decodes one level. Scores (sigmoid, one per class) and side logits may lie in the same rows (`concatenated`)
 * or in two tensors: `scoresAt`/`sidesAt` say where the first cell's begin, `scoreStep`/`sideStep` how far apart
 * cells are.
 */
export interface GflLevel {
  readonly scores: Float32Array;
  readonly scoresAt: number;
  readonly scoreStep: number;
  readonly sides: Float32Array;
  readonly sidesAt: number;
  readonly sideStep: number;
}

export function decodeGflLevel(
  head: GflHead,
  grid: Grid,
  level: GflLevel,
  minScore: number,
  into: CandidateBuffer,
): void {
  const offset = anchorOffset(head.anchorPoint, grid.stride);
  const { scores } = level;
  const { classes } = head;
  for (let cell = 0; cell < grid.cells; cell++) {
    const scoresAt = level.scoresAt + cell * level.scoreStep;
    for (let classIndex = 0; classIndex < classes; classIndex++) {
      const score = scores[scoresAt + classIndex] as number;
      if (!(score >= minScore)) continue;
      const sidesAt = level.sidesAt + cell * level.sideStep;
      const x = (cell % grid.columns) * grid.stride + offset;
      const y = Math.floor(cell / grid.columns) * grid.stride + offset;
      into.push(
        x - side(level.sides, sidesAt, head.bins) * grid.stride,
        y - side(level.sides, sidesAt + head.bins, head.bins) * grid.stride,
        x + side(level.sides, sidesAt + 2 * head.bins, head.bins) * grid.stride,
        y + side(level.sides, sidesAt + 3 * head.bins, head.bins) * grid.stride,
        score,
        classIndex,
      );
    }
  }
}

function anchorOffset(point: AnchorPoint, stride: number): number {
  if (point === "corner") return 0;
  return point === "middle" ? stride / 2 : (stride - 1) / 2;
}

/** Expectation of the distribution over 0 … bins − 1 that the logits stand for (softmax), in strides. */
function side(logits: Float32Array, from: number, bins: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let bin = 0; bin < bins; bin++) highest = Math.max(highest, logits[from + bin] as number);
  let sum = 0;
  let weighted = 0;
  for (let bin = 0; bin < bins; bin++) {
    const weight = Math.exp((logits[from + bin] as number) - highest);
    sum += weight;
    weighted += weight * bin;
  }
  return weighted / sum;
}
