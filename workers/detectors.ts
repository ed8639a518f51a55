import { availableParallelism } from "node:os";
import type { Config } from "../config/env.ts";
import type { Detector } from "../pipeline/domain/ports.ts";
import { openDetector } from "../pipeline/open-detector.ts";
import type { Logger } from "../runtime/logger.ts";
import { packageRoot } from "../runtime/version.ts";

/** One detector per model and process, shared by its cameras; opened when the first camera asks. */
export class Detectors {
  readonly #open = new Map<string, Promise<Detector>>();
  readonly #config: Config;
  readonly #log: Logger;
  /** Threads of each detector: one session a core. */
  readonly threads: number;

  constructor(config: Config, log: Logger) {
    this.#config = config;
    this.#log = log;
    this.threads = config.inferenceThreads ?? availableParallelism();
  }

  get(modelId: string): Promise<Detector> {
    const known = this.#open.get(modelId);
    if (known) return known;
    const opening = openDetector({
      modelId,
      modelsDir: this.#config.modelsDir,
      packageRoot,
      executionProviders: this.#config.executionProviders,
      threads: this.threads,
      log: this.#log,
    });
    this.#open.set(modelId, opening);
    // A model that could not be opened may be there the next time.
    opening.catch(() => this.#open.delete(modelId));
    return opening;
  }

  async close(): Promise<void> {
    const detectors = await Promise.allSettled(this.#open.values());
    await Promise.all(
      detectors.map((result) => (result.status === "fulfilled" ? result.value.close() : undefined)),
    );
  }
}
