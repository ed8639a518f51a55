import { type FrameFormat, frameBytes, type Log } from "../domain/ports.ts";
import type { CameraSource, EpochMs } from "../domain/types.ts";
import type { BytePipe, ByteTaker } from "./byte-pipe.ts";
import { FrameSyncError } from "./errors.ts";
import { frameReaderArgs } from "./ffmpeg-args.ts";
import { parseLogLine } from "./ffmpeg-log.ts";
import { type FfmpegExit, runFfmpeg, type Watchdog } from "./ffmpeg-process.ts";
import { type FrameConsumer, type FrameCounts, FrameDelivery, newFrameCounts } from "./frame-delivery.ts";
import type { Probe } from "./probe.ts";
import type { RecordingInput } from "./recording.ts";
import { redactUrl } from "./redact-url.ts";
import type { RingRun } from "./segment-ring.ts";
import { isLiveSource, type SourceInput, sourceInput } from "./source-input.ts";
import { type ClockFacts, StreamClock } from "./stream-clock.ts";

export interface ReadRequest {
  readonly ffmpegPath: string;
  readonly source: CameraSource;
  readonly probe: Probe;
  readonly format: FrameFormat;
  /** Frames a second to analyse, of those the source has. */
  readonly fps: number;
  readonly watch: "full" | "keyframes";
  /**
   * Also touch up the edges of blocks: a third more of decoding time, for a few sightings in a hundred of what is hard
   * to see (measured). For whatever need not keep up with a camera; pictures for evidence always have it. Default: no.
   */
  readonly deblock?: boolean;
  /** Wall clock of the recording's first instant. Live sources find theirs by themselves. */
  readonly startedAtMs: EpochMs;
  /** Added to every `ptsSec`: where this run begins on the time line of a stream that was interrupted. */
  readonly ptsBaseSec?: number;
  readonly signal: AbortSignal;
  /** Frames with the consumer at one time. */
  readonly maxInFlight: number;
  /** No frame for so long: stalled. Default: 15 s and two analysis intervals. */
  readonly stallAfterMs?: number;
  /** Also keep the undecoded stream in segments. */
  readonly ring?: RingRun;
  /** Read this stretch of a recording instead of the source itself, as fast as it goes. */
  readonly stretch?: { readonly input: RecordingInput; readonly startSec: number; readonly endSec: number };
  /** Counted along, so that somebody may look while it runs. */
  readonly counts?: FrameCounts;
  /** The stream's clock against ours, after every frame of a live source. */
  readonly onClock?: (facts: ClockFacts) => void;
  readonly log: Log;
}

/**
 * A live stream whose next run begins anew: its clock was set, so that it needs another time line; or its pictures
 * have another size now, so that somebody has to ask for it.
 */
export type Cut = "clock_jumped" | "picture_changed";

export interface ReadResult extends FfmpegExit {
  /** As ffmpeg counted; null when it was ended before it could say. */
  readonly framesDecoded: number | null;
  readonly framesAnalysed: number;
  /** Not analysed for want of time, or because their time stamp could not be used. */
  readonly framesDropped: number;
  readonly firstPtsSec: number | null;
  readonly lastPtsSec: number | null;
  /** Why this run was ended although more would have come; null where it was not. */
  readonly cut: Cut | null;
  /** Errors ffmpeg reported on the way; the frames it could decode all the same were delivered. */
  readonly errorLines: number;
  /** Files: seconds missing at the end against what the container states, beyond one analysis interval. */
  readonly missingSec: number;
}

/** Key frames this far apart still show what lasts minutes. */
const LONGEST_KEYFRAME_INTERVAL_SEC = 2.5;
/** Frames read ahead of their time stamp. ffmpeg writes the stamp first, so it is on its way. */
const MOST_UNPAIRED = 8;
/** Frames out of order lie no further apart; what is handed over at once after a stutter no further ahead. */
const REORDER_SEC = 1;
const AHEAD_SEC = 10;

