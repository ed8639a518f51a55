import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { unwantedWeights } from "../../../scripts/lib/face-weights.mjs";

const repository = join(import.meta.dirname, "../../..");
const read = (path: string) => readFileSync(join(repository, path), "utf8");

/** What models and packages are called that tell people apart or judge them: by face, body or gait. */
const RECOGNISES =
  /face-?(api|id|net|rec|res|match)|arcface|cosface|sphereface|adaface|magface|insightface|mobilefacenet|deepface|sface\b|openface|glint360|embedding|face-?descriptor|re-?id(entification)?\b|osnet|gait|age-?(net|gender)|gender|emotion|ethnic|faceres|\bgear\b/i;
/** Carries such weights among others; we take two detectors from it and delete the rest. Nothing imports its code. */
const CARRIER = "@vladmandic/human";

interface Listed {
  readonly id: string;
  readonly file: string;
  readonly labels: string;
  readonly source: { readonly package?: string; readonly json?: string; readonly url?: string };
}

describe("no model that recognises anybody (domain C-06)", () => {
  it("knows one when it sees one", () => {
    for (const name of [
      "mobilefacenet.onnx",
      "w600k_r50 arcface",
      "osnet_x0_25",
      "person-reidentification-retail-0288",
      "faceres.json",
      "age-gender-recognition",
    ])
      expect(name).toMatch(RECOGNISES);
    for (const name of [
      "face_detection_yunet_2023mar.onnx",
      "blazeface",
      "centernet",
      "picodet-s-640",
      "crossroad-0078",
    ])
      expect(name).not.toMatch(RECOGNISES);
  });

  it("is in the registry of models, or named by a label of one", () => {
    const { models } = JSON.parse(read("models/manifest.json")) as { models: Listed[] };
    expect(models.length).toBeGreaterThan(10);
    for (const { id, file, labels, source } of models) {
      const names = [id, file, source.json ?? "", source.url ?? ""];
      for (const name of names) expect(name, id).not.toMatch(RECOGNISES);
      expect(read(`models/labels/${labels}.txt`), id).not.toMatch(RECOGNISES);
    }
  });

  it("comes with a dependency", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, unknown> };
    const names = Object.keys(packages).map((path) =>
      path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
    );
    expect(names).toContain(CARRIER);
    expect(names.filter((name) => RECOGNISES.test(name))).toEqual([]);
  });

  it("is left on the disk after set-up", () => {
    const models = join(repository, "node_modules", CARRIER, "models");
    expect(unwantedWeights(readdirSync(models))).toEqual([]);
    expect(
      unwantedWeights(["faceres.bin", "centernet.json", "emotion.json", "blazeface.bin", "README.md"]),
    ).toEqual(["faceres.bin", "emotion.json", "README.md"]);
  });

  it("is loaded by our code", () => {
    const folders = [
      "pipeline",
      "workers",
      "api",
      "cli",
      "casework",
      "store",
      "queue",
      "runtime",
      "scripts",
      "web",
    ];
    const sources = folders
      .map((folder) => join(repository, folder))
      .filter((folder) => existsSync(folder))
      .flatMap((folder) =>
        readdirSync(folder, { recursive: true, encoding: "utf8" })
          .filter((name) => /\.(ts|mts|mjs|vue)$/.test(name) && !name.includes("node_modules"))
          .map((name) => join(folder, name)),
      );
    expect(sources.length).toBeGreaterThan(200);
    const importing = sources.filter((path) =>
      new RegExp(`(from|import\\()\\s*["']${CARRIER}`).test(readFileSync(path, "utf8")),
    );
    expect(importing).toEqual([]);
  });
});
