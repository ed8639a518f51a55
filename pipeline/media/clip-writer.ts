import { spawn } from "node:child_process";
import { AppError, MissingToolError } from "../domain/errors.ts";
import { LineSplitter } from "./line-splitter.ts";
import { endGroup, guardGroup } from "./process-group.ts";
import { scrubLine } from "./redact-url.ts";

/** ffmpeg did not code the frames it was given into a clip. */
export class ClipWriteError extends AppError {
  readonly code = "media.clip_write_failed";
}

export interface ClipWriterOrder {
  readonly ffmpegPath: string;
  /** Ends in .mp4; an existing file is replaced. */
  readonly outPath: string;
  /** Of every frame, in pixels; both even. */
  readonly size: { readonly width: number; readonly height: number };
  readonly fps: number;
  /** A frame that is not taken, or an end that does not come, for so long: ffmpeg hangs. Default: 60 s. */
  readonly stallAfterMs?: number;
  readonly signal: AbortSignal;
}

/** Takes frames one by one and makes a film of them. Either `finish` or `abort` has to be called. */
export interface ClipWriter {
  /** One frame, packed 8-bit RGB. Resolves when the next may come. @throws ClipWriteError */
  write(pixels: Uint8Array): Promise<void>;
  /** No more frames. Resolves when the file is whole. @throws ClipWriteError */
  finish(): Promise<void>;
  /** The file is of no use any more. Resolves when the process is gone. */
  abort(): Promise<void>;
}

const STALL_AFTER_MS = 60_000;
const TAIL_LINES = 3;

/**
 * Starts an ffmpeg that codes H.264 in MP4, playable while it loads: no sound, no metadata, nothing of this machine
 * or this hour in the file.
 */
export function openClipWriter(order: ClipWriterOrder): ClipWriter {
  const { width, height } = order.size;
  const stallAfterMs = order.stallAfterMs ?? STALL_AFTER_MS;
  const child = spawn(
    order.ffmpegPath,
    [
      ...["-hide_banner", "-nostats", "-loglevel", "error", "-y"],
      ...["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", `${width}x${height}`, "-r", String(order.fps)],
      ...["-i", "pipe:0", "-an", "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"],
      ...["-vf", "scale=out_color_matrix=bt709:out_range=limited", "-colorspace", "bt709"],
      ...["-c:v", "libx264", "-preset", "veryfast", "-crf", "24", "-pix_fmt", "yuv420p", "-threads", "1"],
      ...["-movflags", "+faststart", "-f", "mp4", order.outPath],
    ],
    { detached: true, stdio: ["pipe", "ignore", "pipe"] },
  );
  const said: string[] = [];
  const lines = new LineSplitter((line) => {
    said.push(scrubLine(line));
    if (said.length > TAIL_LINES) said.shift();
  });
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text: string) => lines.push(text));
  // A child that ends before it has read everything breaks the pipe: how it ended is told by `ended`.
  child.stdin.on("error", () => undefined);

  let ending = false;
  let stalled = false;
  let forgetKill: (() => void) | undefined;
  const kill = () => {
    if (ending || child.pid === undefined) return;
    ending = true;
    child.stdin.destroy();
    forgetKill = endGroup(child.pid);
  };
  const forgetGroup = child.pid === undefined ? undefined : guardGroup(child.pid);
  order.signal.addEventListener("abort", kill, { once: true });
  if (order.signal.aborted) kill();

  const ended = new Promise<Error | undefined>((resolve) => {
    child.once("error", (cause) =>
      resolve(
        new MissingToolError(
          `${order.ffmpegPath} cannot be started: install ffmpeg (apt-get install ffmpeg) or set FOREWARN_FFMPEG to its path.`,
          { cause },
        ),
      ),
    );
    child.once("close", (exitCode, signal) => {
      lines.end();
      const end = signal === null ? `exit code ${exitCode}` : `ended by ${signal}`;
      const how = stalled ? `stalled for ${stallAfterMs / 1000} s, ${end}` : end;
      const failed = exitCode !== 0 || ending;
      resolve(
        failed
          ? new ClipWriteError(`${order.outPath} could not be coded (${how}): ${said.join(" / ")}`)
          : undefined,
      );
    });
  }).finally(() => {
    forgetKill?.();
    forgetGroup?.();
    order.signal.removeEventListener("abort", kill);
  });
  /** Ends the process when nothing comes of the work in time; `ended` tells then. */
  const watched = async <Result>(work: Promise<Result>): Promise<Result> => {
    const timer = setTimeout(() => {
      stalled = true;
      kill();
    }, stallAfterMs);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  };
  const throwFault = async () => {
    const fault = await ended;
    if (fault !== undefined) throw fault;
  };

  return {
    async write(pixels) {
      const drained = new Promise<"drained">((resolve) => {
        if (child.stdin.write(pixels)) resolve("drained");
        else child.stdin.once("drain", () => resolve("drained"));
      });
      const first = await watched(Promise.race([drained, ended]));
      if (first === "drained") return;
      throw first ?? new ClipWriteError(`${order.outPath}: ffmpeg ended before the last frame.`);
    },
    async finish() {
      child.stdin.end();
      await watched(throwFault());
    },
    async abort() {
      kill();
      await ended;
    },
  };
}
