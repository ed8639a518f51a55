import { readFile } from "node:fs/promises";
import sharp, { type Sharp } from "sharp";
import type { Box, Polygon } from "../domain/types.ts";
import { BundleSourceError } from "./errors.ts";
import { captionSvg, outlineSvg, privacySvg } from "./overlay.ts";
import { type PictureSize, type Region, regionOfBox } from "./picture-region.ts";

/** Room around the subject in a close-up, as a share of its box. */
const CLOSE_MARGIN = 0.25;
/** Room around the subject that a copy leaves clear. */
const CLEAR_MARGIN = 0.03;
/** Blocks along the longer side of a pixelated picture: too few to know a face or read a plate by. */
const BLOCKS = 32;
/** Upper part of a person's box that is pixelated as well: the head, in every posture that stands or sits. */
const HEAD_SHARE = 0.35;
/** Copies are at least so wide, or the caption would not be readable; enlarged by whole factors only. */
const MIN_COPY_WIDTH = 640;
const MAX_ENLARGEMENT = 6;

const ORIGINAL_JPEG = { quality: 95, chromaSubsampling: "4:4:4" } as const;
const COPY_JPEG = { quality: 90, chromaSubsampling: "4:4:4" } as const;

/** A full-resolution picture as it is stored in `originals/`. */
export interface Still {
  readonly jpeg: Buffer;
  /** The same decoded: packed 8-bit RGB. */
  readonly pixels: Buffer;
  readonly size: PictureSize;
  readonly encoding: "as_grabbed" | "converted_to_jpeg" | "privacy_masked";
}

/**
 * Reads a grabbed picture. A JPEG keeps its bytes; any other format becomes JPEG; with privacy masks the polygons
 * are blacked first, so that what lies behind them is stored nowhere (domain C-03).
 *
 * @throws BundleSourceError when it is no picture.
 */
export async function readStill(path: string, privacyMasks: readonly Polygon[]): Promise<Still> {
  try {
    const bytes = await readFile(path);
    const { format } = await sharp(bytes).metadata();
    const decoded = await decode(sharp(bytes));
    if (privacyMasks.length > 0) {
      const overlay = { input: privacySvg(privacyMasks, decoded.size) };
      const blacked = await decode(ofPixels(decoded).composite([overlay]));
      const jpeg = await ofPixels(blacked).jpeg(ORIGINAL_JPEG).toBuffer();
      return { ...blacked, jpeg, encoding: "privacy_masked" };
    }
    if (format === "jpeg") return { ...decoded, jpeg: bytes, encoding: "as_grabbed" };
    const jpeg = await ofPixels(decoded).jpeg(ORIGINAL_JPEG).toBuffer();
    return { ...decoded, jpeg, encoding: "converted_to_jpeg" };
  } catch (cause) {
    throw new BundleSourceError(`${path} is not a whole picture.`, { cause });
  }
}

type Pixels = Pick<Still, "pixels" | "size">;

async function decode(picture: Sharp): Promise<Pixels> {
  const { data, info } = await picture
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { pixels: data, size: { width: info.width, height: info.height } };
}

function ofPixels({ pixels, size }: Pixels): Sharp {
  return sharp(pixels, { raw: { ...size, channels: 3 } });
}

function asLayer({ pixels, size }: Pixels) {
  return { input: pixels, raw: { ...size, channels: 3 as const } };
}

/** The subject with some room around it, in the picture's own pixels and without any drawing. */
export async function cutClose(still: Still, box: Box): Promise<Buffer> {
  return ofPixels(still)
    .extract(regionOfBox(box, CLOSE_MARGIN, still.size))
    .jpeg(ORIGINAL_JPEG)
    .toBuffer();
}

/** What is drawn and written on a copy. */
export interface CopyText {
  readonly zone: Polygon;
  readonly lines: readonly string[];
}

/**
 * The two copies for anyone outside, wide and close. Everything but the subject is pixelated, a person's head too,
 * so bystanders and other cars' plates cannot be known from them. No metadata of the source survives.
 */
export async function makeMaskedCopies(
  still: Still,
  subject: { readonly box: Box; readonly label: string },
  text: CopyText,
): Promise<{ wide: Buffer; close: Buffer }> {
  const masked = await pixelateAllBut(still, clearRegion(subject, still.size));
  const whole: Region = { left: 0, top: 0, ...still.size };
  const near = regionOfBox(subject.box, CLOSE_MARGIN, still.size);
  return {
    wide: await drawCopy(masked, whole, subject.box, text),
    close: await drawCopy(masked, near, subject.box, text),
  };
}

/** Whether the head inside the subject's own box is hidden as well. */
export function hidesHead(label: string): boolean {
  return label === "person";
}

function clearRegion(subject: { readonly box: Box; readonly label: string }, size: PictureSize): Region {
  const [x1, y1, x2, y2] = subject.box;
  if (!hidesHead(subject.label)) return regionOfBox(subject.box, CLEAR_MARGIN, size);
  return regionOfBox([x1, y1 + (y2 - y1) * HEAD_SHARE, x2, y2], 0, size);
}

async function pixelateAllBut(still: Still, clear: Region): Promise<Pixels> {
  const { width, height } = still.size;
  const block = Math.max(1, Math.max(width, height) / BLOCKS);
  const across = Math.max(1, Math.round(width / block));
  const down = Math.max(1, Math.round(height / block));
  const coarse = await decode(ofPixels(still).resize(across, down, { fit: "fill", kernel: "linear" }));
  const subject = await decode(ofPixels(still).extract(clear));
  return decode(
    ofPixels(coarse)
      .resize(width, height, { fit: "fill", kernel: "nearest" })
      .composite([{ ...asLayer(subject), left: clear.left, top: clear.top }]),
  );
}

async function drawCopy(masked: Pixels, region: Region, box: Box, text: CopyText): Promise<Buffer> {
  const scale = Math.min(MAX_ENLARGEMENT, Math.max(1, Math.ceil(MIN_COPY_WIDTH / region.width)));
  const width = Math.max(MIN_COPY_WIDTH, region.width * scale);
  const height = region.height * scale;
  const lines = scale === 1 ? text.lines : [...text.lines, `放大 enlarged ×${scale}`];
  const caption = captionSvg(lines, width);
  const picture = await decode(
    ofPixels(masked)
      .extract(region)
      .resize(region.width * scale, height, { fit: "fill", kernel: "cubic" })
      .composite([{ input: outlineSvg(text.zone, box, masked.size, region, scale) }]),
  );
  const left = Math.floor((width - region.width * scale) / 2);
  return sharp({ create: { width, height: height + caption.height, channels: 3, background: "#14181d" } })
    .composite([
      { ...asLayer(picture), left, top: 0 },
      { input: caption.svg, left: 0, top: height },
    ])
    .jpeg(COPY_JPEG)
    .toBuffer();
}
