// How much of what masking has to hide it does hide, on real pictures beside this repository:
//   npx tsx scripts/eval/masking.ts [--model ID] [--faces ID] [--objects-min 0.1] [--faces-min 0.3]
//     [--objects-tile 1.5] [--faces-tile 1] [--data FOLDER] [--failures]
// The folder is ../shared/footage: labelled persons of COCO, pedestrians of PETS09-S2L1 (clips/vtest.avi), and
// photographs with plates. There are no labelled faces, so the head part of every labelled person stands for one.
// Prints markdown tables; exits 2 when there is nothing to measure.
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import sharp from "sharp";
import { z } from "zod";
import { loadConfig } from "../../config/env.ts";
import type { Box } from "../../pipeline/domain/types.ts";
import { besidesSubject } from "../../pipeline/evidence/masking/besides-subject.ts";
import { boxOverlap } from "../../pipeline/evidence/masking/box-overlap.ts";
import { findPrivate } from "../../pipeline/evidence/masking/find-private.ts";
import type { RgbPicture } from "../../pipeline/evidence/masking/finder.ts";
import type { PrivateRegion } from "../../pipeline/evidence/masking/private-region.ts";
import type { PictureSize } from "../../pipeline/evidence/picture-region.ts";
import { openMasking } from "../../pipeline/open-masking.ts";
import { createLogger } from "../../runtime/logger.ts";
import { packageRoot } from "../../runtime/version.ts";
import { HiddenPixels, headOfLabel, type Judged, recallBySize } from "./masking-recall.ts";

const PERSON_SIZES = [16, 32, 64, 128, 256];
const PLATE_SIZES = [0, 100, 150];
/** Every so many frames of the pedestrians' 795. */
const PEDESTRIAN_STEP = 40;

const platesSchema = z.object({
  full: z.object({
    items: z.array(
      z.object({
        file: z.string(),
        plates: z.array(
          z.object({
            rotatedRect: z.object({
              cx: z.number(),
              cy: z.number(),
              w: z.number(),
              h: z.number(),
              angle: z.number(),
            }),
          }),
        ),
      }),
    ),
  }),
});

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    faces: { type: "string" },
    "objects-min": { type: "string" },
    "faces-min": { type: "string" },
    "objects-tile": { type: "string" },
    "faces-tile": { type: "string" },
    data: { type: "string", default: join(packageRoot, "../shared/footage") },
    failures: { type: "boolean", default: false },
  },
});

/** What has to be hidden in one picture: 0–1 boxes, and the pixels that decide on the class of size. */
interface Labelled {
  readonly name: string;
  readonly picture: RgbPicture;
  readonly parts: readonly { readonly box: Box; readonly sizePx: number }[];
}

const config = loadConfig();
const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const detectors = await openMasking({
  modelsDir: config.modelsDir,
  packageRoot,
  executionProviders: config.executionProviders,
  threads: 2,
  log: createLogger({ name: "masking", level: "error" }),
  ...(values.model && { modelId: values.model }),
  ...(values.faces && { faceModelId: values.faces }),
  minScores: given({ objects: number(values["objects-min"]), faces: number(values["faces-min"]) }),
  tilePerInput: given({ objects: number(values["objects-tile"]), faces: number(values["faces-tile"]) }),
});
try {
  const { objects, faces, plates } = detectors;
  const uses = [objects, faces, ...(plates === null ? [] : [plates])];
  const used = uses.map(
    (finder) => `${finder.modelId} ≥ ${finder.minScore}, tiles of ${finder.smallestTile}`,
  );
  process.stdout.write(`${used.join("; ")}\n\n`);
  const measured = [
    await measure("persons, COCO", cocoPersons(), PERSON_SIZES),
    await measure("pedestrians, PETS09-S2L1", pedestrians(), PERSON_SIZES),
    await measure("plates", platePhotographs(), PLATE_SIZES),
  ];
  if (!measured.includes(true)) {
    process.stderr.write(`nothing to measure in ${values.data}\n`);
    process.exitCode = 2;
  }
} finally {
  await detectors.close();
}

function given<T extends Record<string, number | undefined>>(wanted: T): { [K in keyof T]?: number } {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: number;
  };
}

interface OwnPlates {
  readonly count: number;
  readonly clear: number;
}

/** The plate of the vehicle that a copy is about has to stay readable: how often it does, where the vehicle is found. */
function ownPlates(regions: readonly PrivateRegion[], { picture, parts }: Labelled): OwnPlates {
  const shares = parts.flatMap(({ box }) => {
    const around = regions
      .filter(({ kind, box: found }) => kind === "vehicle" && boxOverlap(box, found).ofFirst > 0.95)
      .sort((a, b) => b.score - a.score)[0];
    if (around === undefined) return [];
    const { above } = besidesSubject(regions, around, picture.size);
    return [new HiddenPixels(picture.size, above).shareOf(box)];
  });
  return { count: shares.length, clear: shares.filter((share) => share < 0.1).length };
}

