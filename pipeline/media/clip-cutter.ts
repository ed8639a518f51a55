import { readFile, rm, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import ffmpeg from "fluent-ffmpeg";
import { ClipCutError, NotRecordedError } from "./errors.ts";
import { parsePacketList } from "./packet-list.ts";
import { type Recording, type RecordingInput, withRecording } from "./recording.ts";
import { scrubLine } from "./redact-url.ts";

export interface ClipOrder {
  readonly ffmpegPath: string;
  readonly from: Recording;
  /** As the probe says: decides the container. */
  readonly codec: string;
  /** On the frames' time line (`ptsSec`). */
  readonly startSec: number;
  readonly endSec: number;
  /** The container's extension is added. */
  readonly outPathWithoutExt: string;
  readonly signal?: AbortSignal;
}

export interface Clip {
  readonly path: string;
  readonly codec: string;
  /** First and last instant really in the clip; the first is a key frame at or before the one asked for. */
  readonly startSec: number;
  readonly endSec: number;
  readonly sizeBytes: number;
}

/** What browsers and players expect in MP4; the rest goes into Matroska, which takes anything. */
const MP4_CODECS = new Set(["h264", "hevc", "mpeg4", "av1"]);
/** Seeking in a transport stream may land behind the moment: try from so much earlier. */
const SEEK_BACK_SEC = [0, 5, 15];
/** B-frames and AVI's counting by decoding order put the first picture up to two frames behind its packet. */
const SEEK_TOLERANCE_SEC = 0.25;

/**
 * Copies a stretch of the recording without touching a single coded picture; sound stays out.
 * @throws NotRecordedError, ClipCutError
 */
export async function cutClip(order: ClipOrder): Promise<Clip> {
  const mp4 = MP4_CODECS.has(order.codec);
  const path = `${order.outPathWithoutExt}.${mp4 ? "mp4" : "mkv"}`;
  const listPath = `${path}.packets`;
  try {
    return await withRecording(order.from, order.startSec, order.endSec, async (input) => {
      const wanted = Math.max(0, order.startSec - input.offsetSec);
      const until = order.endSec - input.offsetSec;
      for (const backSec of SEEK_BACK_SEC) {
        const seekSec = Math.max(0, wanted - backSec);
        await copyStream(order, input, { path, listPath, mp4, seekSec, lengthSec: until - seekSec });
        const packets = parsePacketList(await readFile(listPath, "utf8"));
        const startSec = Math.min(...packets.map((packet) => packet.ptsSec));
        const late = startSec > wanted + SEEK_TOLERANCE_SEC;
        if (late && seekSec > 0 && backSec !== SEEK_BACK_SEC.at(-1)) continue;
        if (packets.length === 0) break;
        return {
          path,
          codec: order.codec,
          startSec: input.offsetSec + startSec,
          endSec: input.offsetSec + Math.max(...packets.map((packet) => packet.ptsSec + packet.durationSec)),
          sizeBytes: (await stat(path)).size,
        };
      }
      throw new NotRecordedError(
        `Nothing is recorded between ${order.startSec.toFixed(1)} s and ${order.endSec.toFixed(1)} s.`,
      );
    });
  } catch (fault) {
    await rm(path, { force: true });
    throw fault;
  } finally {
    await rm(listPath, { force: true });
  }
}

interface Copy {
  readonly path: string;
  readonly listPath: string;
  readonly mp4: boolean;
  readonly seekSec: number;
  readonly lengthSec: number;
}

function copyStream(order: ClipOrder, input: RecordingInput, copy: Copy): Promise<void> {
  const stretch = ["-map 0:v:0", "-c copy"];
  const container = copy.mp4
    ? ["-f mp4", "-movflags +faststart", ...(order.codec === "hevc" ? ["-tag:v hvc1"] : [])]
    : ["-f matroska"];
  const command = ffmpeg({ stdoutLines: 100 })
    .setFfmpegPath(order.ffmpegPath)
    .input(input.stdin === undefined ? input.inputUrl : Readable.from([input.stdin]))
    .inputOptions([
      "-nostdin",
      // AVI states no presentation times; MP4 and Matroska need them.
      "-fflags +genpts",
      // The stream's own time stamps: relative to the seek they would be rounded to coarse time bases.
      "-copyts",
      "-start_at_zero",
      ...pairs(input.options),
      ...(copy.seekSec > 0 ? [`-ss ${copy.seekSec.toFixed(6)}`] : []),
      `-t ${copy.lengthSec.toFixed(6)}`,
    ])
    // Bit-exact: nothing of this machine or this hour in the file. make_zero: the pre-roll is shown, not hidden.
    .output(copy.path)
    .outputOptions([
      ...stretch,
      ...container,
      "-avoid_negative_ts make_zero",
      "-fflags +bitexact",
      "-map_metadata -1",
    ])
    // The same packets once more, listed: their times say what the clip really covers.
    .output(copy.listPath)
    .outputOptions([...stretch, "-f framehash", "-hash md5", "-avoid_negative_ts disabled"]);

  return new Promise<void>((resolve, reject) => {
    const onAbort = () => command.kill("SIGKILL");
    const settle = () => order.signal?.removeEventListener("abort", onAbort);
    command
      .on("start", () => {
        if (order.signal?.aborted) onAbort();
      })
      .on("end", () => {
        settle();
        resolve();
      })
      .on("error", (cause: Error, _stdout, stderr) => {
        settle();
        const said = (stderr ?? "")
          .trim()
          .split("\n")
          .slice(-3)
          .map((line) => scrubLine(line))
          .join(" / ");
        reject(
          new ClipCutError(`${copy.path} could not be cut (${scrubLine(cause.message)}): ${said}`, { cause }),
        );
      });
    order.signal?.addEventListener("abort", onAbort, { once: true });
    command.run();
  });
}

/** fluent-ffmpeg takes options as "-name value". */
function pairs(options: readonly string[]): string[] {
  const joined: string[] = [];
  for (let index = 0; index < options.length; index += 2)
    joined.push(`${options[index] ?? ""} ${options[index + 1] ?? ""}`);
  return joined;
}
