import { area, iou, overlapOfSmaller } from "../box.ts";
import type { Box } from "../types.ts";

/** Where an object has kept standing: its full box there, since when, seen how often. */
export interface Place {
  readonly box: Box;
  readonly sinceSec: number;
  readonly lastSec: number;
  readonly sightings: number;
  /** Sightings in a row that lay elsewhere: one odd box (two cars seen as one) moves nobody. */
  readonly elsewhere: number;
}

/** What a sighting says about a place. `part`: a piece of the object, the rest is hidden. */
export type View = "full" | "part" | "elsewhere";

const FULL_VIEW_IOU = 0.6;
const PART_INSIDE = 0.8;
const SMALLEST_PART = 0.15;
/** The place follows its sightings this slowly, so that a creeping object leaves it. */
const SETTLE_SEC = 10;
const ELSEWHERE_TO_LEAVE = 2;

export function placeAt(box: Box, sec: number): Place {
  return { box, sinceSec: sec, lastSec: sec, sightings: 1, elsewhere: 0 };
}

export function isStanding(place: Place, standAfterSec: number): boolean {
  return place.sightings >= 3 && place.lastSec - place.sinceSec >= standAfterSec;
}

export function viewOf(place: Place, measured: Box): View {
  if (iou(place.box, measured) >= FULL_VIEW_IOU) return "full";
  return isPartOf(place.box, measured) ? "part" : "elsewhere";
}

/** Whether `measured` may be a visible piece of an object whose whole box is `whole`. */
export function isPartOf(whole: Box, measured: Box): boolean {
  const share = area(measured) / area(whole);
  return share >= SMALLEST_PART && share <= 1 && overlapOfSmaller(whole, measured) >= PART_INSIDE;
}

/**
 * The place after one more sighting. Only full views shape it. Before the object stands, anything but a full
 * view starts a new place; once it stands, parts keep it and it takes two sightings elsewhere to leave.
 */
export function afterSighting(place: Place, measured: Box, sec: number, standing: boolean): Place {
  const view = viewOf(place, measured);
  if (view === "full") {
    const weight = Math.max(1 / (place.sightings + 1), 1 - Math.exp(-(sec - place.lastSec) / SETTLE_SEC));
    return {
      ...place,
      box: blend(place.box, measured, weight),
      lastSec: sec,
      sightings: place.sightings + 1,
      elsewhere: 0,
    };
  }
  if (!standing) return placeAt(measured, sec);
  if (view === "part") return { ...place, lastSec: sec, sightings: place.sightings + 1, elsewhere: 0 };
  return place.elsewhere + 1 >= ELSEWHERE_TO_LEAVE
    ? placeAt(measured, sec)
    : { ...place, elsewhere: place.elsewhere + 1 };
}

function blend(from: Box, to: Box, weight: number): Box {
  const mix = (a: number, b: number) => a + weight * (b - a);
  return [mix(from[0], to[0]), mix(from[1], to[1]), mix(from[2], to[2]), mix(from[3], to[3])];
}
