import { extname } from "node:path";
import type { Worker } from "node:worker_threads";
import { InferenceError, ModelLoadError } from "./errors.ts";
import type { InferenceJob, InferenceThread } from "./inference-pool.ts";
import type { SkippedProvider } from "./open-session.ts";
import { spawnWorker } from "./spawn-worker.ts";
import type { FromThread, ThreadSetup, ToThread } from "./thread-messages.ts";

/** What the thread said when it was ready. */
export interface StartedThread extends InferenceThread {
  readonly provider: string;
  readonly skipped: readonly SkippedProvider[];
}

/** The program beside this file: .ts from the sources, .js from dist/. */
const PROGRAM = new URL(`./inference-thread${extname(import.meta.url)}`, import.meta.url);

/**
 * Starts an inference thread and waits until its model is loaded.
 *
 * @param setup all but the frame memory, which each thread has of its own
 * @param program another program that speaks the same messages
 * @throws ModelLoadError when the thread refuses the model
 * @throws InferenceError `inference.thread_crashed` when it ends before it is ready
 */
export async function startThread(
  setup: Omit<ThreadSetup, "frame">,
  program: URL = PROGRAM,
): Promise<StartedThread> {
  const { width, height } = setup.spec.input;
  const frame = new SharedArrayBuffer(width * height * 3);
  const worker = spawnWorker(program, {
    workerData: { ...setup, frame } satisfies ThreadSetup,
    name: `inference ${setup.spec.id}`,
  });
  const thread = new ThreadHandle(worker, new Uint8Array(frame), setup.spec.id);
  const answer = await thread.answer();
  if (answer.type === "refused") {
    await thread.ended;
    throw new ModelLoadError(answer.code, answer.message);
  }
  if (answer.type !== "ready") {
    await thread.close();
    throw thread.crash(`it answered "${answer.type}" instead of being ready`);
  }
  return Object.assign(thread, { provider: answer.provider, skipped: answer.skipped });
}

class ThreadHandle implements InferenceThread {
  /** Settles when the thread is gone, however it went. */
  readonly ended: Promise<void>;
  readonly #worker: Worker;
  readonly #frame: Uint8Array;
  readonly #modelId: string;
  #alive = true;
  #fault: unknown;
  #waiting: { resolve: (message: FromThread) => void; reject: (error: Error) => void } | undefined;

  constructor(worker: Worker, frame: Uint8Array, modelId: string) {
    this.#worker = worker;
    this.#frame = frame;
    this.#modelId = modelId;
    worker.on("message", (message: FromThread) => this.#settle()?.resolve(message));
    worker.on("error", (error) => {
      this.#fault = error;
    });
    this.ended = new Promise((resolve) => {
      worker.once("exit", (exitCode) => {
        this.#alive = false;
        this.#settle()?.reject(this.crash(`it ended with code ${exitCode}`));
        resolve();
      });
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** The thread's next message. */
  answer(): Promise<FromThread> {
    if (!this.#alive) return Promise.reject(this.crash("it had ended before"));
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  async detect(job: InferenceJob): Promise<Float64Array> {
    this.#frame.set(job.pixels);
    this.#post({
      type: "detect",
      sourceWidth: job.sourceWidth,
      sourceHeight: job.sourceHeight,
      minScore: job.minScore,
    });
    const answer = await this.answer();
    if (answer.type === "found") return answer.found;
    if (answer.type === "failed") throw new InferenceError(answer.code, answer.message);
    throw this.crash(`it answered "${answer.type}" to a frame`);
  }

  /** Lets the session go and waits for the end. Never terminate(): that aborts the process when a graph is running. */
  async close(): Promise<void> {
    if (this.#alive) this.#post({ type: "close" });
    await this.ended;
  }

  crash(how: string): InferenceError {
    const cause = this.#fault;
    const why = cause instanceof Error ? `: ${cause.message}` : "";
    return new InferenceError(
      "inference.thread_crashed",
      `the inference thread of model ${this.#modelId} crashed; ${how}${why}. The next frame gets a fresh thread.`,
      cause === undefined ? {} : { cause },
    );
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #settle() {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
}
