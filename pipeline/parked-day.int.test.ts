import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type DayPlan, day, filmedStreet } from "../test-fixtures/tracks/day.ts";
import { makeCamera, makeRule, newWatch, passedOn, SCENE_START } from "../test-fixtures/watch-scene.ts";
import { iou } from "./domain/box.ts";
import type { Log } from "./domain/ports.ts";
import type { Detection, WatchEvent } from "./domain/types.ts";
import { readFrames } from "./media/frame-reader.ts";
import { probe } from "./media/probe.ts";
import { openDetector } from "./open-detector.ts";

const packageRoot = fileURLToPath(new URL("..", import.meta.url));
const clip = join(packageRoot, "..", "shared", "footage", "clips", "vtest.avi");
const skipped = existsSync(clip) ? "" : ` (skipped: there is no ${clip})`;
const quiet = () => undefined;
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

const HOUR = 3_600;
/** A van and a car stand at the top right from the first frame to the last. */
const VAN = {
  name: "van",
  box: [0.8348, 0.0724, 0.9433, 0.1767],
  from: 0,
  to: 25 * HOUR,
  score: 0.43,
} as const;
const CAR = {
  name: "car",
  box: [0.9523, 0.087, 0.9976, 0.1642],
  from: 0,
  to: 25 * HOUR,
  score: 0.45,
} as const;
const PLAN: DayPlan = {
  seed: 7,
  startMs: SCENE_START,
  stepSec: 2,
  sec: 24 * HOUR,
  night: [8.5 * HOUR, 20.5 * HOUR],
  busStop: [0.8, 0.02, 0.96, 0.3],
  parked: [VAN, CAR],
};
const CAMERA = {
  ...makeCamera([makeRule({ zone: "kerb", dwellSeconds: 300 })]),
  zones: [
    {
      id: "kerb",
      polygon: [
        [0.82, 0.05],
        [1, 0.05],
        [1, 0.2],
        [0.82, 0.2],
      ] as const,
    },
  ],
};

/** Persons and false things are most of what is seen, cost most of the time, and are never joined with vehicles. */
const VEHICLES = ["car", "truck", "bus"];

/** What the default model sees of vehicles in the clip, a frame every two seconds. */
async function detectionsOfClip(): Promise<Detection[][]> {
  const detector = await openDetector({
    modelId: "default",
    modelsDir: join(packageRoot, ".forewarn", "models"),
    packageRoot,
    executionProviders: ["cpu"],
    threads: 2,
    log,
  });
  const recording: Detection[][] = [];
  const { signal } = new AbortController();
  const source = { url: clip, transport: "tcp", pace: "fast", loop: false } as const;
  const facts = await probe(clip, { ffprobePath: "ffprobe", transport: "tcp", timeoutMs: 20_000, signal });
  await readFrames(
    {
      ffmpegPath: "ffmpeg",
      source,
      probe: facts,
      format: detector.format,
      fps: 0.5,
      watch: "full",
      startedAtMs: SCENE_START,
      signal,
      maxInFlight: 1,
      log,
    },
    async (frame) => {
      const seen = await detector.detect(frame, 0.1);
      recording.push(seen.filter(({ label }) => VEHICLES.includes(label)));
    },
  );
  await detector.close();
  return recording;
}

describe(`real detections for 24 hours through night, buses, reconnects and new workers${skipped}`, () => {
  it.skipIf(skipped !== "")("make one candidate of the parked van and one of the parked car", async () => {
    const recording = await detectionsOfClip();
    expect(recording.length).toBeGreaterThanOrEqual(39);
    let watch = newWatch(CAMERA);
    const events: WatchEvent[] = [];
    for (const frame of day(PLAN, filmedStreet(PLAN, recording))) {
      if (frame.passedOn) watch = passedOn(watch, CAMERA);
      events.push(...watch.observe(frame.detections, frame.at));
    }
    const places = events.map((event) =>
      event.type === "ended"
        ? "ended"
        : (PLAN.parked.find(({ box }) => iou(box, event.candidate.box) > 0.5)?.name ?? "-"),
    );
    expect(places.sort()).toEqual(["car", "van"]);
    const state = watch.state();
    expect(JSON.stringify(state).length).toBeLessThan(150_000);
  });
});
