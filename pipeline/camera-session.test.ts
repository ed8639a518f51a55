import { describe, expect, it } from "vitest";
import { makeCamera, makeRule, SCENE_START, sceneTime } from "../test-fixtures/watch-scene.ts";
import { CameraSession, type SessionOptions } from "./camera-session.ts";
import type { Detector, Frame, Log } from "./domain/ports.ts";
import type { Box, Candidate, Detection } from "./domain/types.ts";

const SPOT: Box = [0.3, 0.45, 0.5, 0.6];
const CAR: Detection = { box: SPOT, label: "car", score: 0.8 };
const quiet = () => undefined;
const silent: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** Says what `see` says of the frame's second, which travels in the first bytes of its pixels. */
function detectorThat(
  see: (sec: number) => readonly Detection[] | Error,
): Detector & { readonly calls: number } {
  let calls = 0;
  return {
    modelId: "scripted",
    modelSha256: "0".repeat(64),
    format: { width: 2, height: 2, pixelFormat: "rgb24", resize: "stretch", padByte: 0 },
    labels: ["car"],
    async detect({ pixels }) {
      calls++;
      const seen = see(new DataView(pixels.buffer).getFloat64(0));
      if (seen instanceof Error) throw seen;
      return [...seen];
    },
    close: async () => undefined,
    get calls() {
      return calls;
    },
  };
}

function frameAt(sec: number): Frame {
  const pixels = new Uint8Array(12);
  new DataView(pixels.buffer).setFloat64(0, sec);
  return { at: sceneTime(sec), index: Math.round(sec * 2), pixels, sourceWidth: 2, sourceHeight: 2 };
}

/** A promise that is settled from outside. */
function pending<T>(): { readonly promise: Promise<T>; readonly settle: (value: T) => void } {
  let settle: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}

function sessionOf(changes: Partial<SessionOptions> = {}) {
  const candidates: Candidate[] = [];
  const ended: string[] = [];
  const session = new CameraSession({
    camera: makeCamera([makeRule()]),
    detector: detectorThat(() => [CAR]),
    log: silent,
    events: {
      onCandidate: async (candidate) => void candidates.push(candidate),
      onEnded: (candidateId) => void ended.push(candidateId),
    },
    ...changes,
  });
  return { session, candidates, ended };
}

async function play(session: CameraSession, fromSec: number, toSec: number): Promise<void> {
  for (let sec = fromSec; sec <= toSec; sec += 0.5) await session.take(frameAt(sec));
}

const triggerSec = ({ triggeredAt }: Candidate) => (triggeredAt.capturedAt - SCENE_START) / 1000;

describe("a session passed on", () => {
  it("goes on from a snapshot: one candidate, the time between unobserved", async () => {
    const first = sessionOf();
    await play(first.session, 0, 40);
    const resume = JSON.parse(JSON.stringify(first.session.snapshot()));
    const second = sessionOf({ resume });
    await play(second.session, 43, 120);
    expect(first.candidates).toEqual([]);
    expect(second.candidates).toMatchObject([{ dwellMs: 60_000, unobservedMs: 3_000 }]);
  });

  it("refuses a snapshot of another kind", () => {
    expect(() => sessionOf({ resume: { schema: 99 } })).toThrow(
      expect.objectContaining({ code: "watch.bad_snapshot" }),
    );
  });

  it("has no snapshot while a candidate is sealed: a worker that dies then repeats it under the same id", async () => {
    const sealing = pending<void>();
    const sealed: Candidate[] = [];
    const { session } = sessionOf({
      events: {
        onCandidate: (candidate) => {
          sealed.push(candidate);
          return sealing.promise;
        },
      },
    });
    await play(session, 0, 55);
    const resume = session.snapshot();
    await play(session, 55.5, 70);
    expect(sealed).toHaveLength(1);
    expect(session.snapshot()).toBeNull();
    const successor = sessionOf({ resume });
    await play(successor.session, 75, 90);
    expect(successor.candidates.map(({ candidateId }) => candidateId)).toEqual([sealed[0]?.candidateId]);
    sealing.settle();
    await session.settle();
    const late = sessionOf({ resume: session.snapshot() });
    await play(late.session, 75, 90);
    expect(late.candidates).toEqual([]);
  });

  it("takes a candidate back that could not be sealed, and seals it at the next try", async () => {
    let tries = 0;
    const sealed: Candidate[] = [];
    const { session } = sessionOf({
      events: {
        async onCandidate(candidate) {
          if (++tries === 1) throw new Error("the disk is full");
          sealed.push(candidate);
        },
      },
    });
    await play(session, 0, 100);
    expect(session.snapshot()).not.toBeNull();
    await play(session, 100.5, 130);
    expect(sealed.map(triggerSec)).toEqual([120]);
    await session.finish(null);
  });

  it("fails at its end when a candidate could not be sealed at all", async () => {
    const { session } = sessionOf({
      events: { onCandidate: () => Promise.reject(new Error("the disk is full")) },
    });
    await play(session, 0, 70);
    await expect(session.finish(null)).rejects.toThrow("the disk is full");
  });
});

