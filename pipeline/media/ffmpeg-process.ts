import { spawn } from "node:child_process";
import { Readable, type Writable } from "node:stream";
import { MissingToolError } from "../domain/errors.ts";
import { type BytePipe, type ByteTaker, openBytePipe } from "./byte-pipe.ts";
import { LineSplitter } from "./line-splitter.ts";
import { endGroup, guardGroup } from "./process-group.ts";
import { scrubLine } from "./redact-url.ts";

const TAIL_LINES = 100;

/**
 * `closed`: ended by itself with exit code 0, which for a live stream means nothing (measured: the server's
 * death exits 0). `failed`: ended by itself otherwise. `stalled`: our watchdog ended it. `shutdown`: the signal did.
 */
export type ExitReason = "closed" | "failed" | "stalled" | "shutdown";

export interface FfmpegExit {
  readonly reason: ExitReason;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Last 100 lines of stderr that nobody consumed, credentials removed. */
  readonly stderrTail: readonly string[];
}

export interface FfmpegRun {
  readonly ffmpegPath: string;
  readonly args: readonly string[];
  /** What it reads from its standard input. */
  readonly stdin?: string;
  /** Pieces that must not stay in what it says. */
  readonly secrets?: readonly string[];
  /** The process lives no longer than this. */
  readonly signal: AbortSignal;
  /** Nothing that its reader counts for so long, in milliseconds, while the watchdog is not held: stalled. */
  readonly stallAfterMs?: number;
  /** Says who takes what the process writes to stdout. Absent: nothing may be written there. */
  readonly onStdout?: (stdout: Pick<BytePipe, "resume">, watchdog: Watchdog) => ByteTaker;
  /** Takes what the process writes to its file descriptor 3. */
  readonly onPipe3?: (pipe: Readable, watchdog: Watchdog) => void;
  /** Sees every line; answers true for those that are not for people, which then stay out of the tail. */
  readonly onStderrLine?: (line: string) => boolean;
}

/** Ends a process that gives nothing. Whoever reads stdout tells it how things stand. */
export interface Watchdog {
  /** Something came. */
  beat(): void;
  /** We are not reading: silence is our doing. `beat()` lets it run again. */
  hold(): void;
}

/**
 * Runs ffmpeg once, in a process group of its own, until it has ended and every pipe is read out.
 * Never rejects for what ffmpeg did. @throws MissingToolError when it cannot be started, NoPipeError
 */
export async function runFfmpeg(run: FfmpegRun): Promise<FfmpegExit> {
  const pipe = run.onStdout && !run.signal.aborted ? await openBytePipe() : undefined;
  if (run.signal.aborted) {
    pipe?.destroy();
    return { reason: "shutdown", exitCode: null, signal: null, stderrTail: [] };
  }
  const child = spawn(run.ffmpegPath, run.args, {
    detached: true,
    stdio: [
      run.stdin === undefined ? "ignore" : "pipe",
      pipe?.writeFd ?? "ignore",
      "pipe",
      run.onPipe3 ? "pipe" : "ignore",
    ],
  });
  pipe?.closeWriteFd();
  let ended: "stalled" | "shutdown" | undefined;
  let forgetGroup: (() => void) | undefined;
  let forgetKill: (() => void) | undefined;

  const end = (why: "stalled" | "shutdown") => {
    if (ended !== undefined || child.pid === undefined) return;
    ended = why;
    watchdog.stop();
    // A child blocked on a full pipe could not write its trailers, and unread pipes never close: drain.
    pipe?.discard();
    forgetKill = endGroup(child.pid);
  };
  const watchdog = createWatchdog(run.stallAfterMs, () => end("stalled"));
  const onAbort = () => end("shutdown");

  const tail = collectStderr(child.stderr ?? Readable.from([]), run);
  return await new Promise<FfmpegExit>((resolve, reject) => {
    const settle = () => {
      watchdog.stop();
      forgetKill?.();
      forgetGroup?.();
      run.signal.removeEventListener("abort", onAbort);
    };
    child.once("error", (cause) => {
      if (child.pid !== undefined) return; // A failed kill: 'close' still comes.
      settle();
      pipe?.destroy();
      reject(
        new MissingToolError(
          `${run.ffmpegPath} cannot be started: install ffmpeg (apt-get install ffmpeg) or set FOREWARN_FFMPEG to its path.`,
          { cause },
        ),
      );
    });
    const closed = new Promise<Pick<FfmpegExit, "exitCode" | "signal">>((done) => {
      child.once("close", (exitCode, signal) => done({ exitCode, signal }));
    });
    if (child.pid === undefined) return;
    forgetGroup = guardGroup(child.pid);
    feed(child.stdin, run.stdin);
    run.signal.addEventListener("abort", onAbort, { once: true });
    const taken = pipe && run.onStdout ? pipe.read(run.onStdout(pipe, watchdog)) : Promise.resolve();
    // Nobody would read what it still writes.
    taken.catch(() => end("shutdown"));
    void closed.then(async ({ exitCode, signal }) => {
      try {
        // The last frames may still be in the pipe.
        await taken;
        const reason = ended ?? (exitCode === 0 ? "closed" : "failed");
        resolve({ reason, exitCode, signal, stderrTail: tail() });
      } catch (fault) {
        reject(fault);
      } finally {
        settle();
      }
    });
    const pipe3 = child.stdio[3];
    if (pipe3 instanceof Readable) run.onPipe3?.(pipe3, watchdog);
    watchdog.beat();
  });
}

/** A child that ends before it has read everything breaks the pipe: how it ended is told elsewhere. */
function feed(pipe: Writable | null, text: string | undefined): void {
  pipe?.on("error", () => undefined);
  pipe?.end(text);
}

function createWatchdog(afterMs: number | undefined, onSilence: () => void): Watchdog & { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  return {
    beat() {
      if (stopped || afterMs === undefined) return;
      if (timer) timer.refresh();
      else timer = setTimeout(onSilence, afterMs);
    },
    hold() {
      clearTimeout(timer);
      timer = undefined;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function collectStderr(stderr: Readable, run: FfmpegRun): () => string[] {
  const secrets = run.secrets ?? [];
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => {
    if (run.onStderrLine?.(line)) return;
    lines.push(line);
    if (lines.length > TAIL_LINES) lines.shift();
  });
  stderr.setEncoding("utf8");
  stderr.on("data", (text: string) => splitter.push(text));
  stderr.once("end", () => splitter.end());
  return () => lines.map((line) => scrubLine(line, secrets));
}
