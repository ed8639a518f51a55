import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { z } from "zod";
import { MissingToolError } from "../domain/errors.ts";
import type { CameraSource } from "../domain/types.ts";
import { CorruptVideoError, NotAVideoError, ProbeTimeoutError, SourceNotFoundError } from "./errors.ts";
import { probeFault } from "./probe-fault.ts";
import { redactUrl } from "./redact-url.ts";
import { type SourceInput, sourceInput } from "./source-input.ts";

/** What a source is, before the first frame is read. */
export interface Probe {
  readonly codec: string;
  /** As people see it: rotated upright, square pixels. */
  readonly width: number;
  readonly height: number;
  /** Average; null where the stream does not say. */
  readonly fps: number | null;
  /** Null for what has no end. */
  readonly durationSec: number | null;
  /** The container's first time stamp. Frame times are counted from it. */
  readonly startSec: number;
  readonly hasAudio: boolean;
  readonly pixelFormat: string;
  readonly colourRange: string | null;
  readonly colourMatrix: string | null;
  /** Longest distance of two key frames in the first 30 s of a file; null for streams and where there is but one. */
  readonly keyframeIntervalSec: number | null;
}

export interface ProbeOptions {
  readonly ffprobePath: string;
  readonly transport: CameraSource["transport"];
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;
/** ffprobe takes text files for these "videos" (terminal art). */
const TEXT_CODECS = new Set(["ansi", "bintext", "xbin", "idf"]);

const seconds = z.coerce.number().optional().catch(undefined);
const streamSchema = z.object({
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  sample_aspect_ratio: z.string().optional(),
  pix_fmt: z.string().optional(),
  color_range: z.string().optional(),
  color_space: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  r_frame_rate: z.string().optional(),
  start_time: seconds,
  duration: seconds,
  disposition: z.object({ attached_pic: z.number().optional() }).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
});
const answerSchema = z.object({
  streams: z.array(streamSchema).default([]),
  format: z.object({ format_name: z.string().default(""), start_time: seconds, duration: seconds }),
});
const packetsSchema = z.object({
  packets: z
    .array(z.object({ pts_time: seconds, dts_time: seconds, flags: z.string().default("") }))
    .default([]),
});

type VideoStream = z.infer<typeof streamSchema>;

/**
 * Asks ffprobe what a source is.
 * @throws SourceNotAllowedError, SourceNotFoundError, SourceUnauthorizedError, SourceUnreachableError,
 * NotAVideoError, CorruptVideoError, ProbeTimeoutError, MissingToolError
 */
export async function probe(url: string, options: ProbeOptions): Promise<Probe> {
  const input = sourceInput({ url, transport: options.transport });
  const name = redactUrl(url);
  if (input.path !== undefined) await mustBeFile(input.path, name);

  const told = await ffprobe(input, name, options, ["-show_streams", "-show_format"]);
  const { streams, format } = answerSchema.parse(JSON.parse(told));
  const video = theVideo(streams, format.format_name, name);
  const { width, height } = displaySize(video);
  if (width === 0 || height === 0)
    throw new CorruptVideoError(
      `${name} says it holds ${video.codec_name ?? "a"} video, but no picture in it can be read: get a whole copy of the clip.`,
    );
  const startSec = format.start_time ?? 0;
  const streamEnd =
    video.duration === undefined ? undefined : (video.start_time ?? startSec) - startSec + video.duration;
  const durationSec = streamEnd ?? format.duration;
  return {
    codec: video.codec_name ?? "unknown",
    width,
    height,
    fps: ratio(video.avg_frame_rate) ?? ratio(video.r_frame_rate),
    durationSec: durationSec !== undefined && durationSec > 0 ? durationSec : null,
    startSec,
    hasAudio: streams.some((stream) => stream.codec_type === "audio"),
    pixelFormat: video.pix_fmt ?? "unknown",
    colourRange: known(video.color_range),
    colourMatrix: known(video.color_space),
    keyframeIntervalSec: input.kind === "file" ? await keyframeInterval(input, name, options) : null,
  };
}

async function mustBeFile(path: string, name: string): Promise<void> {
  const facts = await stat(path).catch((cause: unknown) => {
    throw new SourceNotFoundError(`${name}: there is no such file. Check the path.`, { cause });
  });
  if (!facts.isFile()) throw new NotAVideoError(`${name} is a folder or device, not a video file.`);
  if (facts.size === 0) throw new NotAVideoError(`${name} is empty (0 bytes).`);
}

function theVideo(streams: VideoStream[], formatName: string, name: string): VideoStream {
  const video = streams.find(
    (stream) => stream.codec_type === "video" && stream.disposition?.attached_pic !== 1,
  );
  if (video === undefined || TEXT_CODECS.has(video.codec_name ?? ""))
    throw new NotAVideoError(
      `${name} holds no video${streams.some((s) => s.codec_type === "audio") ? ", only sound" : ""}.`,
    );
  if (/^image2|_pipe$/.test(formatName))
    throw new NotAVideoError(`${name} is a single picture, not a video: use "detect" for pictures.`);
  return video;
}

/** Longest distance counts: it is the longest we would be blind when looking at key frames only. */
async function keyframeInterval(
  input: SourceInput,
  name: string,
  options: ProbeOptions,
): Promise<number | null> {
  const told = await ffprobe(input, name, options, [
    ...["-select_streams", "v:0", "-read_intervals", "%+30"],
    ...["-show_entries", "packet=pts_time,dts_time,flags"],
  ]);
  const times = packetsSchema
    .parse(JSON.parse(told))
    .packets.filter((packet) => packet.flags.includes("K"))
    .map((packet) => packet.pts_time ?? packet.dts_time)
    .filter((time) => time !== undefined)
    .sort((a, b) => a - b);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return gaps.length === 0 ? null : Math.max(...gaps);
}

function ffprobe(
  input: SourceInput,
  name: string,
  options: ProbeOptions,
  ask: readonly string[],
): Promise<string> {
  const args = ["-v", "error", "-print_format", "json", ...input.options, ...ask, "-i", input.inputUrl];
  const limits = {
    timeout: options.timeoutMs,
    killSignal: "SIGKILL",
    maxBuffer: MAX_OUTPUT_BYTES,
    ...(options.signal ? { signal: options.signal } : {}),
  } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(options.ffprobePath, args, limits, (fault, stdout, stderr) => {
      if (fault === null) return resolve(stdout);
      // Our own abort is not a fault of the source: the caller gets its own reason back.
      if (options.signal?.aborted) return reject(options.signal.reason);
      if (typeof fault.code === "string")
        return reject(
          new MissingToolError(
            `${options.ffprobePath} cannot be started: install ffmpeg (apt-get install ffmpeg) or set FOREWARN_FFPROBE to its path.`,
            { cause: fault },
          ),
        );
      if (fault.killed)
        return reject(
          new ProbeTimeoutError(
            `${name} did not say within ${options.timeoutMs} ms what it is. Is the camera on, and the address right?`,
          ),
        );
      void probeFault(input, name, stderr).then(reject, reject);
    });
    // One that ends before it has read everything breaks the pipe: how it ended is told above.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input.stdin);
  });
}

function displaySize(video: VideoStream): { width: number; height: number } {
  const [sarNum = 1, sarDen = 1] = (video.sample_aspect_ratio ?? "1:1").split(":").map(Number);
  const sar = sarNum > 0 && sarDen > 0 ? sarNum / sarDen : 1;
  const width = Math.round((video.width ?? 0) * sar);
  const height = video.height ?? 0;
  const rotation = video.side_data_list?.find((data) => data.rotation !== undefined)?.rotation ?? 0;
  const onItsSide = Math.abs(Math.round(rotation / 90)) % 2 === 1;
  return onItsSide ? { width: height, height: width } : { width, height };
}

function ratio(text: string | undefined): number | null {
  const [num = 0, den = 0] = (text ?? "").split("/").map(Number);
  const value = num / den;
  return Number.isFinite(value) && value > 0 && value <= 1000 ? value : null;
}

function known(text: string | undefined): string | null {
  return text === undefined || text === "unknown" ? null : text;
}
