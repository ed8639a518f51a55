import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { z } from "zod";
import { area, intersectionArea, iou } from "../../pipeline/domain/box.ts";
import type { Box } from "../../pipeline/domain/types.ts";
import { findText } from "../../pipeline/evidence/plate/find-text.ts";
import { plateCandidates } from "../../pipeline/evidence/plate/plate-candidates.ts";
import { groundOf } from "../../pipeline/evidence/plate/plate-colour.ts";
import { kindOf, parsePlate } from "../../pipeline/evidence/plate/plate-grammar.ts";
import {
  type CandidateReading,
  type PlateGraphs,
  readCandidate,
  readVehicle,
} from "../../pipeline/evidence/plate/plate-reader.ts";
import { boundsOfQuad, type Quad, sizeOfQuad } from "../../pipeline/evidence/plate/rectify.ts";
import type { RgbPicture } from "../../pipeline/evidence/plate/rgb-picture.ts";

const rotatedRect = z.object({
  cx: z.number(),
  cy: z.number(),
  w: z.number(),
  h: z.number(),
  angle: z.number(),
});
const picture = z.object({
  file: z.string(),
  plates: z.array(
    z.object({ text: z.string(), colour: z.string().optional(), rotatedRect: rotatedRect.optional() }),
  ),
});
const plateSet = z.object({
  full: z.object({ items: z.array(picture) }),
  ccpdDemo: z.object({ items: z.array(picture) }),
  crops: z.object({ items: z.array(z.object({ file: z.string(), text: z.string() })) }),
});

/** One plate that somebody has read by eye, and what we made of it. */
export interface Attempt {
  readonly file: string;
  /** The first is asked for; a picture may show more than one plate. */
  readonly wanted: readonly string[];
  readonly colour: string | undefined;
  /** Of the plate in the picture, in pixels; undefined where nobody has marked it. */
  readonly plateWidth: number | undefined;
  /** Of what was read, in pixels; 0 when nothing was. */
  readonly readWidth: number;
  readonly raw: string;
  readonly got: string | undefined;
  readonly kind: string | undefined;
  readonly probability: number;
  /** Whether a candidate lay where the plate is; undefined where the place is given or not known. */
  readonly found: boolean | undefined;
}

export interface Measured {
  readonly name: string;
  /** Pictures were made smaller by this first. */
  readonly scale: number;
  readonly attempts: readonly Attempt[];
  /** User and system time of the whole process, per attempt. */
  readonly cpuMs: number;
}

const CROP_SCALES = [1, 0.75, 0.5];
const PICTURE_SCALES = [1, 0.5, 0.33];
/** A candidate whose box overlaps the marked one less than this is elsewhere. */
const SAME_PLACE = 0.4;
/** A picture that was made smaller is compressed again, as a camera does with a plate far away. */
const STREAM_QUALITY = 60;

/** Plates that are cut out already: the recogniser alone. */
export async function measureCrops(graphs: PlateGraphs, folder: string): Promise<Measured[]> {
  const { crops } = await readSet(folder);
  return each(CROP_SCALES, (scale) =>
    timed(`cut plates × ${scale}`, scale, crops.items, async ({ file, text }) => {
      const shown = await readRgb(join(folder, file), scale);
      const { width, height } = shown.size;
      const quad: Quad = [
        [0, 0],
        [width, 0],
        [width, height],
        [0, height],
      ];
      const reading = await readCandidate(graphs.recogniser, shown, {
        lines: [quad],
        outline: quad,
        score: 1,
      });
      return {
        file,
        wanted: [text],
        colour: undefined,
        plateWidth: width,
        found: undefined,
        ...said(reading),
      };
    }),
  );
}

