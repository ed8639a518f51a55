import { createHash } from "node:crypto";
import type {
  Box,
  Camera,
  Candidate,
  Detection,
  FrameTime,
  Rule,
  WatchEvent,
} from "../pipeline/domain/types.ts";
import { CameraWatch } from "../pipeline/domain/watch.ts";

/** Made-up street scenes for the tests of dwell, rules and candidates. Everything is seeded. */

/** 2026-03-02 (a Monday) 10:00:00 in Shanghai. */
export const SCENE_START = Date.parse("2026-03-02T02:00:00Z");

export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

export function makeRule(changes: Partial<Rule> = {}): Rule {
  return {
    id: "parking",
    violation: "vehicle_sidewalk",
    zone: "pavement",
    labels: ["car", "truck", "bus"],
    minScore: 0.35,
    dwellSeconds: 60,
    stationary: true,
    minCount: 1,
    graceSeconds: 600,
    schedule: [],
    ...changes,
  };
}

export function makeCamera(rules: readonly Rule[] = [makeRule()]): Camera {
  return {
    id: "cam-test",
    name: "测试路 1 号",
    region: "510107",
    location: { lat: 30.64, lon: 104.07, place: "测试路" },
    analysis: { model: "default", fps: 2, watch: "full" },
    privacyMasks: [],
    zones: [
      {
        id: "pavement",
        polygon: [
          [0.05, 0.4],
          [0.95, 0.4],
          [0.95, 0.95],
          [0.05, 0.95],
        ],
      },
    ],
    rules,
  };
}

/** Small deterministic generator (mulberry32), 0 ≤ x < 1. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What the detector reports of one object at `sec` seconds into the scene; null: nothing. */
export type Actor = (sec: number) => Detection | null;

export interface ActorLook {
  readonly from?: number;
  readonly to?: number;
  readonly label?: string;
  readonly score?: number;
  /** Share of the frames in which the detector sees it. */
  readonly seen?: number;
  /** Box jitter as a share of the box size. */
  readonly jitter?: number;
  readonly random?: () => number;
}

/** An object at `place`, a fixed box or one that depends on the time. */
export function actor(place: Box | ((sec: number) => Box), look: ActorLook = {}): Actor {
  const { from = 0, to = Number.POSITIVE_INFINITY, label = "car", score = 0.8 } = look;
  const { seen = 1, jitter = 0, random = seeded(1) } = look;
  return (sec) => {
    if (sec < from || sec >= to || random() >= seen) return null;
    const [x1, y1, x2, y2] = typeof place === "function" ? place(sec) : place;
    const shift = () => (random() - 0.5) * 2 * jitter;
    const dx = (x2 - x1) * shift();
    const dy = (y2 - y1) * shift();
    const grow = 1 + shift() / 2;
    const halfWidth = ((x2 - x1) / 2) * grow;
    const halfHeight = ((y2 - y1) / 2) * grow;
    const cx = (x1 + x2) / 2 + dx;
    const cy = (y1 + y2) / 2 + dy;
    return { label, score, box: [cx - halfWidth, cy - halfHeight, cx + halfWidth, cy + halfHeight] };
  };
}

export function moved(box: Box, dx: number, dy = 0): Box {
  return [box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy];
}

/** Seconds of every frame of a stream, `fps` a second from 0 to `durationSec`. */
export function frameTimes(fps: number, durationSec: number): number[] {
  return Array.from({ length: Math.floor(durationSec * fps) + 1 }, (_, index) => index / fps);
}

/** One frame as the watch gets it. */
export interface SceneFrame {
  readonly at: FrameTime;
  readonly detections: readonly Detection[];
}

/** What the detector reports of the actors at the given seconds: made once, it can be played again and again. */
export function film(actors: readonly Actor[], seconds: readonly number[]): SceneFrame[] {
  return seconds.map((sec) => ({
    at: sceneTime(sec),
    detections: actors.map((act) => act(sec)).filter((detection) => detection !== null),
  }));
}

/** The time `sec` seconds into the scene. */
export function sceneTime(sec: number): FrameTime {
  return { capturedAt: SCENE_START + Math.round(sec * 1000), ptsSec: sec };
}

export function newWatch(camera: Camera = makeCamera(), resume?: unknown): CameraWatch {
  return new CameraWatch(camera, { hash: sha256 }, { resume });
}

/** Gives the frames to the watch; returns what it reports. */
export function watchFrames(watch: CameraWatch, frames: readonly SceneFrame[]): WatchEvent[] {
  return frames.flatMap(({ at, detections }) => watch.observe(detections, at));
}

/** Another watch that goes on from the state of this one, as read from a database. */
export function passedOn(watch: CameraWatch, camera: Camera = makeCamera()): CameraWatch {
  return newWatch(camera, JSON.parse(JSON.stringify(watch.state())));
}

export function candidatesOf(events: readonly WatchEvent[]): Candidate[] {
  return events.flatMap((event) => (event.type === "triggered" ? [event.candidate] : []));
}

export interface Played {
  readonly events: readonly WatchEvent[];
  readonly candidates: readonly Candidate[];
  readonly watch: CameraWatch;
}

/** Plays the actors at the given seconds through a camera's watch, to the end of the stream. */
export function play(
  actors: readonly Actor[],
  seconds: readonly number[],
  camera: Camera = makeCamera(),
): Played {
  const watch = newWatch(camera);
  const events = [...watchFrames(watch, film(actors, seconds)), ...watch.finish(null)];
  return { events, candidates: candidatesOf(events), watch };
}

/** Seconds into the scene of an instant. */
export function sceneSec({ capturedAt }: { readonly capturedAt: number }): number {
  return (capturedAt - SCENE_START) / 1000;
}
