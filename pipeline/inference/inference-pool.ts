import { InferenceError } from "./errors.ts";
import { FairQueue } from "./fair-queue.ts";
import type { SkippedProvider } from "./open-session.ts";
import type { SessionSetup } from "./thread-messages.ts";

/** One frame to judge. The pixels are read when a thread takes the job, so they must stay as they are till then. */
export interface InferenceJob {
  readonly pixels: Uint8Array;
  readonly sourceWidth: number;
  readonly sourceHeight: number;
  readonly minScore: number;
}

/** What a thread says of one frame. */
export interface Judgement {
  /** `FOUND_FIELDS` numbers per detection, best first. */
  readonly found: Float64Array;
  /** Bytes into shared memory and from there into the tensor. */
  readonly fillMs: number;
  readonly runMs: number;
  readonly decodeMs: number;
}

/** Which execution provider took a session, and which did not load. */
export interface LoadedSession {
  readonly provider: string;
  readonly skipped: readonly SkippedProvider[];
}

/** A thread that holds sessions. Does one thing at a time. */
export interface InferenceThread {
  readonly alive: boolean;
  load(session: number, setup: SessionSetup): Promise<LoadedSession>;
  detect(session: number, job: InferenceJob): Promise<Judgement>;
  close(): Promise<void>;
}

/** Sums since the pool was opened; milliseconds of wall time. */
export interface InferenceStats {
  readonly runs: number;
  /** From the caller's hand to a thread. */
  readonly waitMs: number;
  readonly fillMs: number;
  readonly runMs: number;
  readonly decodeMs: number;
  /** Frames that wait right now. */
  readonly waiting: number;
}

/** Cameras keep a few frames each in here (the latest wins, at the camera); more means a caller gone wrong. */
const MAX_WAITING = 1024;
const MAX_WAITING_PER_KEY = 256;

interface Waiting {
  readonly session: number;
  readonly job: InferenceJob;
  readonly since: number;
  readonly resolve: (found: Float64Array) => void;
  readonly reject: (error: unknown) => void;
}

/** The place of one thread; what is in it may change. */
interface Slot {
  thread: InferenceThread | undefined;
  /** Sessions the thread holds. */
  loaded: Map<number, LoadedSession>;
  busy: boolean;
  /** Come before the next frame. */
  readonly errands: (() => Promise<void>)[];
}

/**
 * A fixed number of threads that share all sessions; each runs one frame at a time, keys take turns. A thread
 * that crashes fails only the frame it had; the next frame in its place starts a fresh one, so a model that
 * crashes always does not start threads in a circle.
 */
