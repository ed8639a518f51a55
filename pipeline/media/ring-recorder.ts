import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../domain/ports.ts";
import type { CameraSource } from "../domain/types.ts";
import { runFfmpeg } from "./ffmpeg-process.ts";
import { freshStart, nextRestart } from "./restart-policy.ts";
import type { SegmentRing } from "./segment-ring.ts";
import { sourceInput } from "./source-input.ts";

export interface RecordRequest {
  readonly ffmpegPath: string;
  /** The stream that is kept for evidence; it is not decoded. */
  readonly source: Pick<CameraSource, "url" | "transport">;
  readonly ring: SegmentRing;
  /** Where on the frames' time line an instant lies; right to the delay of a segment's listing, below a second. */
  readonly secAt: (atMs: number) => number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Segments close every few seconds; so long without one and the stream has stopped. */
const SILENCE_MS = 45_000;

/** Records a camera's main stream until the signal aborts, while its smaller stream is analysed by another program. */
export async function recordRing(request: RecordRequest): Promise<void> {
  const { ffmpegPath, source, ring, secAt, signal, log } = request;
  const input = sourceInput(source);
  let restarts = freshStart;
  while (!signal.aborted) {
    const startedAt = Date.now();
    if (await ring.hasRoom()) {
      const run = ring.beginRun(secAt);
      const exit = await runFfmpeg({
        ffmpegPath,
        args: [
          ...["-nostdin", "-hide_banner", "-nostats", "-loglevel", "level+error"],
          ...input.options,
          ...["-i", input.inputUrl],
          ...run.args,
        ],
        ...(input.stdin === undefined ? {} : { stdin: input.stdin }),
        secrets: input.secrets,
        signal,
        stallAfterMs: SILENCE_MS,
        onPipe3: (pipe, watchdog) => {
          run.readList(pipe);
          pipe.on("data", () => watchdog.beat());
        },
      });
      await run.end();
      if (signal.aborted) return;
      log.warn(
        { reason: exit.reason, stderrTail: exit.stderrTail.slice(-5) },
        "recording of the main stream ended",
      );
    }
    const next = nextRestart(restarts, Date.now() - startedAt, Math.random());
    restarts = next.state;
    await sleep(next.delayMs, undefined, { signal }).catch((fault: unknown) => {
      if (!signal.aborted) throw fault;
    });
  }
}