/**
 * Reads a source to its end, or for as long as the signal lets it, and hands every sampled frame to `onFrame`.
 * `fast` waits for the consumer and drops nothing; live sources and pace `live` never wait: the latest frame wins.
 * Frames are handed out in order; up to `maxInFlight` promises may be open.
 * @throws what `onFrame` throws, SourceNotAllowedError, MissingToolError, FrameSyncError
 */
export async function readFrames(request: ReadRequest, onFrame: FrameConsumer): Promise<ReadResult> {
  const { source, probe, format, signal } = request;
  const input = request.stretch === undefined ? sourceInput(source) : stretchInput(request.stretch);
  const live = isLiveSource(input.kind, probe.durationSec);
  const args = frameReaderArgs({
    input,
    probe,
    format,
    fps: request.fps,
    keyframesOnly: keyframesSuffice(request, live),
    deblock: request.deblock ?? false,
    realTime: !live && source.pace === "live",
    loop: input.kind === "file" && source.loop,
    ringArgs: request.ring?.args ?? [],
  });

  const lifetime = new AbortController();
  const onAbort = () => lifetime.abort();
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) lifetime.abort();

  const pairing = new FramePairing(request, live, onFrame, () => lifetime.abort());
  try {
    const exit = await runFfmpeg({
      ffmpegPath: request.ffmpegPath,
      args,
      ...(input.stdin === undefined ? {} : { stdin: input.stdin }),
      secrets: input.secrets,
      signal: lifetime.signal,
      stallAfterMs: request.stallAfterMs ?? 15_000 + 2_000 / request.fps,
      onStdout: (stdout, watchdog) => pairing.read(stdout, watchdog),
      onStderrLine: (line) => pairing.hear(line),
      ...(request.ring ? { onPipe3: request.ring.readList } : {}),
    });
    return await pairing.finish(exit);
  } finally {
    signal.removeEventListener("abort", onAbort);
    await request.ring?.end();
  }
}

function stretchInput({ input, startSec, endSec }: NonNullable<ReadRequest["stretch"]>): SourceInput {
  const seekSec = Math.max(0, startSec - input.offsetSec);
  const window = ["-ss", seekSec.toFixed(6), "-t", (endSec - startSec).toFixed(6)];
  return { secrets: [], ...input, kind: "file", options: [...window, ...input.options] };
}

function keyframesSuffice(request: ReadRequest, live: boolean): boolean {
  if (request.watch !== "keyframes") return false;
  const interval = request.probe.keyframeIntervalSec;
  if (interval === null && live) return true;
  const longest = Math.max(LONGEST_KEYFRAME_INTERVAL_SEC, 1 / request.fps);
  if (interval !== null && interval <= longest) return true;
  request.log.warn(
    { source: redactUrl(request.source.url), keyframeIntervalSec: interval, longestSec: longest },
    "key frames are too far apart to watch by them alone: decoding every frame",
  );
  return false;
}

/** Joins the n-th picture on stdout with the n-th time stamp on stderr. */
class FramePairing {
  readonly #request: ReadRequest;
  readonly #live: boolean;
  readonly #delivery: FrameDelivery;
  readonly #endRun: () => void;
  readonly #frameBytes: number;
  readonly #counts: FrameCounts;
  readonly #clock = new StreamClock();
  readonly #pixels: { bytes: Uint8Array; arrivedAt: EpochMs }[] = [];
  /** Seconds. */
  readonly #stamps: (number | null)[] = [];
  #stdout: Pick<BytePipe, "resume"> | undefined;
  #watchdog: Watchdog | undefined;
  #secondsPerTick = 0;
  /** The number ffmpeg gives the next time stamp. */
  #nextStamp = 0;
  #paired = 0;
  /** Memory of frames that are done with. */
  readonly #spare: Uint8Array[] = [];
  /** The frame that is coming in, and how much of it is here. */
  #filling: Uint8Array;
  #filled = 0;
  #paused = false;
  #framesDecoded: number | null = null;
  #errorLines = 0;
  #firstPts: number | null = null;
  #lastPts: number | null = null;
  #lastArrival: EpochMs = 0;
  #decodedEstimate = 0;
  #cut: Cut | null = null;
  #syncFault: FrameSyncError | undefined;

