import { createHash } from "node:crypto";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureModel } from "../registry/ensure-model.ts";
import { findModel, loadRegistry } from "../registry/registry.ts";

const packageRoot = join(import.meta.dirname, "../../..");
const registry = await loadRegistry(join(packageRoot, "models/manifest.json"));
const spec = findModel(registry, "centernet");
const SIZE = 512;
const CELLS = 128;

let modelsDir: string;
beforeAll(async () => {
  modelsDir = await mkdtemp(join(tmpdir(), "forewarn-centernet-"));
});
afterAll(() => rm(modelsDir, { recursive: true, force: true }));

/** A picture by formula, so that another framework can be given the very same. */
function pattern(x: number, y: number, channel: number): number {
  const checker = 20 * (((x >> 5) ^ (y >> 5)) & 1);
  return Math.round(127 + 100 * Math.sin(x / 17 + channel) * Math.cos(y / 23) + checker);
}

describe("the default model, converted from the npm package", () => {
  it("has, byte for byte, the content that the registry pins", async () => {
    const { path } = await ensureModel(spec, { modelsDir, packageRoot });
    const bytes = await readFile(path);
    expect(bytes.length).toBe(spec.sizeBytes);
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(spec.sha256);
  });

  it("is converted again when its file was damaged", async () => {
    const { path } = await ensureModel(spec, { modelsDir, packageRoot });
    await appendFile(path, "x");
    await ensureModel(spec, { modelsDir, packageRoot });
    expect((await readFile(path)).length).toBe(spec.sizeBytes);
  });

  it("gives what TensorFlow.js gives for the same picture", async () => {
    const { path } = await ensureModel(spec, { modelsDir, packageRoot });
    const session = await ort.InferenceSession.create(path, { intraOpNumThreads: 1 });
    const input = new Float32Array(3 * SIZE * SIZE);
    for (let channel = 0, at = 0; channel < 3; channel++)
      for (let y = 0; y < SIZE; y++) for (let x = 0; x < SIZE; x++) input[at++] = pattern(x, y, channel);
    const tensor = new ort.Tensor("float32", input, [1, 3, SIZE, SIZE]);
    const outputs = await session.run({ [spec.input.name]: tensor });
    await session.release();

    const [heat, sides] = (spec.output.names ?? []).map((name) => outputs[name]);
    expect(heat?.dims).toEqual([1, 80, CELLS, CELLS]);
    expect(sides?.dims).toEqual([1, 4, CELLS, CELLS]);
    const at = (tensorOf: ort.Tensor | undefined, channel: number, row: number, column: number) =>
      Number(tensorOf?.data[(channel * CELLS + row) * CELLS + column]);

    // Computed with TensorFlow.js 4 (CPU) from the package's own model on pattern().
    expect(at(heat, 0, 0, 0)).toBeCloseTo(0.0236578, 5);
    expect(at(heat, 0, 123, 4)).toBeCloseTo(0.0589281, 5);
    expect(at(heat, 2, 17, 90)).toBeCloseTo(0.0013644, 5);
    expect(at(heat, 79, 127, 127)).toBeCloseTo(0.004952, 5);
    const sidesAt = (row: number, column: number) =>
      [0, 1, 2, 3].map((side) => at(sides, side, row, column).toFixed(2));
    expect(sidesAt(0, 0)).toEqual(["1.78", "2.28", "4.70", "6.00"]);
    expect(sidesAt(64, 64)).toEqual(["239.20", "263.65", "234.10", "257.93"]);
    expect(sidesAt(127, 127)).toEqual(["1.29", "1.56", "5.26", "5.04"]);
  });
});
