import type { Log } from "./domain/ports.ts";
import type { MaskingDetectors } from "./evidence/masking/finder.ts";
import type { PlateReader } from "./evidence/plate/plate-reader.ts";
import { InferenceError } from "./inference/errors.ts";
import { DEFAULT_ALIAS } from "./inference/registry/registry.ts";
import { KeptOpen } from "./kept-open.ts";
import type { ModelPlaces } from "./open-detector.ts";
import { openMasking } from "./open-masking.ts";
import { openPlateReader } from "./open-plate-reader.ts";

export interface SealingModelOptions extends ModelPlaces {
  readonly executionProviders: readonly string[];
  readonly log: Log;
}

/** How models are opened. @throws as `openMasking` and `openPlateReader` */
export interface SealingModelOpeners {
  /** @param modelId of a camera */
  openMasking(modelId: string): Promise<MaskingDetectors>;
  openPlateReader(): Promise<PlateReader | null>;
  /** Monotonic, in milliseconds. */
  readonly now?: () => number;
}

/** What looks at the pictures of one bundle. */
export interface LentModels {
  /** Null where there is none: copies then hide all but the subject. */
  readonly masking: MaskingDetectors | null;
  /** Null where there is none. */
  readonly plateReader: PlateReader | null;
}

/** Bundles are made one after the other per camera, and seldom: one thread is enough. */
const THREADS = 1;
/** Sets of detectors that stay open beside the default one: each holds some hundred megabytes. */
const OTHER_SETS = 2;

interface MaskingSet {
  readonly kept: KeptOpen<MaskingDetectors>;
  /** Bundles that are made with it now: it is not closed under them. */
  users: number;
}

/**
 * What looks at pictures while they are sealed. Opened when the first candidate comes, and kept: a program that never seals
 * anything does not pay for it.
 */
export class SealingModels {
  readonly #log: Log;
  readonly #openers: SealingModelOpeners;
  /** By the model's id, the one used last at the end. */
  readonly #sets = new Map<string, MaskingSet>();
  readonly #plateReader: KeptOpen<PlateReader>;

  constructor(options: SealingModelOptions, openers: SealingModelOpeners = openersOf(options)) {
    this.#log = options.log;
    this.#openers = openers;
    this.#plateReader = this.#kept("plate reader", async () => {
      const reader = await openers.openPlateReader();
      return reader === null ? null : this.#replacedWhenBroken(reader);
    });
  }

  /**
   * Opens what there is, the camera's own model for persons and vehicles, and closes nothing of it while `work` goes on.
   *
   * @param modelId the camera's; where it cannot be opened, the default one looks
   */
  async lend<Result>(modelId: string, work: (models: LentModels) => Promise<Result>): Promise<Result> {
    const own = this.#borrow(modelId);
    const spare = this.#borrow(DEFAULT_ALIAS);
    try {
      const masking = (await own.kept.get()) ?? (await spare.kept.get());
      if (masking === null)
        this.#log.warn({ model: modelId }, "nothing can look for faces; copies hide all but the subject");
      return await work({ masking, plateReader: await this.#plateReader.get() });
    } finally {
      own.users -= 1;
      spare.users -= 1;
      await this.#closeSpares();
    }
  }

  async close(): Promise<void> {
    const sets = [...this.#sets.values()].map(({ kept }) => kept.close());
    await Promise.all([...sets, this.#plateReader.close()]);
  }

  #borrow(modelId: string): MaskingSet {
    const open = () => this.#openers.openMasking(modelId);
    const set = this.#sets.get(modelId) ?? { kept: this.#kept(`masking with ${modelId}`, open), users: 0 };
    this.#sets.delete(modelId);
    this.#sets.set(modelId, set);
    set.users += 1;
    return set;
  }

  async #closeSpares(): Promise<void> {
    const others = [...this.#sets].filter(([modelId]) => modelId !== DEFAULT_ALIAS);
    const tooMany = others.slice(0, Math.max(0, others.length - OTHER_SETS));
    for (const [modelId, { kept, users }] of tooMany) {
      if (users > 0) continue;
      this.#sets.delete(modelId);
      await kept.close();
    }
  }

  /** A thread that crashed reads nothing ever again. */
  #replacedWhenBroken(reader: PlateReader): PlateReader {
    const watched: PlateReader = {
      ...reader,
      read: async (picture, vehicleBox) => {
        try {
          return await reader.read(picture, vehicleBox);
        } catch (error) {
          if (error instanceof InferenceError && error.code === "inference.thread_crashed")
            await this.#plateReader.drop(watched);
          throw error;
        }
      },
    };
    return watched;
  }

  #kept<Kept extends { close(): Promise<void> }>(
    name: string,
    open: () => Promise<Kept | null>,
  ): KeptOpen<Kept> {
    const { now } = this.#openers;
    return new KeptOpen({ name, open, log: this.#log, ...(now && { now }) });
  }
}

function openersOf(options: SealingModelOptions): SealingModelOpeners {
  return {
    openMasking: (modelId) => openMasking({ ...options, modelId, threads: THREADS }),
    openPlateReader: () => openPlateReader(options),
  };
}
