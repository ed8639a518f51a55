import { mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { PictureGrabError } from "./errors.ts";
import { colourOption } from "./ffmpeg-args.ts";
import { parseLogLine } from "./ffmpeg-log.ts";
import { runFfmpeg } from "./ffmpeg-process.ts";
import type { Probe } from "./probe.ts";
import { type Recording, type RecordingInput, withRecording } from "./recording.ts";

export interface PictureOrder {
  readonly ffmpegPath: string;
  readonly from: Recording;
  readonly probe: Pick<Probe, "width" | "height" | "fps" | "colourMatrix">;
  /** Moments on the frames' time line (`ptsSec`). */
  readonly ptsSecs: readonly number[];
  /** Existing folder; the pictures are called `picture-1.jpg` and so on. */
  readonly dir: string;
  readonly signal: AbortSignal;
}

export interface Picture {
  readonly path: string;
  /** Time of the frame it shows. */
  readonly ptsSec: number;
}

/** Where no frame lies within half a frame of the moment (low or varying frame rate), look this far around it. */
const WIDE_SEC = 2;
const PREROLL_SEC = 12;
const GRAB_TIMEOUT_MS = 60_000;

/**
 * Full-resolution JPEG pictures (quality 2, upright) of the frames nearest to the given moments, in that order.
 * @throws NotRecordedError, PictureGrabError
 */
export async function grabPictures(order: PictureOrder): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (const [index, ptsSec] of order.ptsSecs.entries()) {
    const path = join(order.dir, `picture-${index + 1}.jpg`);
    const from = ptsSec - WIDE_SEC;
    const actual = await withRecording(order.from, from, ptsSec + WIDE_SEC, (input) =>
      grabNearest(order, input, ptsSec, path),
    );
    pictures.push({ path, ptsSec: actual });
  }
  return pictures;
}

async function grabNearest(
  order: PictureOrder,
  input: RecordingInput,
  ptsSec: number,
  path: string,
): Promise<number> {
  const at = ptsSec - input.offsetSec;
  const near = 0.75 / (order.probe.fps ?? 25);
  const dir = await mkdtemp(join(order.dir, ".grab-"));
  try {
    for (const { reachSec, prerollSec } of [
      { reachSec: near, prerollSec: 0 },
      // Seeking in a transport stream may land behind the moment.
      { reachSec: near, prerollSec: PREROLL_SEC },
      { reachSec: WIDE_SEC, prerollSec: PREROLL_SEC },
    ]) {
      const times = await decode(order, input, { at, reachSec, prerollSec, dir });
      const best = nearestIndex(times, at);
      const time = times[best];
      if (time === undefined) continue;
      await rename(join(dir, `${best + 1}.jpg`), path);
      return input.offsetSec + time;
    }
    throw new PictureGrabError(
      `No picture can be decoded within ${WIDE_SEC} s of ${ptsSec.toFixed(3)} s of the recording.`,
    );
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function nearestIndex(times: readonly number[], at: number): number {
  const distances = times.map((time) => Math.abs(time - at));
  return distances.indexOf(Math.min(...distances));
}

interface Look {
  readonly at: number;
  readonly reachSec: number;
  readonly prerollSec: number;
  readonly dir: string;
}

/** Writes every frame within reach into `dir` as `1.jpg`, `2.jpg`, …; answers their times. */
async function decode(order: PictureOrder, input: RecordingInput, look: Look): Promise<number[]> {
  const from = look.at - look.reachSec;
  const to = look.at + look.reachSec;
  const seek = Math.max(0, from - look.prerollSec);
  const times: number[] = [];
  let secondsPerTick = 0;
  const exit = await runFfmpeg({
    ffmpegPath: order.ffmpegPath,
    args: [
      ...["-nostdin", "-hide_banner", "-nostats", "-loglevel", "level+info", "-threads", "1"],
      // The stream's own time stamps: relative to the seek they would be rounded to coarse time bases.
      ...["-copyts", "-start_at_zero"],
      ...(seek > 0 ? ["-ss", seek.toFixed(6)] : []),
      ...["-t", (to - seek).toFixed(6)],
      ...input.options,
      ...["-i", input.inputUrl, "-map", "0:v:0", "-an", "-sn", "-dn", "-filter_threads", "1"],
      ...["-vf", pictureFilters(order, from, to), "-fps_mode", "passthrough"],
      ...["-pix_fmt", "yuvj420p", "-c:v", "mjpeg", "-q:v", "2", "-flags", "+bitexact"],
      ...["-f", "image2", join(look.dir.replaceAll("%", "%%"), "%d.jpg")],
    ],
    ...(input.stdin === undefined ? {} : { stdin: input.stdin }),
    signal: AbortSignal.any([order.signal, AbortSignal.timeout(GRAB_TIMEOUT_MS)]),
    onStderrLine: (text) => {
      const line = parseLogLine(text);
      if (line.kind === "time-base") secondsPerTick = line.num / line.den;
      if (line.kind === "frame") times.push((line.pts ?? Number.NaN) * secondsPerTick);
      return line.kind !== "message";
    },
  });
  order.signal.throwIfAborted();
  if (exit.reason !== "closed")
    throw new PictureGrabError(
      `ffmpeg gave no picture at ${look.at.toFixed(3)} s (${exit.reason}, exit code ${exit.exitCode}): ${exit.stderrTail.slice(-2).join(" / ")}`,
    );
  return times;
}

/** JPEG is BT.601, full range, by definition: whatever the stream has is converted. */
function pictureFilters(order: PictureOrder, from: number, to: number): string {
  return [
    `select=between(t\\,${from.toFixed(6)}\\,${to.toFixed(6)})`,
    `scale=out_color_matrix=bt601:out_range=full${colourOption(order.probe)}`,
    "showinfo@forewarn=checksum=0",
  ].join(",");
}
