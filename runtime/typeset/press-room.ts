import { extname } from "node:path";
import type { Worker } from "node:worker_threads";
import type { ComposedDocument } from "../../casework/documents/composed-document.ts";
import { AppError } from "../../pipeline/domain/errors.ts";
import { spawnWorker } from "../../pipeline/inference/spawn-worker.ts";
import { RefusedError } from "../../store/errors.ts";
import type { FromPress, ToPress } from "./press-thread.ts";

/** The program beside this file: .ts from the sources, .js from dist/. */
const PROGRAM = new URL(`./press-thread${extname(import.meta.url)}`, import.meta.url);

/** A document could not be set, through no fault of whoever asked for it. */
export class PressError extends AppError {
  readonly code = "document.press_failed";
  override readonly retryable = true;
}

interface Waiting {
  readonly resolve: (pdf: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Sets documents in a thread of their own: setting one takes the processor for 100 ms and more, in which the program
 * would answer nobody. The thread starts with the first document, anew after a crash, and keeps no program from ending.
 */
export class PressRoom {
  readonly #program: URL;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;
  #closed = false;

  /** @param program another program that speaks the same messages */
  constructor(program: URL = PROGRAM) {
    this.#program = program;
  }

  /** Starts the thread now, so that the first document need not wait for it. */
  start(): void {
    if (!this.#closed) this.#worker ??= this.#spawn();
  }

  /**
   * The document as PDF: see `typesetPdf`.
   *
   * @throws RefusedError when the document must not go out as it is
   * @throws PressError when the thread ends over it
   */
  typeset(document: ComposedDocument): Promise<Buffer> {
    this.start();
    const worker = this.#worker;
    if (worker === undefined) return Promise.reject(new PressError("the press is closed"));
    this.#lastId += 1;
    const message: ToPress = { id: this.#lastId, document };
    return new Promise((resolve, reject) => {
      worker.postMessage(message);
      this.#waiting.set(message.id, { resolve, reject });
      worker.ref();
    });
  }

  /** Ends the thread; whoever still waits is told so. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
  }

  #spawn(): Worker {
    const worker = spawnWorker(this.#program, { name: "press" });
    worker.unref();
    let cause: unknown;
    worker.on("message", (message: FromPress) => this.#settle(worker, message));
    worker.on("error", (error) => {
      cause = error;
    });
    worker.once("exit", (exitCode) => {
      this.#worker = undefined;
      for (const { reject } of this.#waiting.values())
        reject(new PressError(`the press ended with code ${exitCode}`, { cause }));
      this.#waiting.clear();
    });
    return worker;
  }

  #settle(worker: Worker, message: FromPress): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (this.#waiting.size === 0) worker.unref();
    switch (message.type) {
      case "set": {
        const { buffer, byteOffset, byteLength } = message.pdf;
        waiting?.resolve(Buffer.from(buffer, byteOffset, byteLength));
        return;
      }
      case "refused":
        waiting?.reject(new RefusedError(message.refusal));
        return;
      case "failed":
        waiting?.reject(new PressError("the press could not set a document", { cause: message.cause }));
        return;
    }
  }
}
