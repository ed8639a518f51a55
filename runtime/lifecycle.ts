import type { Logger } from "./logger.ts";

const HARD_EXIT_MS = 10_000;

/** Whatever a program opens, it hands its closer in; they run last opened, first closed. */
export class Lifecycle {
  readonly #closers: { name: string; close: () => Promise<unknown> | unknown }[] = [];
  readonly #abort = new AbortController();
  #closing: Promise<void> | undefined;

  /** Aborts as soon as shutdown begins: stop taking new work. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  onClose(name: string, close: () => Promise<unknown> | unknown): void {
    this.#closers.push({ name, close });
  }

  /** Runs every closer even when one fails; the first failure is thrown at the end. */
  close(): Promise<void> {
    this.#closing ??= this.#run();
    return this.#closing;
  }

  async #run(): Promise<void> {
    this.#abort.abort();
    const failures: unknown[] = [];
    for (const { name, close } of this.#closers.splice(0).reverse()) {
      try {
        await close();
      } catch (cause) {
        failures.push(new Error(`closing ${name} failed`, { cause }));
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

/** SIGINT, SIGTERM and uncaught faults end the program through its closers; ten seconds later by force. */
export function exitOnSignals(lifecycle: Lifecycle, log: Logger): void {
  let leaving = false;
  const leave = (exitCode: number, why: string, err?: unknown) => {
    if (leaving) return;
    leaving = true;
    if (err === undefined) log.info({ why }, "stopping");
    else log.error({ err, why }, "stopping after a fault");
    setTimeout(() => process.exit(exitCode || 1), HARD_EXIT_MS).unref();
    lifecycle.close().then(
      () => process.exit(exitCode),
      (fault: unknown) => {
        log.error({ err: fault }, "stopping left something open");
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", () => leave(0, "SIGINT"));
  process.on("SIGTERM", () => leave(0, "SIGTERM"));
  // Started by `up`: when that is killed, nobody else would end us.
  if (process.connected) process.once("disconnect", () => leave(0, "parent gone"));
  process.on("uncaughtException", (err) => leave(1, "uncaughtException", err));
  process.on("unhandledRejection", (err) => leave(1, "unhandledRejection", err));
}
