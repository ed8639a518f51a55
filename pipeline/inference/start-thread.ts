import { extname } from "node:path";
import type { Worker } from "node:worker_threads";
import { frameBytes } from "../domain/ports.ts";
import { InferenceError, ModelLoadError } from "./errors.ts";
import { frameFormatOf } from "./frame-format.ts";
import type { InferenceJob, InferenceThread, Judgement, LoadedSession } from "./inference-pool.ts";
import { spawnWorker } from "./spawn-worker.ts";
import type { FromThread, SessionSetup, ToThread } from "./thread-messages.ts";

/** The program beside this file: .ts from the sources, .js from dist/. */
const PROGRAM = new URL(`./inference-thread${extname(import.meta.url)}`, import.meta.url);

/**
 * Starts an inference thread. Whatever keeps it from working is told to whoever first wants something of it.
 *
 * @param program another program that speaks the same messages
 */
export function startThread(program: URL = PROGRAM): InferenceThread {
  return new ThreadHandle(spawnWorker(program, { name: "inference" }));
}

class ThreadHandle implements InferenceThread {
  readonly #worker: Worker;
  /** Settles when the thread is gone, however it went. */
  readonly #ended: Promise<void>;
  /** Where each session's pixels go. */
  readonly #frames = new Map<number, Uint8Array>();
  readonly #modelIds = new Map<number, string>();
  #alive = true;
  #fault: unknown;
  #waiting: { resolve: (message: FromThread) => void; reject: (error: Error) => void } | undefined;
  #modelId = "none";

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on("message", (message: FromThread) => this.#settle()?.resolve(message));
    worker.on("error", (error) => {
      this.#fault = error;
    });
    this.#ended = new Promise((resolve) => {
      worker.once("exit", (exitCode) => {
        this.#alive = false;
        this.#settle()?.reject(this.#crash(`it ended with code ${exitCode}`));
        resolve();
      });
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  /**
   * @throws ModelLoadError when the thread refuses the graph
   * @throws InferenceError `inference.thread_crashed` when it ends over it
   */
  async load(session: number, setup: SessionSetup): Promise<LoadedSession> {
    const frame = new SharedArrayBuffer(frameBytes(frameFormatOf(setup.facts)));
    this.#modelId = setup.facts.spec.id;
    const answer = await this.#ask({ type: "load", session, setup, frame });
    if (answer.type === "refused") throw new ModelLoadError(answer.code, answer.message);
    if (answer.type !== "loaded") throw this.#crash(`it answered "${answer.type}" to a graph`);
    this.#frames.set(session, new Uint8Array(frame));
    this.#modelIds.set(session, setup.facts.spec.id);
    return { provider: answer.provider, skipped: answer.skipped };
  }

  async detect(session: number, job: InferenceJob): Promise<Judgement> {
    const begun = performance.now();
    this.#modelId = this.#modelIds.get(session) ?? "none";
    this.#frames.get(session)?.set(job.pixels);
    const copyMs = performance.now() - begun;
    const { sourceWidth, sourceHeight, minScore } = job;
    const answer = await this.#ask({ type: "detect", session, sourceWidth, sourceHeight, minScore });
    if (answer.type === "found") return { ...answer, fillMs: copyMs + answer.fillMs };
    if (answer.type === "failed") throw new InferenceError(answer.code, answer.message);
    throw this.#crash(`it answered "${answer.type}" to a frame`);
  }

  /** Lets the sessions go and waits for the end. Never terminate(): that aborts the process when a graph is running. */
  async close(): Promise<void> {
    if (this.#alive) this.#post({ type: "close" });
    await this.#ended;
  }

  #ask(message: ToThread): Promise<FromThread> {
    if (!this.#alive) return Promise.reject(this.#crash("it had ended before"));
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#post(message);
    });
  }

  #crash(how: string): InferenceError {
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