/** Prints one table. False: there was nothing. */
async function measure(
  what: string,
  pictures: AsyncIterable<Labelled>,
  sizes: readonly number[],
): Promise<boolean> {
  const judged: Judged[] = [];
  const own = { count: 0, clear: 0 };
  let shares = 0;
  let cpuMs = 0;
  let count = 0;
  for await (const labelled of pictures) {
    const { name, picture, parts } = labelled;
    const before = process.cpuUsage();
    const regions = await findPrivate(picture, detectors);
    const { user, system } = process.cpuUsage(before);
    cpuMs += (user + system) / 1000;
    const hidden = new HiddenPixels(picture.size, regions);
    shares += hidden.shareOf([0, 0, 1, 1]);
    count += 1;
    const { count: seen, clear } = ownPlates(regions, labelled);
    own.count += seen;
    own.clear += clear;
    for (const { box, sizePx } of parts) judged.push({ name, sizePx, share: hidden.shareOf(box) });
  }
  if (count === 0) return false;
  const rows = recallBySize(judged, sizes).map(
    ({ fromPx, toPx, count: all, hidden }) =>
      `| ${fromPx}–${Number.isFinite(toPx) ? toPx : ""} | ${all} | ${hidden} | ${percent(hidden / all)} |\n`,
  );
  const perPicture = `${(cpuMs / count).toFixed(0)} ms CPU a picture, ${percent(shares / count)} of it hidden`;
  process.stdout.write(
    `${what}: ${count} pictures, ${perPicture}\n\n| px | labelled | hidden | share |\n|---|---|---|---|\n${rows.join("")}\n`,
  );
  if (sizes === PLATE_SIZES)
    process.stdout.write(`as the subject: ${own.clear} of ${own.count} plates stay clear\n\n`);
  if (values.failures)
    for (const { name, sizePx, share } of judged.filter(({ share: found }) => found < 0.9))
      process.stdout.write(`- ${name}: ${sizePx.toFixed(0)} px, ${percent(share)} hidden\n`);
  return true;
}

async function readRgb(path: string): Promise<RgbPicture> {
  const { data, info } = await sharp(path)
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { pixels: data, size: { width: info.width, height: info.height } };
}

function headPart(person: Box, size: PictureSize): Labelled["parts"][number] {
  return { box: headOfLabel(person, size), sizePx: (person[3] - person[1]) * size.height };
}

async function* cocoPersons(): AsyncGenerator<Labelled> {
  const labels = join(values.data, "coco", "labels");
  for (const file of existsSync(labels) ? readdirSync(labels).sort() : []) {
    const persons = readFileSync(join(labels, file), "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number))
      .filter(([classIndex, , , , height]) => classIndex === 0 && height !== undefined);
    const image = file.replace(/\.txt$/, ".jpg");
    const picture = await readRgb(join(values.data, "coco", "images", image));
    const parts = persons.map(([, x = 0, y = 0, w = 0, h = 0]) =>
      headPart([x - w / 2, y - h / 2, x + w / 2, y + h / 2], picture.size),
    );
    yield { name: image, picture, parts };
  }
}

async function* pedestrians(): AsyncGenerator<Labelled> {
  const clip = join(values.data, "clips", "vtest.avi");
  const truth = join(values.data, "mot", "PETS09-S2L1", "gt.txt");
  if (!existsSync(clip) || !existsSync(truth)) return;
  const rows = readFileSync(truth, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(",").map(Number));
  const dir = await mkdtemp(join(tmpdir(), "forewarn-masking-"));
  try {
    const select = `select=not(mod(n\\,${PEDESTRIAN_STEP}))`;
    const args = ["-v", "error", "-i", clip, "-vf", select, "-vsync", "0", join(dir, "%03d.png")];
    await promisify(execFile)(config.ffmpegPath ?? "ffmpeg", args);
    for (const [index, file] of readdirSync(dir).sort().entries()) {
      const picture = await readRgb(join(dir, file));
      const { width, height } = picture.size;
      // The ground truth counts frames and pixels from one.
      const frame = index * PEDESTRIAN_STEP + 1;
      const parts = rows
        .filter(([of]) => of === frame)
        .map(([, , left = 0, top = 0, w = 0, h = 0]) =>
          headPart([left / width, top / height, (left + w) / width, (top + h) / height], picture.size),
        );
      yield { name: `vtest.avi frame ${frame}`, picture, parts };
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function* platePhotographs(): AsyncGenerator<Labelled> {
  const list = join(values.data, "plates", "plates.json");
  if (!existsSync(list)) return;
  const { full } = platesSchema.parse(JSON.parse(readFileSync(list, "utf8")));
  for (const { file, plates } of full.items) {
    const picture = await readRgb(join(values.data, file));
    const { width, height } = picture.size;
    const parts = plates.map(({ rotatedRect: { cx, cy, w, h, angle } }) => {
      const turn = (angle * Math.PI) / 180;
      const across = Math.abs(w * Math.cos(turn)) + Math.abs(h * Math.sin(turn));
      const down = Math.abs(w * Math.sin(turn)) + Math.abs(h * Math.cos(turn));
      const box: Box = [
        (cx - across / 2) / width,
        (cy - down / 2) / height,
        (cx + across / 2) / width,
        (cy + down / 2) / height,
      ];
      return { box, sizePx: across };
    });
    yield { name: file, picture, parts };
  }
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(1)} %` : "–";
}
