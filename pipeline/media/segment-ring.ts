import { copyFile, link, mkdir, readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import type { Log } from "../domain/ports.ts";
import { LineSplitter } from "./line-splitter.ts";
import { parseSegmentLine, ringArgs } from "./ring-args.ts";

export interface SegmentRingOptions {
  readonly dir: string;
  /** What is older than the newest segment by more is deleted. */
  readonly maxAgeSec: number;
  /** The oldest go first when all together are larger; the newest always stays. */
  readonly maxBytes: number;
  readonly log: Log;
}

/** One closed segment; times on the frames' own time line (`ptsSec`). */
export interface Segment {
  readonly path: string;
  /** Segments of different runs of ffmpeg cannot be joined. */
  readonly run: number;
  readonly startSec: number;
  readonly endSec: number;
  readonly sizeBytes: number;
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

/**
 * The last minutes of a stream, undecoded, in a folder: what clips and stills are cut from. ffmpeg writes the
 * segments, this class knows which stretch of time lies in which, and deletes the old ones.
 */
export class SegmentRing {
  readonly #options: SegmentRingOptions;
  readonly #waiters = new Set<() => void>();
  #segments: Segment[] = [];
  #runs = 0;
  /** File work one after the other. */
  #work: Promise<void> = Promise.resolve();

  private constructor(options: SegmentRingOptions) {
    this.#options = options;
  }

  /** Opens the folder and deletes what an earlier process left in it: nobody knows its times any more. */
  static async open(options: SegmentRingOptions): Promise<SegmentRing> {
    await mkdir(options.dir, { recursive: true });
    for (const name of await readdir(options.dir))
      if (SEGMENT_NAME.test(name)) await rm(join(options.dir, name), { force: true });
    return new SegmentRing(options);
  }

  /** `baseSec`: `ptsBaseSec` of the frames read by the same process. */
  beginRun(baseSec: number): RingRun {
    this.#runs += 1;
    const run = this.#runs;
    const splitter = new LineSplitter((line) => {
      this.#work = this.#work
        .then(() => this.#add(line, run, baseSec))
        .catch((err: unknown) => {
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

  /** Deletes every segment. Only when no run is going on. */
  async close(): Promise<void> {
    await this.#work;
    await Promise.all(this.#segments.map((segment) => rm(segment.path, { force: true })));
    this.#segments = [];
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
      this.#segments.shift();
      total -= oldest.sizeBytes;
      await rm(oldest.path, { force: true });
    }
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
