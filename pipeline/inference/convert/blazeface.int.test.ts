import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureModel } from "../registry/ensure-model.ts";
import { findModel, loadRegistry } from "../registry/registry.ts";

const packageRoot = join(import.meta.dirname, "../../..");
const spec = findModel(await loadRegistry(join(packageRoot, "models/manifest.json")), "blazeface");
const SIZE = 256;

let modelsDir: string;
beforeAll(async () => {
  modelsDir = await mkdtemp(join(tmpdir(), "forewarn-blazeface-"));
});
afterAll(() => rm(modelsDir, { recursive: true, force: true }));

describe("the face detector, converted from the npm package", () => {
  // Making it compares its sha256 with the registry's.
  it("gives what TensorFlow.js gives for the same picture", async () => {
    const { path } = await ensureModel(spec, { modelsDir, packageRoot });
    const session = await ort.InferenceSession.create(path, { intraOpNumThreads: 1 });
    const input = Float32Array.from({ length: 3 * SIZE * SIZE }, (_, at) => {
      const [channel, y, x] = [Math.floor(at / SIZE ** 2), Math.floor(at / SIZE) % SIZE, at % SIZE];
      const checker = 20 * (((x >> 5) ^ (y >> 5)) & 1);
      return Math.round(127 + 100 * Math.sin(x / 17 + channel) * Math.cos(y / 23) + checker) / 127.5 - 1;
    });
    const outputs = await session.run({
      [spec.input.name]: new ort.Tensor("float32", input, [1, 3, SIZE, SIZE]),
    });
    await session.release();
    const found = (spec.output.names ?? []).map((name) => {
      const { dims = [], data = [] } = outputs[name] ?? {};
      const [, channels = 0, rows = 0, columns = 0] = dims;
      const at = (channel: number, row: number, column: number) =>
        Number(data[(channel * rows + row) * columns + column]).toFixed(3);
      return { dims, values: [at(0, 0, 0), at(1, 3, 5), at(channels - 1, rows - 1, columns - 1)] };
    });
    // Computed with TensorFlow.js 4 (CPU) from the package's own model on the same picture.
    expect(found).toEqual([
      { dims: [1, 2, 16, 16], values: ["-21.340", "-3.667", "-3.393"] },
      { dims: [1, 6, 8, 8], values: ["-4.530", "-6.499", "-17.194"] },
      { dims: [1, 32, 16, 16], values: ["-2.993", "2.307", "-5.414"] },
      { dims: [1, 96, 8, 8], values: ["6.508", "-2.084", "-11.539"] },
    ]);
  });
});
