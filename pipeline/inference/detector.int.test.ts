import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { LAYOUT_CASES } from "../../test-fixtures/tiny-model/layout-cases.ts";
import {
  constantGraph,
  probeGraph,
  TINY_HEIGHT,
  TINY_INPUT,
  TINY_LABELS,
  TINY_WIDTH,
  type TinyModel,
  writeTinyModel,
} from "../../test-fixtures/tiny-model/tiny-model.ts";
import type { Detector, Log } from "../domain/ports.ts";
import { createDetector } from "./detector.ts";
import { InferencePool } from "./inference-pool.ts";
import { readPicture } from "./picture.ts";
import { findModel, loadLabels, loadRegistry } from "./registry/registry.ts";
import { startThread } from "./start-thread.ts";

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function keep(model: TinyModel): TinyModel {
  closers.push(() => model.remove());
  return model;
}

async function open(
  { spec, path }: TinyModel,
  options: { executionProviders?: string[]; threads?: number; log?: Log; labels?: readonly string[] } = {},
): Promise<Detector> {
  const detector = await createDetector(spec, path, {
    labels: TINY_LABELS,
    executionProviders: ["cpu"],
    threads: 1,
    ...options,
  });
  closers.push(() => detector.close());
  return detector;
}

function frame(red = 0, green = 0, blue = 0) {
  const pixels = Uint8Array.from({ length: TINY_WIDTH * TINY_HEIGHT * 3 }, (_, at) =>
    at % 3 === 0 ? red : at % 3 === 1 ? green : blue,
  );
  return { pixels, sourceWidth: 640, sourceHeight: 320 };
}

const yolov10 = { layout: "yolov10", names: ["output"] } as const;
const firstCase = LAYOUT_CASES[0] ?? { output: yolov10, tensors: [], expected: [] };

describe("the layouts, through ONNX Runtime in a thread", () => {
  it.each(LAYOUT_CASES)("$name", async ({ output, tensors, expected }) => {
    const detector = await open(keep(writeTinyModel(constantGraph(tensors), output)));
    const found = await detector.detect(frame(), 0.3);
    const cut = (value: number) => Math.min(1, Math.max(0, value));
    expect(found).toEqual(
      expected.map(({ label, score, box: [x1, y1, x2, y2] }) => ({
        label,
        score: expect.closeTo(score, 5),
        box: [cut(x1 / TINY_WIDTH), cut(y1 / TINY_HEIGHT), cut(x2 / TINY_WIDTH), cut(y2 / TINY_HEIGHT)].map(
          (value) => expect.closeTo(value, 4),
        ),
      })),
    );
  });

  it("undoes a letterbox against the source's own size", async () => {
    const tensors = [{ name: "output", dims: [1, 1, 6], values: [24, 8, 40, 24, 0.75, 2] }];
    const graph = constantGraph(tensors);
    const detector = await open(keep(writeTinyModel(graph, yolov10, { resize: "letterbox-center" })));
    const square = { ...frame(), sourceWidth: 500, sourceHeight: 500 };
    expect(await detector.detect(square, 0.3)).toEqual([
      { label: "person", score: 0.75, box: [0.25, 0.25, 0.75, 0.75] },
    ]);
  });
});

describe("what reaches the graph", () => {
  it.each([
    ["NCHW", TINY_INPUT, [2, 3]],
    ["NHWC", { ...TINY_INPUT, dims: [1, TINY_HEIGHT, TINY_WIDTH, 3] }, [1, 2]],
  ] as const)("is each channel in its order, normalised (%s)", async (layout, input, axes) => {
    // The probe's right edge, lower edge and score are the means of the three channels.
    const facts = { layout, mean: [10, 20, 30], std: [2, 4, 100] } as const;
    const detector = await open(keep(writeTinyModel(probeGraph(input, axes), yolov10, facts)));
    const [found] = await detector.detect(frame(42, 84, 80), 0.3);
    expect(found).toEqual({ label: "bus", score: 0.5, box: [0, 0, 16 / TINY_WIDTH, 16 / TINY_HEIGHT] });
    const [next] = await detector.detect(frame(10 + 2 * 32, 20 + 4 * 8, 30 + 75), 0.3);
    expect(next).toEqual({ label: "bus", score: 0.75, box: [0, 0, 32 / TINY_WIDTH, 8 / TINY_HEIGHT] });
  });

  it("keeps frames apart that are judged at the same time", async () => {
    const model = keep(writeTinyModel(probeGraph(TINY_INPUT, [2, 3]), yolov10, { std: [1, 1, 256] }));
    const detector = await open(model, { threads: 2 });
    const shades = Array.from({ length: 40 }, (_, index) => 100 + index);
    const found = await Promise.all(shades.map((shade) => detector.detect(frame(32, 16, shade), 0)));
    expect(found.map(([first]) => (first?.score ?? 0) * 256)).toEqual(
      shades.map((shade) => expect.closeTo(shade, 3)),
    );
  });

  it("is refused when it is no frame of the model's", async () => {
    const detector = await open(keep(writeTinyModel(probeGraph(TINY_INPUT, [2, 3]), yolov10)));
    await expect(
      detector.detect({ pixels: new Uint8Array(5), sourceWidth: 640, sourceHeight: 320 }, 0.3),
    ).rejects.toMatchObject({
      code: "inference.wrong_frame",
      message: expect.stringMatching(/6144 bytes.*got 5/),
    });
    await expect(detector.detect({ ...frame(), sourceWidth: 0 }, 0.3)).rejects.toMatchObject({
      code: "inference.wrong_frame",
    });
  });
});

