import type { BytePipe, ByteTaker } from "./byte-pipe.ts";
import { type FfmpegExit, runFfmpeg } from "./ffmpeg-process.ts";

export interface ClipFramesOrder {
  readonly ffmpegPath: string;
  /** A file that is complete. */
  readonly clipPath: string;
  /** Seconds after its first frame. */
  readonly fromSec: number;
  readonly toSec: number;
  /** What every frame is scaled to, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** Frames a second, repeated or left out so that they lie evenly. */
  readonly fps: number;
  /** Options of the scaler beyond the size, such as `:in_color_matrix=bt709`. */
  readonly scaleOptions: string;
  readonly signal: AbortSignal;
}

/** Nothing decoded for so long: ffmpeg hangs. It is not running out while the consumer works. */
const STALL_AFTER_MS = 30_000;

/**
 * Decodes a clip frame by frame: packed 8-bit RGB, in order, each in memory of its own. The next frame is read when the
 * consumer's promise has settled, so no more than two are held. The first frame is that at `fromSec`.
 *
 * @throws what `onFrame` throws, MissingToolError, NoPipeError; how ffmpeg ended is in the answer
 */
export async function readClipFrames(
  order: ClipFramesOrder,
  onFrame: (pixels: Uint8Array, index: number) => Promise<void>,
): Promise<FfmpegExit & { readonly frames: number }> {
  const { width, height } = order.size;
  const lifetime = new AbortController();
  const frameBytes = width * height * 3;
  let filling = new Uint8Array(frameBytes);
  let filled = 0;
  let frames = 0;
  let fault: { readonly error: unknown } | undefined;
  let working: Promise<void> = Promise.resolve();

  const take = (stdout: Pick<BytePipe, "resume">, beat: () => void, hold: () => void): ByteTaker => ({
    space: () => filling.subarray(filled),
    take(count) {
      beat();
      filled += count;
      if (filled < frameBytes) return true;
      const frame = filling;
      filling = new Uint8Array(frameBytes);
      filled = 0;
      hold();
      working = onFrame(frame, frames++).then(
        () => {
          beat();
          stdout.resume();
        },
        (error: unknown) => {
          fault = { error };
          lifetime.abort();
        },
      );
      return false;
    },
  });
  const exit = await runFfmpeg({
    ffmpegPath: order.ffmpegPath,
    args: [
      ...["-nostdin", "-hide_banner", "-nostats", "-loglevel", "error", "-threads", "1"],
      ...["-ss", order.fromSec.toFixed(3), "-t", (order.toSec - order.fromSec).toFixed(3)],
      ...["-i", order.clipPath, "-map", "0:v:0", "-an", "-sn", "-dn", "-filter_threads", "1"],
      ...["-vf", `fps=${order.fps},scale=${width}:${height}:flags=area+accurate_rnd${order.scaleOptions}`],
      ...["-pix_fmt", "rgb24", "-f", "rawvideo", "pipe:1"],
    ],
    signal: AbortSignal.any([order.signal, lifetime.signal]),
    stallAfterMs: STALL_AFTER_MS,
    onStdout: (stdout, watchdog) =>
      take(
        stdout,
        () => watchdog.beat(),
        () => watchdog.hold(),
      ),
  });
  await working;
  if (fault !== undefined) throw fault.error;
  return { ...exit, frames };
}
