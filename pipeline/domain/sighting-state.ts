import { num, type ShapeOf, text, tuple } from "./shape.ts";
import type { TrackSighting } from "./track-sighting.ts";
import type { Sighting } from "./types.ts";

/** A sighting as flat numbers: a snapshot holds hundreds of them. */
export const sightingShape = tuple(num, num, num, num, num, num, num);
export type SightingState = ShapeOf<typeof sightingShape>;

export function packSighting({ at, box, score }: Sighting): SightingState {
  return [at.capturedAt, at.ptsSec, ...box, score];
}

export function unpackSighting([capturedAt, ptsSec, x1, y1, x2, y2, score]: SightingState): Sighting {
  return { at: { capturedAt, ptsSec }, box: [x1, y1, x2, y2], score };
}

export const trackSightingShape = tuple(text, text, sightingShape);
export type TrackSightingState = ShapeOf<typeof trackSightingShape>;

export function packTrackSighting({ trackId, label, sighting }: TrackSighting): TrackSightingState {
  return [trackId, label, packSighting(sighting)];
}

export function unpackTrackSighting([trackId, label, sighting]: TrackSightingState): TrackSighting {
  return { trackId, label, sighting: unpackSighting(sighting) };
}