  constructor(request: ReadRequest, live: boolean, onFrame: FrameConsumer, endRun: () => void) {
    this.#request = request;
    this.#live = live;
    this.#endRun = endRun;
    this.#frameBytes = frameBytes(request.format);
    this.#filling = new Uint8Array(this.#frameBytes);
    this.#counts = request.counts ?? newFrameCounts();
    this.#delivery = new FrameDelivery({
      onFrame,
      counts: this.#counts,
      maxInFlight: request.maxInFlight,
      latestWins: live || request.source.pace === "live",
      onDone: ({ pixels }) => void this.#spare.push(pixels),
      onRoom: () => this.#pump(),
      onFailure: endRun,
    });
  }

  read(stdout: Pick<BytePipe, "resume">, watchdog: Watchdog): ByteTaker {
    this.#stdout = stdout;
    this.#watchdog = watchdog;
    return {
      space: () => this.#filling.subarray(this.#filled),
      take: (count) => this.#take(count),
    };
  }

  hear(text: string): boolean {
    const line = parseLogLine(text);
    switch (line.kind) {
      case "time-base":
        this.#secondsPerTick = line.num / line.den;
        if (this.#nextStamp > 0) this.#changePicture();
        return true;
      case "frame":
        if (this.#cut !== null) return true;
        if (line.n !== this.#nextStamp) this.#lose(`time stamp ${line.n} follows ${this.#nextStamp - 1}`);
        this.#nextStamp = line.n + 1;
        this.#stamps.push(line.pts === null ? null : line.pts * this.#secondsPerTick);
        this.#pump();
        return true;
      case "decoded":
        this.#framesDecoded = line.frames;
        return true;
      case "noise":
        return true;
      case "message":
        if (line.severe) this.#errorLines += 1;
        return false;
    }
  }

  async finish(exit: FfmpegExit): Promise<ReadResult> {
    await this.#delivery.finish(exit.reason === "closed");
    if (
      exit.reason === "closed" &&
      this.#cut === null &&
      (this.#pixels.length > 0 || this.#stamps.length > 0 || this.#filled > 0)
    )
      this.#lose(
        `${this.#pixels.length} pictures, ${this.#stamps.length} time stamps and ${this.#filled} bytes are left over`,
      );
    if (this.#syncFault) throw this.#syncFault;
    if (this.#framesDecoded !== null) this.#counts.decoded += this.#framesDecoded - this.#decodedEstimate;
    return {
      ...exit,
      cut: this.#cut,
      framesDecoded: this.#framesDecoded,
      framesAnalysed: this.#delivery.analysed,
      framesDropped: this.#delivery.dropped,
      firstPtsSec: this.#firstPts,
      lastPtsSec: this.#lastPts,
      errorLines: this.#errorLines,
      missingSec: this.#missingSec(exit),
    };
  }

  #take(count: number): boolean {
    this.#filled += count;
    if (this.#filled === this.#frameBytes) {
      this.#pixels.push({ bytes: this.#filling, arrivedAt: Date.now() });
      this.#filling = this.#spare.pop() ?? new Uint8Array(this.#frameBytes);
      this.#filled = 0;
    }
    this.#pump();
    return !this.#paused;
  }

  /** Hands over what can be, and says whether more may come. */
  #pump(): void {
    this.#pair();
    const hasRoom = !this.#delivery.full && this.#pixels.length < MOST_UNPAIRED;
    if (hasRoom && this.#paused) this.#stdout?.resume();
    this.#paused = !hasRoom;
    if (hasRoom) this.#watchdog?.beat();
    else if (this.#delivery.full) this.#watchdog?.hold();
  }

  #pair(): void {
    while (this.#pixels.length > 0 && this.#stamps.length > 0 && !this.#delivery.full) {
      const pixels = this.#pixels.shift();
      const pts = this.#stamps.shift();
      if (pixels === undefined || pts === undefined) return;
      const index = this.#paired;
      this.#paired += 1;
      this.#deliver(index, pts, pixels.bytes, pixels.arrivedAt);
    }
    if (this.#cut === "picture_changed" && this.#stamps.length === 0) this.#endRun();
  }

  /**
   * Pictures of another size: ffmpeg sets its filters up again and counts anew. A recording is read on, for it cannot
   * be taken up in its middle; every picture is scaled to the same place, whatever its size. A camera is asked what
   * it is now, as soon as what it had shown before is delivered.
   */
  #changePicture(): void {
    this.#nextStamp = 0;
    if (!this.#live || this.#cut !== null) return;
    this.#cut = "picture_changed";
    this.#pump();
  }

  #deliver(index: number, pts: number | null, pixels: Uint8Array, arrivedAt: EpochMs): void {
    if (this.#cut === "clock_jumped") return;
    if (pts !== null && this.#live && this.#jumps(pts, arrivedAt)) {
      this.#cut = "clock_jumped";
      this.#endRun();
      return;
    }
    if (pts === null || (this.#lastPts !== null && pts <= this.#lastPts)) {
      this.#drop(pixels);
      return;
    }
    this.#estimateDecoded(pts);
    this.#firstPts ??= pts;
    this.#lastPts = pts;
    this.#lastArrival = arrivedAt;
    const capturedAt = this.#live
      ? this.#clock.capturedAt(pts, arrivedAt)
      : Math.round(this.#request.startedAtMs + pts * 1000);
    if (capturedAt === null) {
      this.#drop(pixels);
      return;
    }
    if (this.#live) this.#request.onClock?.(this.#clock.facts);
    this.#delivery.offer({
      at: { capturedAt, ptsSec: (this.#request.ptsBaseSec ?? 0) + pts },
      index,
      pixels,
      sourceWidth: this.#request.probe.width,
      sourceHeight: this.#request.probe.height,
    });
  }

  #drop(pixels: Uint8Array): void {
    this.#spare.push(pixels);
    this.#delivery.drop();
  }

  /**
   * Backwards by more than frames change places, or ahead of the time that has passed: the camera's clock was set,
   * or its counter wrapped round. Segments and frames must not share a time line across that.
   */
  #jumps(pts: number, arrivedAt: EpochMs): boolean {
    if (this.#lastPts === null) return false;
    const passedSec = (arrivedAt - this.#lastArrival) / 1000;
    return pts < this.#lastPts - REORDER_SEC || pts > this.#lastPts + passedSec + AHEAD_SEC;
  }

  #estimateDecoded(pts: number): void {
    const { probe, watch } = this.#request;
    const decoded =
      watch === "keyframes" || probe.fps === null || this.#lastPts === null
        ? 1
        : Math.round((pts - this.#lastPts) * probe.fps);
    this.#decodedEstimate += decoded;
    this.#counts.decoded += decoded;
  }

  #missingSec(exit: FfmpegExit): number {
    const stated = this.#request.probe.durationSec;
    const endedByItself = exit.reason === "closed" || exit.reason === "failed";
    if (this.#live || stated === null || !endedByItself) return 0;
    const missing = stated - (this.#lastPts ?? 0);
    return missing > 1 / this.#request.fps + 1 ? missing : 0;
  }

  #lose(what: string): void {
    this.#syncFault ??= new FrameSyncError(
      `${redactUrl(this.#request.source.url)}: pictures and time stamps from ffmpeg do not fit together (${what}).`,
    );
    this.#endRun();
  }
}
