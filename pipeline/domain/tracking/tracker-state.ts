import { boxShape, flag, list, nullable, num, record, type ShapeOf, text, tuple } from "../shape.ts";
import type { Track } from "./track.ts";

const axisShape = record({ x: num, v: num, pxx: num, pxv: num, pvv: num });
const instantShape = record({ sec: num, at: num });

const trackShape = record({
  id: text,
  group: text,
  votes: list(tuple(text, num)),
  state: record({ cx: axisShape, cy: axisShape, logWidth: axisShape, logHeight: axisShape }),
  place: record({ box: boxShape, sinceSec: num, lastSec: num, sightings: num, elsewhere: num }),
  standing: flag,
  hits: num,
  confirmed: flag,
  score: num,
  first: instantShape,
  last: instantShape,
  measured: nullable(boxShape),
});

/** A tracker as plain data: what it takes to go on as if nothing had been. */
export const trackerShape = record({
  tracks: list(trackShape),
  gapsSec: list(num),
  born: num,
  clockSec: num,
  lookSec: num,
  lastAt: nullable(num),
  lookAt: nullable(num),
});
export type TrackerState = ShapeOf<typeof trackerShape>;

export function packTrack(track: Track): ShapeOf<typeof trackShape> {
  return { ...track, votes: [...track.votes] };
}

export function unpackTrack(track: ShapeOf<typeof trackShape>): Track {
  return { ...track, votes: new Map(track.votes) };
}