describe("refused at load", () => {
  const good = () => keep(writeTinyModel(constantGraph(firstCase.tensors), firstCase.output));
  const outcome = (model: TinyModel, options?: Parameters<typeof open>[1]) =>
    open(model, options).then(
      () => "loaded",
      (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
    );

  it("a file that is not there", async () => {
    const model = good();
    expect(await outcome({ ...model, path: `${model.path}.gone` })).toMatch(
      /^model\.file_missing: model tiny: .*tiny\.onnx\.gone cannot be read.*models pull tiny/,
    );
  });

  it("a file with another checksum", async () => {
    const model = good();
    appendFileSync(model.path, "x");
    expect(await outcome(model)).toMatch(
      new RegExp(`^model\\.sha_mismatch: .*tiny\\.onnx has sha256 [0-9a-f]{64}, .* ${model.spec.sha256}`),
    );
  });

  it("a file that is no model, or asks for an operator that nobody knows", async () => {
    const text = keep(writeTinyModel(new TextEncoder().encode("404: Not Found"), yolov10));
    expect(await outcome(text)).toMatch(/^model\.corrupt: model tiny: tiny\.onnx is not a model/);
    const whole = probeGraph(TINY_INPUT, [2, 3]);
    const unknown = { ...whole, nodes: whole.nodes.map((node) => ({ ...node, op: "Frobnicate" })) };
    expect(await outcome(keep(writeTinyModel(unknown, yolov10)))).toMatch(/^model\.corrupt: .*Frobnicate/);
  });

  it("another input", async () => {
    const renamed = writeTinyModel(constantGraph(firstCase.tensors), firstCase.output, { name: "data" });
    expect(await outcome(keep(renamed))).toMatch(
      /^model\.wrong_input: .*expected one input "data", .*"images"/,
    );
    const larger = writeTinyModel(constantGraph(firstCase.tensors), firstCase.output, { width: 128 });
    expect(await outcome(keep(larger))).toMatch(
      /^model\.wrong_input: .*expected shape \[1, 3, 32, 128\].*\[1, 3, 32, 64\]/,
    );
    const bytes = constantGraph(firstCase.tensors, { ...TINY_INPUT, type: "uint8" });
    expect(await outcome(keep(writeTinyModel(bytes, firstCase.output)))).toMatch(
      /^model\.wrong_input: .*expected float32 for "images", the file wants uint8/,
    );
  });

  it("another output layout, an output that is missing, another number of labels", async () => {
    const named = ["heat", "sides"];
    const asDetr = writeTinyModel(constantGraph(firstCase.tensors), { layout: "detr", names: named });
    expect(await outcome(keep(asDetr))).toMatch(
      /^model\.wrong_output: .*expected shape \[1, Q, 3\], got \[1, 3, 8, 16\]/,
    );
    const missing = writeTinyModel(constantGraph(firstCase.tensors), {
      ...firstCase.output,
      names: ["heat", "wh"],
    });
    expect(await outcome(keep(missing))).toMatch(
      /^model\.wrong_output: .*"wh" is missing; the file has "heat", "sides"/,
    );
    expect(await outcome(good(), { labels: ["car", "bus"] })).toMatch(
      /^model\.wrong_output: .*expected shape \[1, 2, 8, 16\], got \[1, 3, 8, 16\]/,
    );
  });

  it("numbers of another type, seen only when the graph runs", async () => {
    const double = { name: "output", dims: [1, 1, 6], values: [0, 0, 1, 1, 1, 1], type: "float64" } as const;
    expect(await outcome(keep(writeTinyModel(constantGraph([double]), yolov10)))).toMatch(
      /^model\.wrong_output: .*expected float32, got float64/,
    );
  });

  it("execution providers of which none loads, each named with its reason", async () => {
    expect(await outcome(good(), { executionProviders: ["quantum", "abacus"] })).toMatch(
      /^model\.no_execution_provider: .*quantum \(.*\); abacus \(.*\)\. Known here: .*cpu.*FOREWARN_EXECUTION_PROVIDERS/,
    );
    expect(await outcome(good(), { executionProviders: [] })).toMatch(
      /^model\.no_execution_provider: .*list is empty/,
    );
  });

  it("not a provider that does not load when the next one does; that is a warning", async () => {
    const warnings: object[] = [];
    const silent = () => undefined;
    const log: Log = { debug: silent, info: silent, error: silent, warn: (fields) => warnings.push(fields) };
    const detector = await open(good(), { executionProviders: ["quantum", "cpu"], log });
    expect(await detector.detect(frame(), 0.3)).toHaveLength(firstCase.expected.length);
    expect(warnings).toEqual([{ model: "tiny", provider: "quantum", reason: expect.any(String) }]);
  });
});

describe("an inference thread", () => {
  it("that crashes is told to the caller, and the next frame gets a fresh one", async () => {
    const { spec } = keep(writeTinyModel(constantGraph(firstCase.tensors), firstCase.output));
    const program = new URL("../../test-fixtures/tiny-model/crashing-thread.ts", import.meta.url);
    const facts = { spec, labelCount: 3, pixelFormat: "rgb24" } as const;
    const setup = { facts, executionProviders: ["cpu"], graph: new SharedArrayBuffer(0) };
    let started = 0;
    const pool = new InferencePool(1, () => {
      started++;
      return startThread(program);
    });
    closers.push(() => pool.close());
    const { session } = await pool.load(setup);
    const job = { ...frame(), minScore: 0.3 };
    for (let frames = 1; frames <= 2; frames++) {
      await expect(pool.detect(session, "cam", job)).rejects.toMatchObject({
        code: "inference.thread_crashed",
        retryable: true,
        message: expect.stringMatching(/model tiny crashed.*out of memory, say/),
      });
    }
    expect(started).toBe(2);
  });

  it("ends with the detector, which then takes no more frames", async () => {
    const detector = await open(keep(writeTinyModel(constantGraph(firstCase.tensors), firstCase.output)));
    const running = detector.detect(frame(), 0.3);
    await detector.close();
    expect(await running).toHaveLength(firstCase.expected.length);
    await expect(detector.detect(frame(), 0.3)).rejects.toMatchObject({ code: "inference.closed" });
  });
});

const root = fileURLToPath(new URL("../../", import.meta.url));
const weights = join(root, "../shared/models");
const photo = join(root, "../shared/footage/coco/images/000000000632.jpg");

// A bedroom: a bed over the lower left, a potted plant in the middle, books on a shelf.
describe.skipIf(!existsSync(weights) || !existsSync(photo))("real weights (../shared/models)", () => {
  it.each([
    "yolox-nano",
    "nanodet-m-416",
    "nanodet-plus-m-416",
    "nanodet-plus-m-640",
    "picodet-s-416",
    "picodet-s-640",
  ])("%s sees the bed and the plant", async (id) => {
    const registry = await loadRegistry(join(root, "models/manifest.json"));
    const spec = findModel(registry, id);
    const path = join(weights, spec.file);
    const detector = await open(
      { spec, path, remove: () => undefined },
      { labels: await loadLabels(registry, spec) },
    );
    const found = await detector.detect(await readPicture(photo, detector.format), spec.suggestedThreshold);
    const boxOf = (label: string) => found.find((detection) => detection.label === label)?.box;
    expect(boxOf("bed")).toEqual([0, 0.57, 0.62, 0.98].map((side) => expect.closeTo(side, 1)));
    expect(boxOf("potted plant")).toEqual([0.53, 0.45, 0.67, 0.73].map((side) => expect.closeTo(side, 1)));
    // The larger inputs tell some twenty books apart.
    expect(found.length).toBeLessThan(40);
  });
});
