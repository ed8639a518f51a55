import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../domain/errors.ts";
import type { FrameFormat, Log } from "../domain/ports.ts";
import type { EpochMs } from "../domain/types.ts";
import type { FrameConsumer } from "./frame-delivery.ts";
import { type ReadRequest, type ReadResult, readFrames } from "./frame-reader.ts";
import type { Probe } from "./probe.ts";
import { type Breaker, breakerOf, freshStart, nextRestart, type RestartState } from "./restart-policy.ts";
import type { SegmentRing } from "./segment-ring.ts";

export interface CaptureRequest
  extends Omit<ReadRequest, "probe" | "format" | "startedAtMs" | "ptsBaseSec" | "ring" | "signal"> {
  /** Asked before every start: a camera may come back with another picture size. */
  readonly probeSource: (signal: AbortSignal) => Promise<Probe>;
  /** What frames are wanted of such a source; may take as long as it needs, and is asked before every start, too. */
  readonly format: FrameFormat | ((probe: Probe) => Promise<FrameFormat>);
  readonly ring?: SegmentRing;
  readonly signal: AbortSignal;
  /** Told of every change. */
  readonly onState?: (state: CaptureState) => void;
}

/** How a capture fares. */
export interface CaptureState {
  /** `running` from the first frame on. */
  readonly phase: "starting" | "running" | "waiting" | "ended";
  /** Starts after the first. */
  readonly restarts: number;
  /** Of those ends, how many because nothing came any more. */
  readonly stalls: number;
  /** Why the last run ended: an exit reason, a `Cut`, or the code of the fault; null before the first end. */
  readonly lastExit: string | null;
  readonly nextTryInMs: number | null;
  readonly breaker: Breaker;
}

/**
 * Keeps a source open until the signal aborts, whatever happens to it; every end is reported and logged.
 * All runs share one time line, also with captures before and after this one: `ptsSec` is about the seconds since
 * 1970 and only ever grows; within a run it is exact.
 * @throws what the consumer throws, and what no restart can mend (MissingToolError, SourceNotAllowedError)
 */
export async function superviseCapture(request: CaptureRequest, onFrame: FrameConsumer): Promise<void> {
  const { signal, log } = request;
  const teller = new StateTeller(request.onState);
  let nextBaseSec = 0;
  let restarts = freshStart;

  while (!signal.aborted) {
    teller.tell({ phase: "starting", nextTryInMs: null, breaker: breakerOf(restarts, true) });
    const attempt = await attemptRun(request, nextBaseSec, (frame) => {
      if (!teller.isRunning) teller.tell({ phase: "running" });
      return onFrame(frame);
    });
    nextBaseSec = Math.max(nextBaseSec, attempt.endSec);
    if (signal.aborted) break;
    const next = nextRestart(restarts, healthyMs(attempt.result), Math.random());
    // The camera only set its clock or its picture: it is there, and nothing is gained by waiting.
    const isThere = attempt.result !== undefined && attempt.result.cut !== null;
    const delayMs = isThere && restarts.failures === 0 ? 0 : next.delayMs;
    restarts = next.state;
    report(log, attempt, delayMs, restarts);
    teller.ended(attempt, delayMs, breakerOf(restarts, false));
    await pause(delayMs, signal);
  }
  teller.tell({ phase: "ended", nextTryInMs: null });
}

interface Attempt {
  readonly result?: ReadResult;
  /** Where the source could not even be opened. */
  readonly fault?: AppError;
  /** Where the time line ends with it. */
  readonly endSec: number;
}

class StateTeller {
  readonly #tell: ((state: CaptureState) => void) | undefined;
  #state: CaptureState = {
    phase: "starting",
    restarts: 0,
    stalls: 0,
    lastExit: null,
    nextTryInMs: null,
    breaker: "closed",
  };

  constructor(tell: ((state: CaptureState) => void) | undefined) {
    this.#tell = tell;
  }

  get isRunning(): boolean {
    return this.#state.phase === "running";
  }

  tell(change: Partial<CaptureState>): void {
    this.#state = { ...this.#state, ...change };
    this.#tell?.(this.#state);
  }

  ended(attempt: Attempt, nextTryInMs: number, breaker: Breaker): void {
    const stalled = attempt.result?.reason === "stalled" ? 1 : 0;
    this.tell({
      phase: "waiting",
      restarts: this.#state.restarts + 1,
      stalls: this.#state.stalls + stalled,
      lastExit: exitOf(attempt),
      nextTryInMs,
      breaker,
    });
  }
}

function exitOf({ result, fault }: Attempt): string {
  if (fault !== undefined) return fault.code;
  return result?.cut ?? result?.reason ?? "failed";
}

async function attemptRun(
  request: CaptureRequest,
  leastBaseSec: number,
  onFrame: FrameConsumer,
): Promise<Attempt> {
  const { probeSource, format, ring, onState: _, ...read } = request;
  let probe: Probe;
  let wanted: FrameFormat;
  try {
    probe = await probeSource(request.signal);
    wanted = typeof format === "function" ? await format(probe) : format;
  } catch (fault) {
    if (request.signal.aborted) return { endSec: 0 };
    if (fault instanceof AppError && (fault.retryable || MENDS_ITSELF.has(fault.code)))
      return { fault, endSec: 0 };
    throw fault;
  }
  const isRecorded = ring !== undefined && (await ring.hasRoom());
  if (ring !== undefined && !isRecorded)
    request.log.error({}, "no room on the disk: watching goes on, but nothing is recorded for evidence");
  const startedAtMs: EpochMs = Date.now();
  // Looped and fast sources may run ahead of the wall clock: time must not go back all the same.
  const ptsBaseSec = Math.max(startedAtMs / 1000, leastBaseSec);
  const result = await readFrames(
    {
      ...read,
      format: wanted,
      probe,
      startedAtMs,
      ptsBaseSec,
      ...(isRecorded ? { ring: ring.beginRun(ptsBaseSec) } : {}),
    },
    onFrame,
  );
  return { result, endSec: result.lastPtsSec === null ? 0 : ptsBaseSec + result.lastPtsSec + 0.001 };
}

/** Faults of a camera that somebody may put right while we wait. */
const MENDS_ITSELF = new Set([
  "media.source_not_found",
  "media.source_unauthorized",
  "media.not_a_video",
  "media.corrupt_video",
]);

function healthyMs(result: ReadResult | undefined): number {
  if (result?.firstPtsSec == null || result.lastPtsSec === null) return 0;
  return (result.lastPtsSec - result.firstPtsSec) * 1000;
}

function report(log: Log, { result, fault }: Attempt, restartInMs: number, { failures }: RestartState): void {
  if (fault) log.warn({ err: fault, restartInMs, failures }, "source could not be opened");
  else
    log.warn(
      {
        reason: result?.reason,
        cut: result?.cut,
        exitCode: result?.exitCode,
        stderrTail: result?.stderrTail.slice(-5),
        restartInMs,
        failures,
      },
      "capture ended",
    );
}

async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(delayMs, undefined, { signal });
  } catch (fault) {
    if (!signal.aborted) throw fault;
  }
}
