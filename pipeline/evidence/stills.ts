import { readFile } from "node:fs/promises";
import sharp, { type Sharp } from "sharp";
import type { Box, Polygon } from "../domain/types.ts";
import { BundleSourceError } from "./errors.ts";
import { hideAllBut } from "./masking/all-but-subject.ts";
import { boxOverlap } from "./masking/box-overlap.ts";
import type { MaskingDetectors, RgbPicture } from "./masking/finder.ts";
import { PERSON } from "./masking/labels.ts";
import { type MaskingFacts, maskStill } from "./masking/mask-still.ts";
import type { MaskSubject } from "./masking/mask-subject.ts";
import type { PrivateRegion } from "./masking/private-region.ts";
import { CAPTION_GROUND, captionSvg, outlineSvg, privacySvg } from "./overlay.ts";
import { type PictureSize, type Region, regionOfBox } from "./picture-region.ts";

/** Room around the subject in a close-up, as a share of its box. */
const CLOSE_MARGIN = 0.25;
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
  readonly encoding: "as_grabbed" | "converted_to_jpeg" | "masked_at_capture";
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
      return { ...blacked, jpeg, encoding: "masked_at_capture" };
    }
    if (format === "jpeg") return { ...decoded, jpeg: bytes, encoding: "as_grabbed" };
    const jpeg = await ofPixels(decoded).jpeg(ORIGINAL_JPEG).toBuffer();
    return { ...decoded, jpeg, encoding: "converted_to_jpeg" };
  } catch (cause) {
    throw new BundleSourceError(`${path} is not a whole picture.`, { cause });
  }
}

async function decode(picture: Sharp): Promise<{ pixels: Buffer; size: PictureSize }> {
  const { data, info } = await picture
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { pixels: data, size: { width: info.width, height: info.height } };
}

function ofPixels({ pixels, size }: RgbPicture): Sharp {
  return sharp(pixels, { raw: { ...size, channels: 3 } });
}

function asLayer({ pixels, size }: { pixels: Buffer; size: PictureSize }) {
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

/** The two copies, and what was hidden in each. */
export interface MaskedCopies {
  /** JPEG, encoded anew: no metadata, thumbnail or colour profile of any source. */
  readonly wide: Buffer;
  readonly close: Buffer;
  readonly masking: MaskingFacts & {
    readonly wide: readonly PrivateRegion[];
    readonly close: readonly PrivateRegion[];
  };
}

/**
 * The two copies for anyone outside, wide and close: faces, heads and other people's plates are hidden in them. Where
 * nothing can look for those, everything but the subject is. What is enlarged shows the subject only, and a person is
 * never enlarged.
 *
 * @param detectors null: there are none, so that all but the subject is hidden
 */
export async function makeMaskedCopies(
  still: Still,
  subject: MaskSubject,
  text: CopyText,
  detectors: MaskingDetectors | null = null,
): Promise<MaskedCopies> {
  const { picture, regions, mode, reason, detectors: used } = await maskStill(still, subject, detectors);
  const whole: Region = { left: 0, top: 0, ...still.size };
  const near = regionOfBox(subject.box, CLOSE_MARGIN, still.size);
  const nearBox = boxOf(near, still.size);
  const enlargement = subject.label === PERSON ? 1 : enlargementOf(near.width);
  const nearPicture = enlargement === 1 ? picture : hideAllBut(picture, subject);
  return {
    wide: await drawCopy(picture, whole, subject.box, text, enlargementOf(whole.width)),
    close: await drawCopy(nearPicture, near, subject.box, text, enlargement),
    masking: {
      mode,
      reason,
      detectors: used,
      wide: regions,
      close: regions.filter(({ box }) => boxOverlap(box, nearBox).iou > 0),
    },
  };
}

function boxOf({ left, top, width, height }: Region, size: PictureSize): Box {
  return [left / size.width, top / size.height, (left + width) / size.width, (top + height) / size.height];
}

function enlargementOf(width: number): number {
  return Math.min(MAX_ENLARGEMENT, Math.max(1, Math.ceil(MIN_COPY_WIDTH / width)));
}

async function drawCopy(
  masked: RgbPicture,
  region: Region,
  box: Box,
  text: CopyText,
  scale: number,
): Promise<Buffer> {
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
  return sharp({
    create: { width, height: height + caption.height, channels: 3, background: CAPTION_GROUND },
  })
    .composite([
      { ...asLayer(picture), left, top: 0 },
      { input: caption.svg, left: 0, top: height },
    ])
    .jpeg(COPY_JPEG)
    .toBuffer();
}
