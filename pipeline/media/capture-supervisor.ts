import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../domain/errors.ts";
import type { Log } from "../domain/ports.ts";
import type { EpochMs } from "../domain/types.ts";
import type { FrameConsumer } from "./frame-delivery.ts";
import { type ReadRequest, type ReadResult, readFrames } from "./frame-reader.ts";
import type { Probe } from "./probe.ts";
import { freshStart, nextRestart } from "./restart-policy.ts";
import type { SegmentRing } from "./segment-ring.ts";

export interface CaptureRequest
  extends Omit<ReadRequest, "probe" | "startedAtMs" | "ptsBaseSec" | "ring" | "signal"> {
  /** Asked before every start: a camera may come back with another picture size. */
  readonly probeSource: (signal: AbortSignal) => Promise<Probe>;
  readonly ring?: SegmentRing;
  readonly signal: AbortSignal;
  /** Told of every end. `fault` where the source could not even be opened. */
  readonly onExit?: (exit: CaptureExit) => void;
}

export interface CaptureExit {
  readonly result?: ReadResult;
  readonly fault?: AppError;
  /** Until the next start; null when there is none. */
  readonly restartInMs: number | null;
}

/**
 * Keeps a source open until the signal aborts, whatever happens to it; every end is reported and logged.
 * All runs share one time line: `ptsSec` counts from the first start and only ever grows.
 * @throws what the consumer throws, and what no restart can mend (MissingToolError, SourceNotAllowedError)
 */
export async function superviseCapture(request: CaptureRequest, onFrame: FrameConsumer): Promise<void> {
  const { signal, log } = request;
  const firstStart = Date.now();
  let nextBaseSec = 0;
  let restarts = freshStart;

  while (!signal.aborted) {
    const startedAtMs = Date.now();
    // Looped and fast sources may run ahead of the wall clock: time must not go back all the same.
    const ptsBaseSec = Math.max((startedAtMs - firstStart) / 1000, nextBaseSec);
    const attempt = await attemptRun(request, startedAtMs, ptsBaseSec, onFrame);
    if (attempt.result?.lastPtsSec != null) nextBaseSec = ptsBaseSec + attempt.result.lastPtsSec + 0.001;

    if (signal.aborted) {
      request.onExit?.({ ...attempt, restartInMs: null });
      return;
    }
    const next = nextRestart(restarts, healthyMs(attempt.result), Math.random());
    restarts = next.state;
    report(log, attempt, next.delayMs);
    request.onExit?.({ ...attempt, restartInMs: next.delayMs });
    await pause(next.delayMs, signal);
  }
}

type Attempt = Omit<CaptureExit, "restartInMs">;

async function attemptRun(
  request: CaptureRequest,
  startedAtMs: EpochMs,
  ptsBaseSec: number,
  onFrame: FrameConsumer,
): Promise<Attempt> {
  const { probeSource, ring, onExit: _, ...read } = request;
  let probe: Probe;
  try {
    probe = await probeSource(request.signal);
  } catch (fault) {
    if (request.signal.aborted) return {};
    if (fault instanceof AppError && (fault.retryable || MENDS_ITSELF.has(fault.code))) return { fault };
    throw fault;
  }
  const result = await readFrames(
    { ...read, probe, startedAtMs, ptsBaseSec, ...(ring ? { ring: ring.beginRun(ptsBaseSec) } : {}) },
    onFrame,
  );
  return { result };
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

function report(log: Log, { result, fault }: Attempt, restartInMs: number): void {
  if (fault) log.warn({ err: fault, restartInMs }, "source could not be opened");
  else
    log.warn(
      {
        reason: result?.reason,
        exitCode: result?.exitCode,
        stderrTail: result?.stderrTail.slice(-5),
        restartInMs,
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
