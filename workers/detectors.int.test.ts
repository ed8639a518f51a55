import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Detector } from "../pipeline/domain/ports.ts";
import { frameBytes } from "../pipeline/domain/ports.ts";
import { type DetectorRequest, Detectors } from "./detectors.ts";

let modelsDir: string;
let detectors: Detectors;
/** Messages of the log, in order. */
let said: string[] = [];

beforeAll(async () => {
  modelsDir = await mkdtemp(join(tmpdir(), "forewarn-detectors-"));
});
afterAll(() => rm(modelsDir, { recursive: true, force: true }));
afterEach(() => detectors.close());

function open(inferenceThreads = 1): Detectors {
  said = [];
  const write = (line: string) => void said.push(JSON.parse(line).msg);
  const log = pino({ level: "debug" }, { write });
  detectors = new Detectors({ modelsDir, executionProviders: ["cpu"], inferenceThreads }, log);
  return detectors;
}

const stream = { width: 1920, height: 1080, matrix: "bt709", range: "limited" } as const;
const street = { modelId: "default", stream, labelsInUse: ["car", "person"] } as const;
const camera = (key: string, change: Partial<DetectorRequest> = {}) => ({ ...street, ...change, key });
/** Graphs that were put into the threads. */
const loads = () => said.filter((message) => message === "model loaded").length;

/** A frame with stripes, so that the model has something to say at a low score. */
function frame({ format }: Detector) {
  const pixels = Uint8Array.from({ length: frameBytes(format) }, (_, at) => (at % 97) + 60);
  return { pixels, sourceWidth: stream.width, sourceHeight: stream.height };
}

describe("Detectors", () => {
  it("shares a graph among the cameras for which it is the same", async () => {
    open();
    const [first, second, other] = await Promise.all([
      detectors.get(camera("a")),
      // The model stretches pictures, so their size makes no difference.
      detectors.get(camera("b", { modelId: "centernet", stream: { ...stream, width: 1280, height: 720 } })),
      detectors.get(camera("c", { labelsInUse: ["bus"] })),
    ]);
    expect(loads()).toBe(2);
    expect([first.labels, second.labels, other.labels]).toEqual([
      ["person", "car"],
      ["person", "car"],
      ["bus"],
    ]);
    expect(first.format.pixelFormat).toBe("yuv420p");
    expect(await first.detect(frame(first), 0.01)).toEqual(await second.detect(frame(second), 0.01));
    expect(detectors.stats()).toMatchObject({ runs: 2, waiting: 0 });

    const plain = await detectors.get("default");
    expect(plain.format.pixelFormat).toBe("rgb24");
    expect(plain.labels).toHaveLength(80);
    expect(loads()).toBe(3);
  });

  it("takes no frames of a camera that has let its detector go, and goes on for the others", async () => {
    open();
    const [gone, stays] = await Promise.all([detectors.get(camera("a")), detectors.get(camera("b"))]);
    await gone.close();
    await gone.close();
    await expect(gone.detect(frame(gone), 0.3)).rejects.toMatchObject({ code: "inference.closed" });
    await expect(stays.detect(frame(stays), 0.3)).resolves.toBeInstanceOf(Array);
    const back = await detectors.get(camera("a"));
    await expect(back.detect(frame(back), 0.3)).resolves.toBeInstanceOf(Array);
    expect(loads()).toBe(1);
  });

  it("answers every frame while it reloads, and answers the same", async () => {
    open(2);
    const detector = await detectors.get(camera("a"));
    const before = await detector.detect(frame(detector), 0.01);
    expect(before.length).toBeGreaterThan(0);
    let reloading = true;
    const reloaded = detectors.reload().finally(() => {
      reloading = false;
    });
    let frames = 0;
    do {
      expect(await detector.detect(frame(detector), 0.01)).toEqual(before);
      frames++;
    } while (reloading);
    await reloaded;
    expect(await detector.detect(frame(detector), 0.01)).toEqual(before);
    // Those that came while fresh threads were loading were answered by the old ones.
    expect(frames).toBeGreaterThan(2);
    expect(detectors.stats().runs).toBe(frames + 2);
  });

  it("gives back what cameras that come and go leave behind", async () => {
    open();
    for (const label of ["car", "bus", "truck", "person"]) {
      const detector = await detectors.get(camera("a", { labelsInUse: [label] }));
      await detector.close();
    }
    // The third that nobody used sent all three away; the fourth is kept.
    const kept = await detectors.get(camera("a", { labelsInUse: ["person"] }));
    expect(loads()).toBe(4);
    const again = await detectors.get(camera("b", { labelsInUse: ["car"] }));
    expect(loads()).toBe(5);
    await expect(kept.detect(frame(kept), 0.3)).resolves.toBeInstanceOf(Array);
    await expect(again.detect(frame(again), 0.3)).resolves.toBeInstanceOf(Array);
  });

  it("tries a model again that could not be opened", async () => {
    open();
    await expect(detectors.get(camera("a", { modelId: "yolox-tiny-that-is-not" }))).rejects.toThrow(
      /yolox-tiny-that/,
    );
    const offline = new Detectors(
      { modelsDir, executionProviders: ["quantum"], inferenceThreads: 1 },
      pino({ level: "silent" }),
    );
    await expect(offline.get("default")).rejects.toMatchObject({ code: "model.no_execution_provider" });
    await expect(offline.get("default")).rejects.toMatchObject({ code: "model.no_execution_provider" });
    await offline.close();
  });
});
