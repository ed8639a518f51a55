import sharp from "sharp";
import type { Detector } from "./domain/ports.ts";
import type { CameraSource, Detection, EpochMs } from "./domain/types.ts";
import { readPicture } from "./inference/picture.ts";
import { type FreshPicture, takeFreshPictures } from "./media/fresh-pictures.ts";
import { probe } from "./media/probe.ts";

const PROBE_TIMEOUT_MS = 20_000;
const PICTURES_TIMEOUT_MS = 40_000;
/** The same low bar as for watching: what a verdict makes of a score is its own affair. */
const LOWEST_SCORE = 0.1;
/** Brightness of a covered lens, a night without light or a grey start of a stream hardly varies. */
const LEAST_CONTRAST = 4;

export interface LookOrder {
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
  readonly source: CameraSource;
  readonly frames: number;
  readonly everySec: number;
  /** Existing folder for the pictures: full ones, nothing masked. */
  readonly dir: string;
  readonly signal: AbortSignal;
  /** Opens a detector for packed frames; asked once the pictures are there. */
  detector(): Promise<Detector>;
}

/** What one fresh picture shows. */
export interface FreshLook {
  readonly takenAt: EpochMs;
  readonly path: string;
  /** False: too dark, covered, or nothing in it. */
  readonly readable: boolean;
  readonly detections: readonly Detection[];
}

export interface Look {
  readonly model: { readonly id: string; readonly sha256: string };
  readonly frames: readonly FreshLook[];
}

/**
 * Opens a camera's stream a second time for some seconds and looks at what stands there now. Neither the watch of the
 * camera nor its lease is touched.
 *
 * @throws SourceUnreachableError, PictureGrabError and what else a stream that is down gives
 */
export async function lookAgain(order: LookOrder): Promise<Look> {
  const { source, signal } = order;
  const facts = await probe(source.url, {
    ffprobePath: order.ffprobePath,
    transport: source.transport,
    timeoutMs: PROBE_TIMEOUT_MS,
    signal,
  });
  const pictures = await takeFreshPictures({
    ffmpegPath: order.ffmpegPath,
    source,
    probe: facts,
    count: order.frames,
    everySec: order.everySec,
    dir: order.dir,
    timeoutMs: PICTURES_TIMEOUT_MS + order.frames * order.everySec * 1_000,
    signal,
  });
  const detector = await order.detector();
  try {
    const frames: FreshLook[] = [];
    for (const picture of pictures) frames.push(await lookAt(picture, detector));
    return { model: { id: detector.modelId, sha256: detector.modelSha256 }, frames };
  } finally {
    await detector.close();
  }
}

async function lookAt({ path, takenAt }: FreshPicture, detector: Detector): Promise<FreshLook> {
  const detections = await detector.detect(await readPicture(path, detector.format), LOWEST_SCORE);
  const { channels } = await sharp(path).greyscale().stats();
  const readable = (channels[0]?.stdev ?? 0) >= LEAST_CONTRAST;
  return { path, takenAt, readable, detections };
}
