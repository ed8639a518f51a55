import { copyFile, link, mkdir, mkdtemp, readdir, rm, stat, statfs } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import type { Log } from "../domain/ports.ts";
import { LineSplitter } from "./line-splitter.ts";
import { parseSegmentLine, ringArgs } from "./ring-args.ts";
import { readRingIndex, type Segment, writeRingIndex } from "./ring-index.ts";

export interface SegmentRingOptions {
  readonly dir: string;
  /** What is older than the newest segment by more is deleted. */
  readonly maxAgeSec: number;
  /** The oldest go first when all together are larger; the newest always stays. */
  readonly maxBytes: number;
  readonly log: Log;
}

/** What should be in the ring and is not. */
export interface RingLosses {
  /** Segments that were begun and cannot be used. */
  readonly segments: number;
  /** Seconds deleted before their age for want of room in `maxBytes`. */
  readonly prunedEarlySec: number;
  /** Runs of the capture that could not be recorded at all: the disk was full. */
  readonly unrecordedRuns: number;
}

/** One run of ffmpeg that writes into the ring. */
export interface RingRun {
  readonly args: readonly string[];
  /** Reads the list of closed segments from ffmpeg's file descriptor 3. */
  readonly readList: (pipe: Readable) => void;
  /** The process is gone. */
  readonly end: () => Promise<void>;
}

const SEGMENT_NAME = /^ring-\d+-\d+\.mkv$/;
/** Segments that are being cut from are linked here: beside the ring, so that they stay where they may lie. */
const CUT_PREFIX = "cut-";
/** Nobody cuts for so long: whoever made the folder was killed. */
const CUT_ABANDONED_MS = 3_600_000;
/** Less room on the disk is none: a capture that cannot write its segments ends, and nobody sees anything. */
const LEAST_FREE_BYTES = 64 * 1024 ** 2;

/**
 * The last minutes of a stream, undecoded, in a folder: what clips and stills are cut from. ffmpeg writes the
 * segments, this class knows which stretch of time lies in which, and deletes the old ones.
 */
export class SegmentRing {
  readonly #options: SegmentRingOptions;
  readonly #waiters = new Set<() => void>();
  #segments: Segment[] = [];
  #runs = 0;
  #losses = { segments: 0, prunedEarlySec: 0, unrecordedRuns: 0 };
  /** File work one after the other. */
  #work: Promise<void> = Promise.resolve();

  private constructor(options: SegmentRingOptions, segments: Segment[]) {
    this.#options = options;
    this.#segments = segments;
    this.#runs = Math.max(0, ...segments.map(({ run }) => run));
  }

  /**
   * Opens the folder. What an earlier process recorded there is kept where its times are known and it is young
   * enough; the rest is deleted.
   * @param nowSec the end of the frames' time line
   */
  static async open(options: SegmentRingOptions, nowSec: number = Date.now() / 1000): Promise<SegmentRing> {
    const { dir, maxAgeSec, log } = options;
    await mkdir(dir, { recursive: true });
    const names = new Set((await readdir(dir)).filter((name) => SEGMENT_NAME.test(name)));
    const kept = (await readRingIndex(dir, log)).filter(
      ({ path, endSec }) => names.has(basename(path)) && endSec >= nowSec - maxAgeSec && endSec <= nowSec + 1,
    );
    for (const { path } of kept) names.delete(basename(path));
    for (const name of names) await rm(join(dir, name), { force: true });
    await removeAbandonedCuts(dir);
    return new SegmentRing(options, kept);
  }