export class InferencePool {
  readonly #start: () => InferenceThread;
  readonly #slots: readonly Slot[];
  readonly #queue = new FairQueue<Waiting>();
  readonly #sessions = new Map<number, SessionSetup>();
  readonly #working = new Set<Promise<void>>();
  readonly #sums = { runs: 0, waitMs: 0, fillMs: 0, runMs: 0, decodeMs: 0 };
  #lastSession = 0;
  #replacing: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  /**
   * @param size threads; each is started when something is first to be loaded into it
   * @param start starts one
   */
  constructor(size: number, start: () => InferenceThread) {
    this.#start = start;
    this.#slots = Array.from({ length: size }, () => ({
      thread: undefined,
      loaded: new Map<number, LoadedSession>(),
      busy: false,
      errands: [],
    }));
  }

  /**
   * Opens a session in every thread. The first is asked alone, so that a graph that is refused disturbs one only.
   *
   * @returns the number by which frames name it
   * @throws ModelLoadError; InferenceError `inference.thread_crashed`, `inference.closed`
   */
  async load(setup: SessionSetup): Promise<LoadedSession & { readonly session: number }> {
    if (this.#closing !== undefined) throw closed();
    const session = ++this.#lastSession;
    this.#sessions.set(session, setup);
    const [first, ...others] = this.#slots;
    try {
      if (first === undefined) throw new Error("an inference pool without threads");
      await this.#errand(first, () => this.#threadWith(first, session, setup));
      const loaded = first.loaded.get(session);
      await Promise.all(
        others.map((slot) => this.#errand(slot, () => this.#threadWith(slot, session, setup))),
      );
      return { provider: loaded?.provider ?? "", skipped: loaded?.skipped ?? [], session };
    } catch (error) {
      this.#sessions.delete(session);
      throw error;
    }
  }

  /** Takes no more frames for this session. Its memory is given back by the next `replaceThreads`. */
  forget(session: number): void {
    this.#sessions.delete(session);
  }

  /**
   * @param key whose frame it is: keys take turns
   * @throws InferenceError `inference.queue_full`, `inference.closed`, `inference.thread_crashed` or
   *   `inference.run_failed`
   */
  detect(session: number, key: string, job: InferenceJob): Promise<Float64Array> {
    if (this.#closing !== undefined || !this.#sessions.has(session)) return Promise.reject(closed());
    if (this.#queue.length >= MAX_WAITING || this.#queue.waiting(key) >= MAX_WAITING_PER_KEY) {
      const message = `${this.#queue.length} frames are waiting for inference already, ${this.#queue.waiting(key)} of them of ${key}; send fewer or add inference threads.`;
      return Promise.reject(new InferenceError("inference.queue_full", message));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push(key, { session, job, since: performance.now(), resolve, reject });
      this.#wake();
    });
  }

  /**
   * Puts a fresh thread with the present sessions into each place, one place after the other: the old one goes on
   * until the new one is ready, and ends after its frame. ONNX Runtime leaks when sessions come and go within a
   * thread; a thread that ends gives everything back.
   *
   * @throws ModelLoadError, InferenceError when a fresh thread does not get ready; the old ones stay then
   */
  replaceThreads(): Promise<void> {
    const replaced = this.#replacing.then(async () => {
      for (const slot of this.#slots) await this.#replace(slot);
    });
    this.#replacing = replaced.catch(() => undefined);
    return replaced;
  }

  stats(): InferenceStats {
    return { ...this.#sums, waiting: this.#queue.length };
  }

  /** Refuses what is still waiting, lets what is running finish, then ends the threads. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  #wake(): void {
    for (const slot of this.#slots) {
      if (slot.busy || (slot.errands.length === 0 && this.#queue.length === 0)) continue;
      this.#track(this.#work(slot));
    }
  }

  /** What has to end before the pool is closed. */
  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#working.delete(tracked));
    this.#working.add(tracked);
  }

  /** Errands and frames, until there are none. Never rejects: each has someone who is told. */
  async #work(slot: Slot): Promise<void> {
    slot.busy = true;
    for (;;) {
      const errand = slot.errands.shift();
      if (errand !== undefined) {
        await errand();
        continue;
      }
      const next = this.#queue.take();
      if (next === undefined) break;
      await this.#judge(slot, next);
    }
    slot.busy = false;
  }

  async #judge(slot: Slot, { session, job, since, resolve, reject }: Waiting): Promise<void> {
    try {
      const setup = this.#sessions.get(session);
      if (setup === undefined) throw closed();
      // Without a pause where nothing is to be loaded: the pixels are read at once.
      const ready = slot.thread?.alive === true && slot.loaded.has(session) ? slot.thread : undefined;
      const thread = ready ?? (await this.#threadWith(slot, session, setup));
      const waitMs = performance.now() - since;
      const { found, fillMs, runMs, decodeMs } = await thread.detect(session, job);
      this.#sums.runs++;
      this.#sums.waitMs += waitMs;
      this.#sums.fillMs += fillMs;
      this.#sums.runMs += runMs;
      this.#sums.decodeMs += decodeMs;
      resolve(found);
    } catch (error) {
      reject(error);
    }
  }

  /** The slot's thread, with the session in it: one that crashed makes way for a fresh one, which has none yet. */
  async #threadWith(slot: Slot, session: number, setup: SessionSetup): Promise<InferenceThread> {
    if (slot.thread?.alive !== true) {
      slot.thread = this.#start();
      slot.loaded = new Map();
    }
    const { thread } = slot;
    if (!slot.loaded.has(session)) slot.loaded.set(session, await thread.load(session, setup));
    return thread;
  }

  async #replace(slot: Slot): Promise<void> {
    if (this.#closing !== undefined) throw closed();
    const fresh = this.#start();
    const loaded = new Map<number, LoadedSession>();
    try {
      for (const [session, setup] of this.#sessions) loaded.set(session, await fresh.load(session, setup));
      await this.#errand(slot, async () => {
        const old = slot.thread;
        slot.thread = fresh;
        slot.loaded = loaded;
        // A frame may come meanwhile: the old thread ends on its own.
        if (old !== undefined) this.#track(old.close());
      });
    } catch (error) {
      await fresh.close();
      throw error;
    }
  }

  /** Does something in the place of a thread between two frames. */
  #errand<T>(slot: Slot, work: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) return Promise.reject(closed());
    return new Promise((resolve, reject) => {
      slot.errands.push(() => work().then(resolve, reject));
      this.#wake();
    });
  }

  async #end(): Promise<void> {
    for (const waiting of this.#queue.drain()) waiting.reject(closed());
    await this.#replacing;
    while (this.#working.size > 0) await Promise.all(this.#working);
    await Promise.all(this.#slots.map(({ thread }) => thread?.close()));
  }
}

function closed(): InferenceError {
  return new InferenceError("inference.closed", "the detector is closed.");
}
