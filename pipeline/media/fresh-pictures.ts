import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { CameraSource, EpochMs } from "../domain/types.ts";
import { PictureGrabError } from "./errors.ts";
import { colourOption, samplingExpression } from "./ffmpeg-args.ts";
import { parseLogLine } from "./ffmpeg-log.ts";
import { runFfmpeg } from "./ffmpeg-process.ts";
import type { Probe } from "./probe.ts";
import { isLiveSource, sourceInput } from "./source-input.ts";

export interface FreshPictureOrder {
  readonly ffmpegPath: string;
  /** Opened once more, beside whoever watches it. */
  readonly source: CameraSource;
  readonly probe: Pick<Probe, "width" | "height" | "colourMatrix" | "durationSec">;
  readonly count: number;
  /** Seconds from one picture to the next, by the stream's own time. */
  readonly everySec: number;
  /** Existing folder; the pictures are called `fresh-1.jpg` and so on. */
  readonly dir: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface FreshPicture {
  readonly path: string;
  /** Wall clock when it was decoded: as fresh as the stream's own delay lets it be. */
  readonly takenAt: EpochMs;
}

/**
 * Opens a source for some seconds and takes full-resolution JPEG pictures of what it shows now. A recording that stands
 * for a camera is played from its beginning, at its own pace.
 *
 * @throws PictureGrabError when fewer came in time, SourceNotAllowedError, MissingToolError
 */
export async function takeFreshPictures(order: FreshPictureOrder): Promise<FreshPicture[]> {
  const { source, probe, count, everySec, dir } = order;
  const input = sourceInput(source);
  const live = isLiveSource(input.kind, probe.durationSec);
  const times: EpochMs[] = [];
  const exit = await runFfmpeg({
    ffmpegPath: order.ffmpegPath,
    args: [
      ...["-nostdin", "-hide_banner", "-nostats", "-loglevel", "level+info", "-threads", "1"],
      ...(live || source.pace === "fast" ? [] : ["-re"]),
      ...(input.kind === "file" && source.loop ? ["-stream_loop", "-1"] : []),
      ...input.options,
      ...["-i", input.inputUrl, "-map", "0:v:0", "-an", "-sn", "-dn", "-filter_threads", "1"],
      ...["-vf", filters(probe, everySec), "-fps_mode", "passthrough", "-frames:v", String(count)],
      ...["-pix_fmt", "yuvj420p", "-c:v", "mjpeg", "-q:v", "2", "-flags", "+bitexact"],
      ...["-f", "image2", join(dir.replaceAll("%", "%%"), "fresh-%d.jpg")],
    ],
    ...(input.stdin === undefined ? {} : { stdin: input.stdin }),
    secrets: input.secrets,
    signal: AbortSignal.any([order.signal, AbortSignal.timeout(order.timeoutMs)]),
    onStderrLine: (text) => {
      const line = parseLogLine(text);
      if (line.kind === "frame") times.push(Date.now());
      return line.kind !== "message";
    },
  });
  order.signal.throwIfAborted();
  const written = (await readdir(dir)).filter((name) => name.startsWith("fresh-")).length;
  if (exit.reason !== "closed" || written < count)
    throw new PictureGrabError(
      `The stream gave ${written} of ${count} fresh pictures (${exit.reason}, exit code ${exit.exitCode}): ${exit.stderrTail.slice(-2).join(" / ")}`,
    );
  return Array.from({ length: count }, (_, index) => ({
    path: join(dir, `fresh-${index + 1}.jpg`),
    takenAt: times[index] ?? Date.now(),
  }));
}

/** JPEG is BT.601, full range, by definition: whatever the stream has is converted. */
function filters(probe: FreshPictureOrder["probe"], everySec: number): string {
  return [
    `select=${samplingExpression(1 / everySec)}`,
    `scale=out_color_matrix=bt601:out_range=full${colourOption(probe)}`,
    "showinfo@forewarn=checksum=0",
  ].join(",");
}
