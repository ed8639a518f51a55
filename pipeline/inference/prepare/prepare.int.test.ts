import { afterEach, describe, expect, it } from "vitest";
import { tinySpec, writeTinyModel } from "../../../test-fixtures/tiny-model/tiny-model.ts";
import type { Log } from "../../domain/ports.ts";
import { createDetector } from "../detector.ts";
import {
  TINY_CLASSES,
  TINY_SIDE,
  TINY_YOLOX_INPUT,
  TINY_YOLOX_OUTPUT,
  tinyYolox,
} from "../testing/tiny-yolox.ts";
import { choosePlan } from "./choose-plan.ts";

const colour = { matrix: "bt601", range: "limited" } as const;
const source = { width: 640, height: 360 };

describe("choosePlan, on a small network of YOLOX's form", () => {
  const choose = (bytes: Uint8Array, input = TINY_YOLOX_INPUT) =>
    choosePlan(
      bytes,
      {
        spec: tinySpec(bytes, TINY_YOLOX_OUTPUT, input),
        labelCount: TINY_CLASSES.length,
        source,
        colour,
        wanted: { classes: [0, 2], i420: colour, size: { width: TINY_SIDE, height: 48 } },
      },
      ["cpu"],
    );

  it.each(["strided", "focus"] as const)("takes every step (%s)", async (stem) => {
    const { plan, rejected } = await choose(tinyYolox({ stem }));
    expect(rejected).toEqual([]);
    expect(Object.keys(plan)).toEqual(["classes", "i420", "size"]);
  });

  it("takes the steps that suit a graph which is bound to its size", async () => {
    const { plan, rejected } = await choose(tinyYolox({ stem: "strided", fixedCells: true }));
    expect(Object.keys(plan)).toEqual(["classes", "i420"]);
    expect(rejected).toEqual([{ step: "size", reason: expect.any(String) }]);
  });

  it("refuses what finds something else than the file's own graph", async () => {
    const bytes = tinyYolox({ stem: "strided" });
    const spec = tinySpec(bytes, TINY_YOLOX_OUTPUT, TINY_YOLOX_INPUT);
    // The reference is given the colours of another stream: nothing but the comparison can notice.
    const { plan, rejected } = await choosePlan(
      bytes,
      { spec, labelCount: 3, source, colour, wanted: { i420: { matrix: "bt709", range: "full" } } },
      ["cpu"],
    );
    expect(plan).toEqual({});
    expect(rejected).toEqual([{ step: "i420", reason: expect.stringMatching(/only \d+ of \d+ candidates/) }]);
  });
});

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe("createDetector with a stream", () => {
  it("warns and sees with packed pixels where nothing can be prepared", async () => {
    const warnings: object[] = [];
    const silent = () => undefined;
    const log: Log = { debug: silent, info: silent, error: silent, warn: (fields) => warnings.push(fields) };
    // 63 is odd, and so not to be had in 4:2:0.
    const model = writeTinyModel(tinyYolox({ stem: "strided", side: 63 }), TINY_YOLOX_OUTPUT, {
      ...TINY_YOLOX_INPUT,
      width: 63,
      height: 63,
      resize: "stretch",
    });
    closers.push(() => model.remove());
    const detector = await createDetector(model.spec, model.path, {
      labels: TINY_CLASSES,
      executionProviders: ["cpu"],
      threads: 1,
      stream: { ...source, ...colour },
      log,
    });
    closers.push(() => detector.close());
    expect(detector.format).toMatchObject({ width: 63, height: 63, pixelFormat: "bgr24" });
    expect(detector.labels).toEqual(TINY_CLASSES);
    expect(warnings).toEqual([{ model: "tiny", step: "i420", reason: expect.stringMatching(/not even/) }]);
    const frame = { pixels: new Uint8Array(63 * 63 * 3), sourceWidth: 640, sourceHeight: 360 };
    expect((await detector.detect(frame, 0)).length).toBeGreaterThan(0);
  });
});
