import type { Box } from "../../domain/types.ts";
import type { PictureSize } from "../picture-region.ts";
import { boxOverlap } from "./box-overlap.ts";
import { widen } from "./find-private.ts";
import { headOf, riderHeadOf } from "./head.ts";
import { isTwoWheeler, isVehicle, PERSON } from "./labels.ts";
import { CLEAR_MARGIN, type MaskSubject } from "./mask-subject.ts";
import type { PrivateRegion } from "./private-region.ts";

/** What is hidden of one picture, in two layers. */
export interface MaskLayers {
  /** Hidden wherever it lies, in front of the subject too. */
  readonly above: readonly PrivateRegion[];
  /** Vehicles that stand behind the subject: hidden everywhere but in `kept`. */
  readonly behind: readonly PrivateRegion[];
  /** Where the subject itself is, with some room; null where it was not found, or there is none. */
  readonly kept: Box | null;
}

/** From this overlap (IoU) on, what fits the subject's box best is the subject itself. */
export const SUBJECT_IOU = 0.6;
/** From this overlap (IoU) on, a vehicle is the subject once more, by another name: of a second one nothing would be seen. */
const TWIN_IOU = 0.9;
/** A vehicle stands in front when its wheels are lower in the picture than the subject's by this share of its height. */
const IN_FRONT_SHARE = 0.05;
/** What covers this share of the subject and is so many times as large would leave nothing of it to be found. */
const PHANTOM = { covers: 0.95, times: 4 } as const;
/** From this share on a region lies in another. */
const INSIDE_SHARE = 0.7;
/**
 * On a vehicle that the copy is about, detectors have to be surer than elsewhere: what they take for persons and faces at
 * their low bar is mostly lamps, grilles and its plate, and a copy that hides those shows nothing. Not so on a two-wheeler:
 * nothing stands between its rider and the camera.
 */
const ON_VEHICLE = { object: 0.3, faceAtWindows: 0.3, faceBelow: 0.8 } as const;
/** Windows lie in this upper share of a vehicle's box, plates below. */
const WINDOW_SHARE = 0.5;

/**
 * Sorts what was found by what has to be hidden besides the subject. A head or a face is hidden even on the subject;
 * its own plate stays, it is what the evidence is about. What stands in front of the subject is hidden whole.
 */
export function besidesSubject(
  regions: readonly PrivateRegion[],
  subject: MaskSubject | null,
  size: PictureSize,
): MaskLayers {
  if (subject === null) return { above: regions, behind: [], kept: null };
  const own = ownVehicle(regions, subject);
  const kept = own?.box ?? (isVehicle(subject.label) ? null : widen(subject.box, CLEAR_MARGIN));
  const others = regions.filter((region) => region.kind === "vehicle" && !isOwn(region, own));
  const inFront = others.filter(
    (vehicle) => standsInFront(vehicle, subject) && !(own !== undefined && isPhantom(vehicle, own)),
  );
  const behind = others.filter((vehicle) => !inFront.includes(vehicle));
  const parts = regions.filter(
    (region) => region.kind !== "vehicle" && !isPartOfSubject(region, subject, others),
  );
  return { above: [...headsOfSubject(subject, size), ...parts, ...inFront], behind, kept };
}

/** Of all vehicles of its kind the one that fits the subject's box best, if it fits at all. */
function ownVehicle(regions: readonly PrivateRegion[], subject: MaskSubject): PrivateRegion | undefined {
  if (!isVehicle(subject.label)) return undefined;
  const fits = (region: PrivateRegion) => boxOverlap(region.box, subject.box).iou;
  return regions
    .filter(({ kind, label }) => kind === "vehicle" && isTwoWheeler(label) === isTwoWheeler(subject.label))
    .filter((region) => fits(region) >= SUBJECT_IOU)
    .sort((one, other) => fits(other) - fits(one))[0];
}

function isOwn(vehicle: PrivateRegion, own: PrivateRegion | undefined): boolean {
  return own !== undefined && (vehicle === own || boxOverlap(vehicle.box, own.box).iou >= TWIN_IOU);
}

/** The detectors may miss the subject in just this picture; its box is known all the same. */
function headsOfSubject({ box: subjectBox, label }: MaskSubject, size: PictureSize): PrivateRegion[] {
  const head = (box: Box): PrivateRegion => ({ kind: "head", box, score: 1, label });
  if (label === PERSON) return [head(headOf(subjectBox, size).box)];
  return isTwoWheeler(label) ? [head(riderHeadOf(subjectBox))] : [];
}

/** A vehicle's own plate, and what is on it but is too unsure for a person. */
function isPartOfSubject(
  { kind, box, score }: PrivateRegion,
  subject: MaskSubject,
  otherVehicles: readonly PrivateRegion[],
): boolean {
  if (!isVehicle(subject.label) || !liesIn(box, subject.box)) return false;
  if (kind === "plate") return !otherVehicles.some((vehicle) => liesIn(box, vehicle.box));
  if (isTwoWheeler(subject.label)) return false;
  if (kind !== "face") return score < ON_VEHICLE.object;
  return score < (isAtWindows(box, subject.box) ? ON_VEHICLE.faceAtWindows : ON_VEHICLE.faceBelow);
}

function liesIn(inner: Box, outer: Box): boolean {
  return boxOverlap(inner, outer).ofFirst >= INSIDE_SHARE;
}

function isAtWindows(face: Box, vehicle: Box): boolean {
  return (face[1] + face[3]) / 2 < vehicle[1] + (vehicle[3] - vehicle[1]) * WINDOW_SHARE;
}

function standsInFront({ box, label, score }: PrivateRegion, subject: MaskSubject): boolean {
  if (score < ON_VEHICLE.object || boxOverlap(box, subject.box).ofFirst === 0) return false;
  // Where the wheels are does not tell for something small: it is hidden to be sure.
  if (isTwoWheeler(label) && !isTwoWheeler(subject.label)) return true;
  return box[3] > subject.box[3] + (subject.box[3] - subject.box[1]) * IN_FRONT_SHARE;
}

/** Said to stand before all of the subject, which was found all the same, and more surely: it does not. */
function isPhantom(vehicle: PrivateRegion, own: PrivateRegion): boolean {
  const { ofFirst, ofSecond } = boxOverlap(own.box, vehicle.box);
  return own.score > vehicle.score && ofFirst >= PHANTOM.covers && ofSecond * PHANTOM.times <= ofFirst;
}
