import { groupShape } from "./group-watch.ts";
import { samplingShape } from "./sampling.ts";
import { BadSnapshotError, list, literal, nullable, num, record, type ShapeOf, text } from "./shape.ts";
import { bookShape } from "./stay-book.ts";
import { trackerShape } from "./tracking/tracker-state.ts";

/** Another shape of the snapshot, or another meaning of it, is another number. */
export const SNAPSHOT_SCHEMA = 1;

const snapshotShape = record({
  schema: literal(SNAPSHOT_SCHEMA),
  cameraId: text,
  last: nullable(record({ capturedAt: num, ptsSec: num })),
  restarts: num,
  sampling: samplingShape,
  tracker: trackerShape,
  desks: list(record({ name: text, book: bookShape, groups: list(groupShape) })),
});

/** What a watch knows, as plain JSON: a few kilobytes for each object that stands. */
export type WatchSnapshot = ShapeOf<typeof snapshotShape>;

/** Checks what is said to be a snapshot of this camera; throws `BadSnapshotError` (`watch.bad_snapshot`). */
export function parseSnapshot(value: unknown, cameraId: string): WatchSnapshot {
  const snapshot = snapshotShape(value, "");
  if (snapshot.cameraId === cameraId) return snapshot;
  throw new BadSnapshotError("cameraId", `is ${snapshot.cameraId}, not ${cameraId}`);
}
