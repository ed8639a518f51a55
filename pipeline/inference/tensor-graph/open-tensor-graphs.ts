import { extname } from "node:path";
import type { Worker } from "node:worker_threads";
import { InferenceError } from "../errors.ts";
import { spawnWorker } from "../spawn-worker.ts";
import type { FromGraphThread, Tensor, TensorGraphSetup, ToGraphThread } from "./messages.ts";

/** Graphs in a thread of their own. Runs wait for each other. */
export interface TensorGraphs {
  /**
   * @param graph the id of one of the graphs it was opened with
   * @param input its memory is given away: it cannot be used afterwards
   * @throws InferenceError `inference.run_failed`, `inference.thread_crashed`, `inference.closed`
   */
  run(graph: string, input: Tensor): Promise<Tensor>;
  close(): Promise<void>;
}

const PROGRAM = new URL(`./graph-thread${extname(import.meta.url)}`, import.meta.url);

/**
 * Starts a thread and opens the graphs in it.
 *
 * @throws InferenceError `inference.thread_crashed` when a graph does not open
 */
export async function openTensorGraphs(setup: TensorGraphSetup): Promise<TensorGraphs> {
  const graphs = new GraphThread(spawnWorker(PROGRAM, { workerData: setup, name: "tensor graphs" }));
  await graphs.ready;
  return graphs;
}

interface Waiting {
  readonly resolve: (output: Tensor) => void;
  readonly reject: (error: Error) => void;
}

class GraphThread implements TensorGraphs {
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  #orders = 0;
  #closed = false;
  #fault: InferenceError | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    let cause: Error | undefined;
    worker.on("error", (error) => {
      cause = error;
    });
    this.ready = new Promise((resolve, reject) => {
      worker.on("message", (message: FromGraphThread) => {
        if (message.type === "ready") resolve();
        else this.#settle(message);
      });
      worker.once("exit", (exitCode) => reject(this.#crash(exitCode, cause)));
    });
    this.#ended = new Promise((resolve) => worker.once("exit", () => resolve()));
  }

  run(graph: string, input: Tensor): Promise<Tensor> {
    if (this.#closed)
      return Promise.reject(new InferenceError("inference.closed", "the text reader is closed."));
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    const order = ++this.#orders;
    return new Promise((resolve, reject) => {
      this.#waiting.set(order, { resolve, reject });
      this.#post({ type: "run", order, graph, input }, [input.data.buffer]);
    });
  }

  /** Lets what was asked before finish. Never terminate(): that aborts the process when a graph is running. */
  async close(): Promise<void> {
    if (!this.#closed && this.#fault === undefined) this.#post({ type: "close" }, []);
    this.#closed = true;
    await this.#ended;
  }

  /** Tells everybody who waits. */
  #crash(exitCode: number, cause: Error | undefined): InferenceError {
    const why = cause === undefined ? "" : `: ${cause.message}`;
    const message = `the thread that reads text ended with code ${exitCode}${why}. Start the program again.`;
    this.#fault = new InferenceError("inference.thread_crashed", message, { cause });
    for (const { reject } of this.#waiting.values()) reject(this.#fault);
    this.#waiting.clear();
    return this.#fault;
  }

  #settle(message: Exclude<FromGraphThread, { type: "ready" }>): void {
    const waiting = this.#waiting.get(message.order);
    this.#waiting.delete(message.order);
    if (message.type === "ran") waiting?.resolve(message.output);
    else
      waiting?.reject(
        new InferenceError("inference.run_failed", `text could not be read: ${message.reason}`),
      );
  }

  #post(message: ToGraphThread, transfer: ArrayBuffer[]): void {
    this.#worker.postMessage(message, transfer);
  }
}
