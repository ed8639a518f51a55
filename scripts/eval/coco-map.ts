// COCO mAP of the models that are here, through the same code that watches cameras:
//   npx tsx scripts/eval/coco-map.ts [--models a,b] [--data FOLDER]
// The folder holds images/*.jpg and labels/*.txt (YOLO: class, centre, size, 0–1). Models whose labels are not
// COCO's are left out. Prints a markdown table; exits 2 when there is nothing to measure.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { parseArgs } from "node:util";
import { loadConfig } from "../../config/env.ts";
import type { Detector } from "../../pipeline/domain/ports.ts";
import { createDetector } from "../../pipeline/inference/detector.ts";
import type { ModelSpec } from "../../pipeline/inference/model-spec.ts";
import { readPicture } from "../../pipeline/inference/picture.ts";
import { ensureModel, installState } from "../../pipeline/inference/registry/ensure-model.ts";
import { findModel, loadLabels, loadRegistry } from "../../pipeline/inference/registry/registry.ts";
import { packageRoot } from "../../runtime/version.ts";
import { averagePrecision, type JudgedPicture, type LabelledBox } from "./average-precision.ts";

const COCO_LABELS = "coco80";
/** Low enough that the curve reaches the recall a model can give. */
const MIN_SCORE = 0.01;
/** mAP and AP50 on 158 images of val2017 that hold these 64, measured with the authors' own decoding (± 3). */
const REFERENCE: Readonly<Record<string, readonly [map: number, ap50: number]>> = {
  centernet: [28.9, 47.6],
  "yolox-nano": [27.9, 44.4],
  "nanodet-m-416": [24.7, 40.7],
  "nanodet-plus-m-416": [33.1, 49.0],
  "nanodet-plus-m-640": [32.8, 50.4],
  "picodet-s-416": [33.3, 48.0],
  "picodet-s-640": [34.9, 51.9],
};

const { values } = parseArgs({
  options: {
    models: { type: "string" },
    data: { type: "string", default: join(packageRoot, "../shared/footage/coco") },
  },
});
const registry = await loadRegistry(join(packageRoot, "models/manifest.json"));
const modelsDir = join(loadConfig().dataDir, "models");
const images = existsSync(join(values.data, "images")) ? readdirSync(join(values.data, "images")).sort() : [];
const specs = values.models
  ? values.models.split(",").map((id) => findModel(registry, id))
  : registry.models.filter(({ labels }) => labels === COCO_LABELS);

const rows: string[] = [];
for (const spec of specs) {
  const path = await pathOf(spec);
  if (images.length === 0) break;
  if (path === undefined || spec.labels !== COCO_LABELS) {
    process.stderr.write(`${spec.id}: left out, ${path === undefined ? "not installed" : "other labels"}\n`);
    continue;
  }
  rows.push(await measure(spec, path));
}
if (rows.length === 0) {
  process.stderr.write(
    `nothing to measure: ${images.length} images in ${values.data}, no model installed for them\n`,
  );
  process.exitCode = 2;
} else {
  process.stdout.write(
    `| model | mAP, ${images.length} images | AP50 | reference mAP (158 images) | reference AP50 | ms a frame |\n|---|---|---|---|---|---|\n${rows.join("")}`,
  );
}

/** The installed file, or one that needs no network to be made. */
async function pathOf(spec: ModelSpec): Promise<string | undefined> {
  const { state } = await installState(spec, modelsDir);
  if (state !== "installed" && spec.source.kind !== "npm-tfjs") return undefined;
  return (await ensureModel(spec, { modelsDir, packageRoot })).path;
}

async function measure(spec: ModelSpec, path: string): Promise<string> {
  const labels = await loadLabels(registry, spec);
  const { executionProviders } = loadConfig();
  const detector = await createDetector(spec, path, { labels, executionProviders, threads: 1 });
  try {
    const durations: number[] = [];
    const pictures: JudgedPicture[] = [];
    for (const image of images) {
      const { picture, ms } = await judge(detector, image);
      pictures.push(picture);
      durations.push(ms);
    }
    const { ap, ap50 } = averagePrecision(pictures);
    const [map, at50] = REFERENCE[spec.id] ?? [];
    const median = durations.sort((a, b) => a - b)[Math.floor(durations.length / 2)] ?? 0;
    const cells = [
      percent(ap),
      percent(ap50),
      map?.toFixed(1) ?? "–",
      at50?.toFixed(1) ?? "–",
      median.toFixed(0),
    ];
    return `| ${spec.id} | ${cells.join(" | ")} |\n`;
  } finally {
    await detector.close();
  }
}

/** `ms`: from pixels in memory to detections, the way through the thread included. */
async function judge(detector: Detector, image: string): Promise<{ picture: JudgedPicture; ms: number }> {
  const frame = await readPicture(join(values.data, "images", image), detector.format);
  const began = performance.now();
  const found = await detector.detect(frame, MIN_SCORE);
  const ms = performance.now() - began;
  return { picture: { truth: readTruth(image, detector.labels), found }, ms };
}

function readTruth(image: string, labels: readonly string[]): LabelledBox[] {
  const path = join(values.data, "labels", `${basename(image, extname(image))}.txt`);
  const lines = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "");
  return lines.map((line, index) => {
    const [classIndex = Number.NaN, x = 0, y = 0, w = 0, h = Number.NaN] = line
      .trim()
      .split(/\s+/)
      .map(Number);
    const label = labels[classIndex];
    if (label === undefined || Number.isNaN(h))
      throw new Error(`${path}: line ${index + 1} is no YOLO label`);
    return { label, box: [x - w / 2, y - h / 2, x + w / 2, y + h / 2] };
  });
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}
