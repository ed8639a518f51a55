import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packedFormat } from "../frame-format.ts";
import { OnnxModel } from "../onnx-model.ts";
import { sha256Of } from "./file-hash.ts";
import { loadLabels, loadRegistry } from "./registry.ts";

const repository = join(import.meta.dirname, "../../..");
const gathered = join(repository, "../shared/models");
const registry = await loadRegistry(join(repository, "models/manifest.json"));

// Real weights are never part of this repository: where they lie beside it, they are looked at.
describe("what the registry says of real weights", () => {
  for (const spec of registry.models.filter(({ source }) => source.kind !== "npm-tfjs")) {
    const path = join(gathered, spec.file);
    it.skipIf(!existsSync(path))(
      `${spec.id}: checksum, input, outputs and number of labels fit (needs ../shared/models/${spec.file})`,
      async () => {
        const bytes = await readFile(path);
        expect(bytes.length).toBe(spec.sizeBytes);
        expect(sha256Of(bytes)).toBe(spec.sha256);
        // Loading refuses whatever does not fit.
        const labelCount = (await loadLabels(registry, spec)).length;
        const facts = { spec, labelCount, pixelFormat: packedFormat(spec) };
        const model = await OnnxModel.load(bytes, facts, ["cpu"]);
        expect(model.provider).toBe("cpu");
        await model.release();
      },
    );
  }
});
