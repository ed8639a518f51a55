import { InferenceError } from "./errors.ts";

/** One frame to judge. The pixels are read when a thread takes the job, so they must stay as they are till then. */
export interface InferenceJob {
  readonly pixels: Uint8Array;
  readonly sourceWidth: number;
  readonly sourceHeight: number;
  readonly minScore: number;
}

/** A thread with a loaded model. Takes one job at a time. */
export interface InferenceThread {
  readonly alive: boolean;
  /** `FOUND_FIELDS` numbers per detection, best first. */
  detect(job: InferenceJob): Promise<Float64Array>;
  close(): Promise<void>;
}

/** Cameras keep one frame each in here (the latest wins, at the camera); more waiting means a caller gone wrong. */
const MAX_WAITING = 1024;

interface Waiting {
  readonly job: InferenceJob;
  readonly resolve: (found: Float64Array) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Hands jobs to threads, first come first served. A thread that crashes fails only the job it had; the next job
 * in its place starts a fresh one, so a model that crashes always does not start threads in a circle.
 */
export class InferencePool {
  readonly #start: () => Promise<InferenceThread>;
  readonly #idle: (InferenceThread | undefined)[];
  readonly #queue: Waiting[] = [];
  readonly #running = new Set<Promise<void>>();
  #closing: Promise<void> | undefined;

  /** @param threads started already; `start` replaces one that has crashed */
  constructor(threads: readonly InferenceThread[], start: () => Promise<InferenceThread>) {
    this.#idle = [...threads];
    this.#start = start;
  }

  /** Starts `size` threads. When one refuses, the others are closed again and its reason is thrown. */
  static async open(size: number, start: () => Promise<InferenceThread>): Promise<InferencePool> {
    const started = await Promise.allSettled(Array.from({ length: size }, start));
    const threads = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const refusal = started.find((result) => result.status === "rejected");
    if (refusal === undefined) return new InferencePool(threads, start);
    await Promise.all(threads.map((thread) => thread.close()));
    throw refusal.reason;
  }

  /**
   * @throws InferenceError `inference.queue_full`, `inference.closed`, `inference.thread_crashed` or
   *   `inference.run_failed`
   */
  detect(job: InferenceJob): Promise<Float64Array> {
    if (this.#closing !== undefined) return Promise.reject(closed());
    if (this.#queue.length >= MAX_WAITING) {
      const message = `${MAX_WAITING} frames are waiting for inference already; send fewer or add inference threads.`;
      return Promise.reject(new InferenceError("inference.queue_full", message));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, resolve, reject });
      this.#dispatch();
    });
  }

  /** Refuses what is still waiting, lets what is running finish, then ends the threads. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && this.#idle.length > 0) {
      const thread = this.#idle.shift();
      const next = this.#queue.shift();
      if (next === undefined) return;
      const run = this.#run(thread, next).then((after) => {
        this.#running.delete(run);
        this.#idle.push(after);
        this.#dispatch();
      });
      this.#running.add(run);
    }
  }

  /** Settles the job and gives back what takes the thread's place. */
  async #run(thread: InferenceThread | undefined, next: Waiting): Promise<InferenceThread | undefined> {
    let current = thread;
    try {
      if (current?.alive !== true) {
        current = undefined;
        current = await this.#start();
      }
      next.resolve(await current.detect(next.job));
    } catch (error) {
      next.reject(error);
    }
    return current;
  }

  async #end(): Promise<void> {
    for (const waiting of this.#queue.splice(0)) waiting.reject(closed());
    while (this.#running.size > 0) await Promise.all(this.#running);
    await Promise.all(this.#idle.map((thread) => thread?.close()));
  }
}

function closed(): InferenceError {
  return new InferenceError("inference.closed", "the detector is closed.");
}