describe("a closer look before a candidate", () => {
  it("passes on what it bears out and takes back what it does not, to ask again later", async () => {
    const asked: number[] = [];
    const { session, candidates } = sessionOf({
      confirm: async (candidate) => asked.push(triggerSec(candidate)) > 2,
    });
    await play(session, 0, 300);
    await session.settle();
    expect(asked).toEqual([60, 120, 240]);
    expect(candidates.map(triggerSec)).toEqual([240]);
    expect(session.counts).toMatchObject({ confirmed: 1, retracted: 2 });
  });

  it("takes a look that failed for none", async () => {
    const { session, candidates } = sessionOf({ confirm: () => Promise.reject(new Error("no stream")) });
    await play(session, 0, 70);
    await session.finish(null);
    expect(candidates).toEqual([]);
    expect(session.counts.retracted).toBe(1);
  });

  it.each([
    [true, 1],
    [false, 0],
  ])(
    "tells the end of a candidate after its beginning, or neither (borne out: %s)",
    async (borneOut, told) => {
      const look = pending<boolean>();
      const { session, candidates, ended } = sessionOf({
        detector: detectorThat((sec) => (sec <= 62 ? [CAR] : [])),
        confirm: () => look.promise,
      });
      await play(session, 0, 250);
      expect(session.snapshot()).toBeNull();
      expect([candidates, ended]).toEqual([[], []]);
      look.settle(borneOut);
      await session.settle();
      expect(candidates).toHaveLength(told);
      expect(ended).toEqual(candidates.map(({ candidateId }) => candidateId));
    },
  );
});

describe("a gate", () => {
  const everyFive = ({ at }: Frame) => (at.ptsSec % 5 === 0 ? "analyse" : "skip");

  it("keeps frames from the detector while the dwell of what stands goes on", async () => {
    const detector = detectorThat(() => [CAR]);
    const { session, candidates } = sessionOf({ detector, gate: everyFive });
    await play(session, 0, 70);
    expect(candidates.map(triggerSec)).toEqual([60]);
    expect(detector.calls).toBe(15);
    expect(session.counts).toMatchObject({ analysed: 15, skipped: 126 });
  });

  it("says nothing of frames like one that could not be analysed", async () => {
    const broken = (sec: number) => sec >= 30 && sec < 50;
    const { session, candidates } = sessionOf({
      detector: detectorThat((sec) => (broken(sec) ? new Error("out of memory") : [CAR])),
      gate: everyFive,
    });
    for (let sec = 0; sec <= 120; sec += 0.5) await session.take(frameAt(sec)).catch(() => undefined);
    expect(candidates).toMatchObject([{ dwellMs: 60_000, unobservedMs: 20_500 }]);
  });
});

describe("enforcement that is suspended", () => {
  it("leaves the time unobserved, and begins anew where the view has moved", async () => {
    const { session, candidates, ended } = sessionOf();
    await play(session, 0, 30);
    await session.suspend();
    await play(session, 33, 70);
    expect(candidates).toMatchObject([{ dwellMs: 60_000, unobservedMs: 3_000 }]);
    await session.forgetPlaces();
    expect(ended).toEqual(candidates.map(({ candidateId }) => candidateId));
    await play(session, 100, 170);
    expect(candidates.map(triggerSec)).toEqual([63, 160]);
  });
});
