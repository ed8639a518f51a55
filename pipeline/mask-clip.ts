import { rm } from "node:fs/promises";
import { AppError } from "./domain/errors.ts";
import type { MaskedClipFacts, MaskedClipOrder } from "./evidence/bundle-input.ts";
import { CaptionStrip } from "./evidence/caption-strip.ts";
import { DiskFullError } from "./evidence/disk-full-error.ts";
import { ClipFrameMasker } from "./evidence/masking/clip-frame-masker.ts";
import { ClipMaskError } from "./evidence/masking/errors.ts";
import { lookForPrivate, type PrivateLook } from "./evidence/masking/find-private.ts";
import type { RgbPicture } from "./evidence/masking/finder.ts";
import { usedDetectors } from "./evidence/masking/mask-still.ts";
import { countKinds, type PrivateKind } from "./evidence/masking/private-region.ts";
import { SubjectPresence } from "./evidence/masking/subject-presence.ts";
import { readClipFrames } from "./media/clip-frames.ts";
import { ClipWriteError, type ClipWriter, openClipWriter } from "./media/clip-writer.ts";
import { colourOption } from "./media/ffmpeg-args.ts";
import type { Probe } from "./media/probe.ts";

/** `clipPath` is complete; `outPath` becomes an MP4 (H.264): what is there is replaced, what fails is taken away. */
export interface MaskClipOrder extends MaskedClipOrder {
  readonly ffmpegPath: string;
  /** What the clip's pictures are: the stream's own probe, for the clip is a copy of it. */
  readonly probe: Pick<Probe, "width" | "height" | "colourMatrix">;
  /** Frames a second of the copy. Every one of them is looked at, which is what a bundle costs most for. */
  readonly fps: number;
  readonly signal: AbortSignal;
}

export interface MaskedClip extends MaskedClipFacts {
  readonly frames: number;
}

const MAX_WIDTH = 1280;
/**
 * Frames are looked at in larger tiles than stills, at a fifth of the cost. What that misses is so small that the blocks
 * of the street leave eight or fewer of it.
 */
const COARSENESS = 2;

/** What ffmpeg says when there is no room, or none for this user. */
const NO_ROOM = /No space left on device|Disk quota exceeded/;

/**
 * A copy of a stretch of a clip for anyone outside: at most 1280 wide, everything private hidden in every one, a
 * caption below, without sound or metadata. The subject stays clear in frames it is found in. Memory is bounded: four frames
 * or so, whatever the length.
 *
 * @throws ClipMaskError when it cannot be read, coded, or looked at in any frame; DiskFullError, MissingToolError; the
 *   signal's reason when it ends the work
 */
export async function maskClip(order: MaskClipOrder): Promise<MaskedClip> {
  const { ffmpegPath, outPath, signal } = order;
  signal.throwIfAborted();
  const size = clipSize(order.probe);
  const strip = new CaptionStrip(order.linesAt(order.fromSec), size.width);
  const framed = { width: size.width, height: size.height + strip.height };
  const writer = openClipWriter({ ffmpegPath, outPath, size: framed, fps: order.fps, signal });
  try {
    const masked = await maskFrames(order, size, captioned(order, strip, writer));
    await writer.finish();
    return masked;
  } catch (error) {
    await writer.abort();
    await rm(outPath, { force: true });
    signal.throwIfAborted();
    throw error instanceof ClipWriteError ? asMaskingFault(error) : error;
  }
}

function asMaskingFault(error: ClipWriteError): AppError {
  if (!NO_ROOM.test(error.message)) return new ClipMaskError(error.message, { cause: error });
  return new DiskFullError(`${error.message} Free or add space there; it is then tried again by itself.`, {
    cause: error,
  });
}

/** Takes masked frames in order and writes each with the caption of its time. */
function captioned(
  order: MaskClipOrder,
  strip: CaptionStrip,
  writer: ClipWriter,
): (frame: RgbPicture | null) => Promise<void> {
  let index = 0;
  return async (frame) => {
    if (frame === null) return;
    const rows = await strip.rows(order.linesAt(order.fromSec + index++ / order.fps));
    await writer.write(Buffer.concat([frame.pixels, rows]));
  };
}

async function maskFrames(
  order: MaskClipOrder,
  size: RgbPicture["size"],
  emit: (frame: RgbPicture | null) => Promise<void>,
): Promise<MaskedClip> {
  const { ffmpegPath, clipPath, fromSec, toSec, detectors, signal } = order;
  const masker = new ClipFrameMasker();
  const presence = new SubjectPresence();
  const hidden = countKinds([]);
  let unseen = 0;
  let reason: string | null = null;
  const look = async (picture: RgbPicture): Promise<PrivateLook | null> => {
    try {
      return await lookForPrivate(picture, detectors, COARSENESS);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      unseen += 1;
      reason = `${error.code}: ${error.message}`;
      return null;
    }
  };
  const scaleOptions = colourOption(order.probe);
  const exit = await readClipFrames(
    { ffmpegPath, clipPath, fromSec, toSec, size, fps: order.fps, scaleOptions, signal },
    async (pixels, index) => {
      const picture = { pixels, size };
      const seen = await look(picture);
      const counts = countKinds(seen?.regions ?? []);
      for (const kind of Object.keys(counts) as PrivateKind[]) hidden[kind] += counts[kind];
      const subject = presence.at(order.subjectAt(fromSec + index / order.fps), seen?.objects ?? []);
      await emit(masker.push({ picture, regions: seen?.regions ?? null, subject }));
    },
  );
  signal.throwIfAborted();
  if (exit.reason !== "closed" || exit.frames === 0)
    throw new ClipMaskError(
      `${clipPath} could not be decoded to its end (${exit.reason}, exit code ${exit.exitCode}, ${exit.frames} frames): ${exit.stderrTail.slice(-2).join(" / ")}`,
    );
  if (unseen === exit.frames)
    throw new ClipMaskError(`${clipPath}: no frame of it could be looked at (${reason}).`);
  await emit(masker.finish());
  return {
    mode: reason === null ? "private_regions" : "all_but_subject",
    reason,
    detectors: usedDetectors(detectors),
    hidden,
    frames: exit.frames,
  };
}

/** At most 1280 wide, both sides even, as H.264 with 4:2:0 wants them. */
function clipSize({ width, height }: Pick<Probe, "width" | "height">): RgbPicture["size"] {
  const scale = Math.min(1, MAX_WIDTH / width);
  const even = (length: number) => Math.max(2, Math.round((length * scale) / 2) * 2);
  return { width: even(width), height: even(height) };
}