/** Whole pictures of a vehicle's front or back: finder and recogniser. */
export async function measurePictures(graphs: PlateGraphs, folder: string): Promise<Measured[]> {
  const { full, ccpdDemo } = await readSet(folder);
  return each(PICTURE_SCALES, (scale) =>
    timed(`pictures × ${scale}`, scale, [...full.items, ...ccpdDemo.items], async ({ file, plates }) => {
      const shown = await readRgb(join(folder, file), scale);
      const reading = await readVehicle(graphs, shown, [0, 0, 1, 1]);
      const place = placeOf(plates[0]?.rotatedRect, scale);
      return {
        file,
        wanted: plates.map(({ text }) => text),
        colour: plates[0]?.colour,
        plateWidth: place && place[2] - place[0],
        found: place && (await isFound(graphs, shown, place)),
        ...said(reading),
      };
    }),
  );
}

/** Probabilities of what is read in the pictures of COCO: text of every kind, and no Chinese plate. */
export async function measureForeign(graphs: PlateGraphs, folder: string): Promise<number[]> {
  const images = join(folder, "coco", "images");
  if (!existsSync(images)) return [];
  const probabilities: number[] = [];
  for (const image of readdirSync(images).sort()) {
    const reading = await readVehicle(graphs, await readRgb(join(images, image), 1), [0, 0, 1, 1]);
    probabilities.push(reading?.best?.probability ?? 0);
  }
  return probabilities;
}

async function isFound({ finder }: PlateGraphs, shown: RgbPicture, place: Box): Promise<boolean> {
  const lines = await findText(finder, shown, { left: 0, top: 0, ...shown.size });
  return plateCandidates(lines).some(({ outline }) => {
    const box = boundsOfQuad(outline);
    return iou(box, place) >= SAME_PLACE || intersectionArea(box, place) >= 0.9 * area(place);
  });
}

function said(reading: CandidateReading | null) {
  const plate = parsePlate(reading?.best?.text ?? "");
  return {
    readWidth: reading === null ? 0 : sizeOfQuad(reading.candidate.outline).width,
    raw: reading?.rawText ?? "",
    got: plate?.text,
    kind: plate === null || reading === null ? undefined : kindOf(plate, groundOf(reading.flat)),
    probability: reading?.best?.probability ?? 0,
  };
}

/** The upright box around a rotated rectangle as OpenCV describes it. */
function placeOf(rect: z.infer<typeof rotatedRect> | undefined, scale: number): Box | undefined {
  if (rect === undefined) return undefined;
  const angle = (rect.angle * Math.PI) / 180;
  const halfWidth = (Math.abs(rect.w * Math.cos(angle)) + Math.abs(rect.h * Math.sin(angle))) / 2;
  const halfHeight = (Math.abs(rect.w * Math.sin(angle)) + Math.abs(rect.h * Math.cos(angle))) / 2;
  return [
    (rect.cx - halfWidth) * scale,
    (rect.cy - halfHeight) * scale,
    (rect.cx + halfWidth) * scale,
    (rect.cy + halfHeight) * scale,
  ];
}

async function readSet(folder: string): Promise<z.infer<typeof plateSet>> {
  return plateSet.parse(JSON.parse(await readFile(join(folder, "plates", "plates.json"), "utf8")));
}

async function readRgb(path: string, scale: number): Promise<RgbPicture> {
  const { width, height } = await sharp(path).metadata();
  const smaller = sharp(path).resize(Math.round(width * scale), Math.round(height * scale), {
    fit: "fill",
    kernel: "linear",
  });
  const shown = scale === 1 ? sharp(path) : sharp(await smaller.jpeg({ quality: STREAM_QUALITY }).toBuffer());
  const { data, info } = await shown
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { pixels: data, size: { width: info.width, height: info.height } };
}

async function timed<Item>(
  name: string,
  scale: number,
  items: readonly Item[],
  attempt: (item: Item) => Promise<Attempt>,
): Promise<Measured> {
  const before = process.cpuUsage();
  const attempts = await each(items, attempt);
  const { user, system } = process.cpuUsage(before);
  return { name, scale, attempts, cpuMs: (user + system) / 1000 / items.length };
}

async function each<Item, Result>(
  items: readonly Item[],
  one: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await one(item));
  return results;
}
