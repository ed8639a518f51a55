import type { Box, Detection } from "../../domain/types.ts";
import type { PictureSize, Region } from "../picture-region.ts";
import { boxOverlap } from "./box-overlap.ts";
import type { MaskingDetectors, RgbPicture } from "./finder.ts";
import { headOf, riderHeadOf } from "./head.ts";
import { isVehicle, PERSON, PLATE, RIDDEN } from "./labels.ts";
import { mapLimited } from "./map-limited.ts";
import type { PrivateRegion } from "./private-region.ts";
import { tilesFor } from "./tiles.ts";

/** Room around a found face, as a share of its box: forehead, chin and ears lie outside what detectors call a face. */
const FACE_MARGIN = 0.35;
const PLATE_MARGIN = 0.2;
const VEHICLE_MARGIN = 0.03;
/** Boxes of one label that overlap more than this (IoU) are one thing, seen in two tiles. */
const SAME_IOU = 0.6;
/** A picture may have hundreds of tiles, and each waits with its pixels: so many are looked at or got ready at once. */
const TILES_AT_ONCE = 4;
/** So near its tile's upper edge, as a share of its height, a person is cut off there: the head is in another tile. */
const CUT_OFF = 0.01;

/** What detectors say of one picture. */
export interface PrivateLook {
  /** Everything that may show who somebody is. */
  readonly regions: readonly PrivateRegion[];
  /** What the detector of persons and vehicles found, as it found it. */
  readonly objects: readonly Detection[];
}

/**
 * Everything in a picture that may show who somebody is, the subject's own parts included: `besidesSubject` says
 * what of it stays visible.
 *
 * @param coarseness looks in tiles so many times as large: cheaper, and blind to what is small
 * @throws InferenceError when a detector fails
 */
export async function lookForPrivate(
  picture: RgbPicture,
  detectors: MaskingDetectors,
  coarseness = 1,
): Promise<PrivateLook> {
  const finders = [
    detectors.objects,
    detectors.faces,
    ...(detectors.plates === null ? [] : [detectors.plates]),
  ];
  const looks = finders.flatMap((finder, place) =>
    tilesFor(picture.size, finder.smallestTile * coarseness).map((tile) => ({ finder, place, tile })),
  );
  const found = await mapLimited(looks, TILES_AT_ONCE, async ({ finder, place, tile }) => {
    const inTile = await finder.find(picture, tile);
    return { place, inTile: inTile.flatMap((detection) => fromTile(detection, tile, picture.size)) };
  });
  const [objects = [], faces = [], plates = []] = finders.map((_finder, wanted) =>
    withoutRepeats(found.filter(({ place }) => place === wanted).flatMap(({ inTile }) => inTile)),
  );
  const regions = [
    ...objects.flatMap((object) => regionsOfObject(object, picture.size)),
    ...faces.map((face) => hide("face", face, widen(face.box, FACE_MARGIN))),
    ...plates
      .filter(({ label }) => label === PLATE)
      .map((plate) => hide("plate", plate, widen(plate.box, PLATE_MARGIN))),
  ];
  return { regions, objects };
}

/** The regions of `lookForPrivate` alone. @throws InferenceError when a detector fails */
export async function findPrivate(
  picture: RgbPicture,
  detectors: MaskingDetectors,
): Promise<readonly PrivateRegion[]> {
  return (await lookForPrivate(picture, detectors)).regions;
}

/** What is hidden of one detected object; pure. */
export function regionsOfObject(found: Detection, size: PictureSize): PrivateRegion[] {
  const regions: PrivateRegion[] = [];
  if (isVehicle(found.label)) regions.push(hide("vehicle", found, widen(found.box, VEHICLE_MARGIN)));
  if (RIDDEN.has(found.label)) regions.push(hide("head", found, riderHeadOf(found.box)));
  if (found.label === PERSON) {
    const { box, whole } = headOf(found.box, size);
    regions.push(hide(whole ? "person" : "head", found, box));
  }
  return regions;
}

/** From 0–1 of the tile to 0–1 of the picture; nothing for what lacks its head there. */
function fromTile({ box, label, score }: Detection, tile: Region, size: PictureSize): Detection[] {
  const headless = label === PERSON && tile.top > 0 && box[1] < CUT_OFF;
  if (headless) return [];
  const x = (value: number) => (tile.left + value * tile.width) / size.width;
  const y = (value: number) => (tile.top + value * tile.height) / size.height;
  return [{ box: [x(box[0]), y(box[1]), x(box[2]), y(box[3])], label, score }];
}

function withoutRepeats(detections: readonly Detection[]): Detection[] {
  const kept: Detection[] = [];
  for (const detection of [...detections].sort((a, b) => b.score - a.score)) {
    const same = kept.some(
      (other) => other.label === detection.label && boxOverlap(other.box, detection.box).iou > SAME_IOU,
    );
    if (!same) kept.push(detection);
  }
  return kept;
}

function hide(kind: PrivateRegion["kind"], { score, label }: Detection, box: Box): PrivateRegion {
  return { kind, box, score, label };
}

/** The box with room on every side, a share of its width and height, cut at the picture's edge. */
export function widen([x1, y1, x2, y2]: Box, margin: number): Box {
  const sideways = (x2 - x1) * margin;
  const upright = (y2 - y1) * margin;
  return [
    Math.max(0, x1 - sideways),
    Math.max(0, y1 - upright),
    Math.min(1, x2 + sideways),
    Math.min(1, y2 + upright),
  ];
}
