import type { EpochMs } from "../pipeline/domain/types.ts";
import type { WallCamera, WallKind } from "../store/camera-status-read-model.ts";
import { type Column, textTable } from "./text-table.ts";

const COLUMNS: readonly Column[] = [
  { title: "CAMERA", maxWidth: 24 },
  { title: "NAME", maxWidth: 28 },
  { title: "STATE" },
  { title: "WORKER", maxWidth: 24 },
  { title: "SINCE", align: "right" },
  { title: "FPS", align: "right" },
  { title: "AGE", align: "right" },
  { title: "DROPPED", align: "right" },
  { title: "RESTARTS", align: "right" },
  { title: "STANDING", align: "right" },
  { title: "TODAY", align: "right" },
  { title: "SEEN", align: "right" },
  { title: "TASKS" },
];
const STATE_COLUMN = 2;
const NOTHING = "–";

const GREEN = 32;
const YELLOW = 33;
const RED = 31;
const COLOUR: Record<WallKind, number> = {
  watched: GREEN,
  finished: GREEN,
  starting: YELLOW,
  clock_off: YELLOW,
  view_moved: YELLOW,
  covered: RED,
  frozen: RED,
  blind: RED,
  offline: RED,
  disk_full: RED,
  unwatched: RED,
};

/** The wall as lines of text, heading first. */
export function statusTable(wall: readonly WallCamera[], now: EpochMs, coloured: boolean): string[] {
  return textTable(
    COLUMNS,
    wall.map((camera) => cellsOf(camera, now)),
    (text, row, column) => {
      const camera = wall[row];
      if (!coloured || column !== STATE_COLUMN || camera === undefined) return text;
      return `\u001B[${COLOUR[camera.kind]}m${text}\u001B[0m`;
    },
  );
}

function cellsOf(camera: WallCamera, now: EpochMs): string[] {
  const { status } = camera;
  return [
    camera.cameraId,
    camera.name,
    camera.kind,
    camera.workerId ?? NOTHING,
    camera.since === null ? NOTHING : duration(now - Date.parse(camera.since)),
    status === null ? NOTHING : status.analysedFps.toFixed(1),
    camera.lastFrameAgeMs === null ? NOTHING : duration(camera.lastFrameAgeMs),
    status === null ? NOTHING : percent(status.framesDropped, status.framesAnalysed + status.framesDropped),
    status === null ? NOTHING : String(status.capture.restarts),
    status === null ? NOTHING : String(status.standing),
    `${camera.candidatesToday}${camera.unconfirmedToday > 0 ? ` (+${camera.unconfirmedToday})` : ""}`,
    percent(camera.watchedToday, 1),
    camera.openTasks.join(","),
  ];
}

/** `800ms`, `12s`, `5m`, `3h`, `8d`: enough to see at a glance. */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 1) return `${Math.floor(seconds * 1000)}ms`;
  if (seconds < 120) return `${Math.floor(seconds)}s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

/** Nothing of nothing is no percentage. */
function percent(part: number, whole: number): string {
  return whole === 0 ? NOTHING : `${((100 * part) / whole).toFixed(1)}%`;
}
