import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InvalidInputError, UsageError } from "../../domain/errors.ts";
import { findModel, loadLabels, loadRegistry } from "./registry.ts";

const modelsFolder = join(import.meta.dirname, "../../../models");
const manifestPath = join(modelsFolder, "manifest.json");

/** Classes of each label file: one that lost a line would shift every label after it. */
const LABEL_COUNTS: Record<string, number> = {
  coco80: 80,
  crossroad: 3,
  vehicle: 1,
  "vehicle-plate": 2,
  face: 1,
};

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "forewarn-registry-"));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

async function changed(change: (manifest: Record<string, unknown>) => void): Promise<string> {
  const manifest = JSON.parse(await readFile(manifestPath, "utf8")) as Record<string, unknown>;
  change(manifest);
  const path = join(scratch, "manifest.json");
  await writeFile(path, JSON.stringify(manifest));
  return path;
}

async function faultsOf(path: string): Promise<string[]> {
  const error: unknown = await loadRegistry(path).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof InvalidInputError))
    throw new Error(`not refused as invalid input: ${String(error)}`);
  expect(error.message).toContain(path);
  return error.faults.map((fault) => fault.path);
}

describe("the registry of this repository", () => {
  it("is valid, and `default` is one of its models", async () => {
    const registry = await loadRegistry(manifestPath);
    expect(findModel(registry, "default").id).toBe("centernet");
    expect(registry.models.map((spec) => spec.id)).toEqual(
      expect.arrayContaining([
        "yolox-nano",
        "nanodet-plus-m-416",
        "picodet-s-640",
        "crossroad-0078",
        "dfine-n",
      ]),
    );
  });

  it("has for every model a label file with as many labels as the model has classes", async () => {
    const registry = await loadRegistry(manifestPath);
    for (const spec of registry.models) {
      const labels = await loadLabels(registry, spec);
      expect(labels, spec.id).toHaveLength(LABEL_COUNTS[spec.labels] ?? Number.NaN);
    }
  });

  it("keeps the order of COCO's classes", async () => {
    const registry = await loadRegistry(manifestPath);
    const labels = await loadLabels(registry, findModel(registry, "yolox-nano"));
    expect([0, 2, 5, 7, 25, 39, 79].map((index) => labels[index])).toEqual([
      "person",
      "car",
      "bus",
      "truck",
      "umbrella",
      "bottle",
      "toothbrush",
    ]);
  });
});

describe("findModel", () => {
  it("names the ids there are when it is asked for another", async () => {
    const registry = await loadRegistry(manifestPath);
    expect(() => findModel(registry, "yolo-nano")).toThrow(UsageError);
    expect(() => findModel(registry, "yolo-nano")).toThrow(/"yolo-nano".*default, centernet, yolox-nano/s);
  });
});

describe("loadRegistry", () => {
  it("lists every fault at once, with its path", async () => {
    const path = await changed((manifest) => {
      const [first, second, third] = manifest.models as Record<string, unknown>[];
      Object.assign(first ?? {}, { sha256: "ABC" });
      Object.assign(second ?? {}, { file: "../outside.onnx", nmsIou: 3 });
      Object.assign(third ?? {}, { source: { kind: "url", url: "http://example.org/a.onnx" } });
    });
    expect(await faultsOf(path)).toEqual([
      "models[0].sha256",
      "models[1].file",
      "models[1].nmsIou",
      "models[2].source.url",
    ]);
  });

  it("refuses two models with one id, a default that does not exist, and fields it does not know", async () => {
    let count = 0;
    const twice = await changed((manifest) => {
      const models = manifest.models as Record<string, unknown>[];
      count = models.length;
      models.push({ ...models[0] });
    });
    expect(await faultsOf(twice)).toEqual([`models[${count}].id`, `models[${count}].file`]);
    expect(await faultsOf(await changed((manifest) => Object.assign(manifest, { default: "gone" })))).toEqual(
      ["default"],
    );
    expect(await faultsOf(await changed((manifest) => Object.assign(manifest, { extra: 1 })))).toEqual([""]);
  });

  it("says so when the file is missing or is not JSON", async () => {
    await expect(loadRegistry(join(scratch, "none.json"))).rejects.toThrow(/none\.json.*cannot be read/s);
    const path = join(scratch, "broken.json");
    await writeFile(path, "{");
    await expect(loadRegistry(path)).rejects.toThrow(/broken\.json.*not JSON/s);
  });
});

describe("loadLabels", () => {
  it("refuses an empty line and a label that comes twice", async () => {
    const registry = { ...(await loadRegistry(manifestPath)), labelsDir: join(scratch, "labels") };
    const spec = findModel(registry, "crossroad-0078");
    await mkdir(registry.labelsDir);
    await writeFile(join(registry.labelsDir, "crossroad.txt"), "person\n\nperson\n");
    await expect(loadLabels(registry, spec)).rejects.toThrow(/line 2: .*\n.*line 3: "person"/);
  });

  it("reads Windows line ends", async () => {
    const registry = { ...(await loadRegistry(manifestPath)), labelsDir: scratch };
    await writeFile(join(scratch, "vehicle.txt"), "vehicle\r\n");
    expect(await loadLabels(registry, findModel(registry, "vehicle-adas-0002"))).toEqual(["vehicle"]);
  });
});