  /**
   * @param baseSec `ptsBaseSec` of the frames read by the same process; a function where another process reads the
   *   frames: told when a closed segment was listed (Unix milliseconds), it answers what is the time line's now
   */
  beginRun(baseSec: number | ((listedAtMs: number) => number)): RingRun {
    this.#runs += 1;
    const run = this.#runs;
    let known = typeof baseSec === "number" ? baseSec : undefined;
    const splitter = new LineSplitter((line) => {
      // The first segment is listed when its last picture has come: then is its end.
      if (known === undefined && typeof baseSec === "function")
        known = baseSec(Date.now()) - (parseSegmentLine(line).endSec ?? 0);
      const base = known ?? 0;
      this.#work = this.#work
        .then(() => this.#add(line, run, base))
        .catch((err: unknown) => {
          this.#losses.segments += 1;
          this.#options.log.warn({ err, dir: this.#options.dir }, "segment of the ring is lost");
        });
    });
    return {
      args: ringArgs(this.#options.dir, run),
      readList: (pipe) => {
        pipe.setEncoding("utf8");
        pipe.on("data", (text: string) => splitter.push(text));
        pipe.once("end", () => splitter.end());
      },
      end: async () => {
        await this.#work;
        await this.#sweep(run);
        this.#wake();
      },
    };
  }

  /** Closed segments, oldest first. */
  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** What could not be kept since the ring was opened. */
  get losses(): RingLosses {
    return this.#losses;
  }

  /** Whether the disk has room for a run. One that has not is counted. */
  async hasRoom(): Promise<boolean> {
    try {
      const { bavail, bsize } = await statfs(this.#options.dir);
      if (bavail * bsize >= LEAST_FREE_BYTES) return true;
    } catch (err) {
      this.#options.log.error({ err, dir: this.#options.dir }, "the ring's folder cannot be used");
    }
    this.#losses.unrecordedRuns += 1;
    return false;
  }

  /**
   * Resolves when everything up to `sec` lies in closed segments (true), or when the signal aborts first
   * (false). Segments close at key frames, some seconds after the picture.
   */
  async waitUntil(sec: number, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      if ((this.#segments.at(-1)?.endSec ?? Number.NEGATIVE_INFINITY) >= sec) return true;
      await this.#nextChange(signal);
    }
    return false;
  }

  /**
   * The segments of one run that overlap the stretch, linked into `dir`, where pruning does not reach them.
   * Where several runs overlap it, the one that holds most of it. Empty when nothing does.
   */
  async borrow(startSec: number, endSec: number, dir: string): Promise<readonly Segment[]> {
    await this.#work;
    const best = fullestRun(
      this.#segments.filter((segment) => segment.endSec > startSec && segment.startSec <= endSec),
      startSec,
      endSec,
    );
    // In the same turn of the queue as pruning: none of them is deleted between choice and link.
    const linked = this.#work.then(() =>
      Promise.all(
        best.map(async (segment) => {
          const path = join(dir, basename(segment.path));
          await linkOrCopy(segment.path, path);
          return { ...segment, path };
        }),
      ),
    );
    this.#work = linked.then(
      () => undefined,
      () => undefined,
    );
    return await linked;
  }

  /** An empty folder to `borrow` into; whoever asked deletes it. */
  makeCutFolder(): Promise<string> {
    return mkdtemp(join(this.#options.dir, CUT_PREFIX));
  }

  /** Waits for file work; what was recorded stays for whoever opens the ring next. */
  async close(): Promise<void> {
    await this.#work;
    this.#wake();
  }

  async #add(line: string, run: number, baseSec: number): Promise<void> {
    const { name, startSec, endSec } = parseSegmentLine(line);
    const path = join(this.#options.dir, name);
    const { size } = await stat(path);
    this.#segments.push({
      path,
      run,
      startSec: baseSec + startSec,
      endSec: baseSec + endSec,
      sizeBytes: size,
    });
    await this.#prune();
    await writeRingIndex(this.#options.dir, this.#segments);
    this.#wake();
  }

  async #prune(): Promise<void> {
    const newest = this.#segments.at(-1);
    if (newest === undefined) return;
    let total = this.#segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
    for (
      let oldest = this.#segments[0];
      oldest !== undefined && oldest !== newest;
      oldest = this.#segments[0]
    ) {
      const tooOld = oldest.endSec < newest.endSec - this.#options.maxAgeSec;
      if (!tooOld && total <= this.#options.maxBytes) return;
      if (!tooOld) this.#countEarly(oldest);
      this.#segments.shift();
      total -= oldest.sizeBytes;
      await rm(oldest.path, { force: true });
    }
  }

  #countEarly({ startSec, endSec }: Segment): void {
    if (this.#losses.prunedEarlySec === 0) {
      const { dir, maxBytes, maxAgeSec } = this.#options;
      this.#options.log.warn(
        { dir, maxBytes, maxAgeSec },
        "the ring is too small for the time it is to reach back",
      );
    }
    this.#losses.prunedEarlySec += endSec - startSec;
  }

  /** A killed ffmpeg leaves a segment it never listed. */
  async #sweep(run: number): Promise<void> {
    const listed = new Set(this.#segments.map((segment) => basename(segment.path)));
    for (const name of await readdir(this.#options.dir))
      if (name.startsWith(`ring-${run}-`) && SEGMENT_NAME.test(name) && !listed.has(name))
        await rm(join(this.#options.dir, name), { force: true });
  }

  #nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiters.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      this.#waiters.add(wake);
      signal.addEventListener("abort", wake, { once: true });
    });
  }

  #wake(): void {
    for (const wake of [...this.#waiters]) wake();
  }
}

function fullestRun(segments: readonly Segment[], startSec: number, endSec: number): Segment[] {
  const byRun = new Map<number, Segment[]>();
  for (const segment of segments) byRun.set(segment.run, [...(byRun.get(segment.run) ?? []), segment]);
  const held = (of: readonly Segment[]) =>
    Math.min(endSec, of.at(-1)?.endSec ?? startSec) - Math.max(startSec, of[0]?.startSec ?? endSec);
  return [...byRun.values()].reduce<Segment[]>((most, of) => (held(of) >= held(most) ? of : most), []);
}

async function removeAbandonedCuts(dir: string): Promise<void> {
  for (const name of (await readdir(dir)).filter((entry) => entry.startsWith(CUT_PREFIX))) {
    const { mtimeMs } = await stat(join(dir, name));
    if (Date.now() - mtimeMs > CUT_ABANDONED_MS) await rm(join(dir, name), { recursive: true, force: true });
  }
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (fault) {
    // Another file system, or one without hard links.
    if (!(fault instanceof Error && "code" in fault && (fault.code === "EXDEV" || fault.code === "EPERM")))
      throw fault;
    await copyFile(from, to);
  }
}
