import type { OnnxModel } from "../onnx-model.ts";
import { compareCandidates, type Tolerance } from "./agreement.ts";
import type { StreamColour } from "./colour.ts";
import { UnsuitableGraphError } from "./errors.ts";
import type { Size } from "./fit-shape.ts";
import type { Plan } from "./plan.ts";
import { SyntheticPicture } from "./synthetic-picture.ts";

const SEEDS = [1, 2, 3];
/** Candidates of one picture that are compared, the best ones. */
const COMPARED = 100;
/** Low, for these pictures show nothing that a detector knows. */
const MIN_SCORE = 0.002;

/** Colour and class cut are the same arithmetic in another order, but for rounding to whole RGB levels. */
const SAME_SHAPE: Tolerance = { iou: 0.9, score: 0.1, part: 0.95 };
/**
 * Where margins are cut off, zeros take the place of grey, and scores this low feel it. A graph that is put
 * together wrongly gives none of the boxes.
 */
const OTHER_SHAPE: Tolerance = { iou: 0.7, score: 1, part: 0.8 };

/** The candidates of the plain path on the pictures every plan is checked with. */
export interface Reference {
  readonly pictures: readonly SyntheticPicture[];
  readonly found: readonly Float64Array[];
}

/** Judges the synthetic pictures by the plain path. */
export async function referenceOf(plain: OnnxModel, source: Size, colour: StreamColour): Promise<Reference> {
  const pictures = SEEDS.map((seed) => new SyntheticPicture(seed, source, colour));
  const found: Float64Array[] = [];
  for (const picture of pictures) found.push(await judge(plain, picture, source));
  return { pictures, found };
}

/**
 * Refuses a prepared graph that does not find what the plain path finds.
 *
 * @param kept the class index of the plain path for each of the prepared one
 * @throws UnsuitableGraphError
 */
export async function checkAgainst(
  reference: Reference,
  prepared: OnnxModel,
  plan: Plan,
  kept: readonly number[],
  source: Size,
): Promise<void> {
  const tolerance = plan.size === undefined ? SAME_SHAPE : OTHER_SHAPE;
  let compared = 0;
  let agreeing = 0;
  for (const [index, picture] of reference.pictures.entries()) {
    const plain = reference.found[index] ?? new Float64Array();
    const own = await judge(prepared, picture, source);
    const result = compareCandidates(plain, own, kept, tolerance, COMPARED);
    compared += result.compared;
    agreeing += result.agreeing;
  }
  if (compared === 0) throw new UnsuitableGraphError("the plain path finds nothing to compare with");
  if (agreeing >= tolerance.part * compared) return;
  throw new UnsuitableGraphError(
    `only ${agreeing} of ${compared} candidates are the plain path's (IoU ≥ ${tolerance.iou}, score within ${tolerance.score * 100} %)`,
  );
}

async function judge(model: OnnxModel, picture: SyntheticPicture, source: Size): Promise<Float64Array> {
  // Both paths get the picture at the same pixels: one pixel aside, the weakest candidates are others.
  const placing = { ...model.format, pixelFormat: "yuv420p" } as const;
  model.fill(picture.frame(model.format, placing));
  return model.decodeAll(await model.run(), source, MIN_SCORE, placing);
}
