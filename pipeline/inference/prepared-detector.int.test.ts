import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ffmpeg } from "../../test-fixtures/clips.ts";
import { iou } from "../domain/box.ts";
import { placePicture } from "../domain/place-picture.ts";
import type { Detector, Log } from "../domain/ports.ts";
import type { Detection } from "../domain/types.ts";
import { createDetector } from "./detector.ts";
import { readPicture } from "./picture.ts";
import { ensureModel, pullModel } from "./registry/ensure-model.ts";
import { findModel, loadLabels, loadRegistry } from "./registry/registry.ts";

const root = new URL("../../", import.meta.url).pathname;
const shared = join(root, "..", "shared");
const pictures = join(shared, "footage", "coco", "images");
const models = join(shared, "models");
const IN_USE = ["person", "bicycle", "car", "motorcycle", "bus", "truck"];

/** Photographs with people and vehicles; the same ones every time. */
const samples = existsSync(pictures)
  ? readdirSync(pictures)
      .filter((name) => name.endsWith(".jpg"))
      .sort()
      .slice(0, 8)
  : [];
const whyNot = samples.length === 0 ? "needs the COCO pictures of ../shared/footage" : undefined;

describe.skipIf(whyNot !== undefined)(`a prepared graph${whyNot ? ` (skipped: ${whyNot})` : ""}`, () => {
  let dir: string;
  const warnings: string[] = [];
  const nothing = () => undefined;
  const log: Log = {
    debug: nothing,
    info: nothing,
    error: nothing,
    warn: (fields, message) => void warnings.push(`${message} ${JSON.stringify(fields)}`),
  };
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "forewarn-prepared-"));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  async function locate(modelId: string) {
    const registry = await loadRegistry(join(root, "models", "manifest.json"));
    const spec = findModel(registry, modelId);
    const places = { modelsDir: join(root, ".forewarn", "models"), packageRoot: root };
    const { path } = await ensureModel(spec, places).catch(() =>
      pullModel(spec, { ...places, from: models }),
    );
    return { spec, path, labels: await loadLabels(registry, spec) };
  }

  /** The picture as ffmpeg gives it to a live camera's detector. */
  async function planar(
    path: string,
    detector: Detector,
    width: number,
    height: number,
  ): Promise<Uint8Array> {
    const { format } = detector;
    const place = placePicture(format, width, height);
    const out = join(dir, "frame.yuv");
    const grey = format.padByte.toString(16).padStart(2, "0").repeat(3);
    await ffmpeg([
      ...["-i", path, "-frames:v", "1", "-vf"],
      `scale=${place.width}:${place.height}:flags=area+accurate_rnd:out_color_matrix=bt601:out_range=limited,format=yuv420p,pad=${format.width}:${format.height}:${place.left}:${place.top}:0x${grey}`,
      ...["-f", "rawvideo", "-pix_fmt", "yuv420p", out],
    ]);
    return await readFile(out);
  }

  it.each(["default", "yolox-nano"])(
    "of %s sees what the plain one sees",
    async (modelId) => {
      warnings.length = 0;
      const { spec, path, labels } = await locate(modelId);
      const options = { labels, executionProviders: ["cpu"], threads: 1, log };
      const plain = await createDetector(spec, path, options);
      let found = 0;
      let agreed = 0;
      try {
        for (const name of samples) {
          const file = join(pictures, name);
          const { pixels, sourceWidth, sourceHeight } = await readPicture(file, plain.format);
          const stream = {
            width: sourceWidth,
            height: sourceHeight,
            matrix: "bt601",
            range: "limited",
          } as const;
          const prepared = await createDetector(spec, path, { ...options, stream, labelsInUse: IN_USE });
          try {
            expect(prepared.format.pixelFormat).toBe("yuv420p");
            const source = { sourceWidth, sourceHeight };
            const wanted = (await plain.detect({ pixels, ...source }, 0.25)).filter(
              ({ label, score }) => IN_USE.includes(label) && score >= 0.4,
            );
            const got = await prepared.detect(
              { pixels: await planar(file, prepared, sourceWidth, sourceHeight), ...source },
              0.2,
            );
            const isSame = (one: Detection, other: Detection) =>
              one.label === other.label &&
              iou(one.box, other.box) >= 0.8 &&
              Math.abs(one.score - other.score) < 0.15;
            found += wanted.length;
            agreed += wanted.filter((one) => got.some((other) => isSame(one, other))).length;
          } finally {
            await prepared.close();
          }
        }
      } finally {
        await plain.close();
      }
      expect(warnings).toEqual([]);
      expect(found).toBeGreaterThan(4);
      // Scaled by another program and with a quarter of the colour: not every box is the same to the hair.
      expect(agreed / found).toBeGreaterThan(0.9);
    },
    120_000,
  );
});
