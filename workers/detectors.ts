import { availableParallelism } from "node:os";
import type { Config } from "../config/env.ts";
import type { Detector } from "../pipeline/domain/ports.ts";
import { detectorOf, loadInto } from "../pipeline/inference/detector.ts";
import { InferencePool, type InferenceStats } from "../pipeline/inference/inference-pool.ts";
import {
  type PreparedModel,
  prepareModel,
  type StreamFacts,
  wantedPlan,
} from "../pipeline/inference/prepare-model.ts";
import { startThread } from "../pipeline/inference/start-thread.ts";
import { type LocatedModel, locateModel } from "../pipeline/open-detector.ts";
import type { Logger } from "../runtime/logger.ts";
import { packageRoot } from "../runtime/version.ts";

/** Graphs that nobody uses are kept, for cameras come back; with more than so many, all of them go. */
const MAX_IDLE = 2;

/** What a camera needs to be looked at. */
export interface DetectorRequest {
  /** Id or alias of the model. */
  readonly modelId: string;
  /** Its stream, for which the graph is prepared; left out: packed pixels. */
  readonly stream?: StreamFacts;
  /** The labels its rules ask for; left out: all. */
  readonly labelsInUse?: readonly string[];
  /** Whose frames these are, such as the camera's id: keys take turns at the threads. */
  readonly key: string;
}

/** A graph in the threads, with those who use it. */
interface OpenGraph {
  readonly loaded: Promise<{ readonly model: PreparedModel; readonly session: number }>;
  users: number;
}

/**
 * The detectors of a process: one set of inference threads, one to a core, in which cameras share graphs that are
 * the same. A graph is opened when the first camera asks.
 */
export class Detectors {
  readonly #config: Pick<Config, "modelsDir" | "executionProviders" | "inferenceThreads">;
  readonly #log: Logger;
  readonly #pool: InferencePool;
  readonly #located = new Map<string, Promise<LocatedModel>>();
  readonly #graphs = new Map<string, OpenGraph>();
  /** Frames of one camera that may be judged at the same time. */
  readonly threads: number;

  constructor(config: Pick<Config, "modelsDir" | "executionProviders" | "inferenceThreads">, log: Logger) {
    this.#config = config;
    this.#log = log;
    this.threads = config.inferenceThreads ?? availableParallelism();
    this.#pool = new InferencePool(this.threads, () => startThread());
  }

  /**
   * A detector for one camera, to be closed when the camera is no longer watched. A plain id stands for a request
   * without a stream.
   *
   * @throws UsageError, ModelInstallError, ModelConversionError, ModelLoadError
   */
  async get(wanted: DetectorRequest | string): Promise<Detector> {
    const request = typeof wanted === "string" ? { modelId: wanted, key: wanted } : wanted;
    const located = await this.#locate(request.modelId);
    const identity = JSON.stringify([
      located.spec.id,
      located.spec.sha256,
      wantedPlan(located.spec, { ...located, ...request }),
    ]);
    const graph = this.#graphs.get(identity) ?? this.#open(identity, located, request);
    graph.users++;
    const release = once(() => this.#release(identity, graph));
    try {
      const { model, session } = await graph.loaded;
      return detectorOf({ pool: this.#pool, model, session, key: request.key, close: release });
    } catch (error) {
      await release();
      throw error;
    }
  }

  /**
   * Reads the registry anew for whoever asks next, and puts a fresh thread with the graphs in use into the place
   * of each one. Every frame is answered meanwhile.
   *
   * @throws ModelLoadError, InferenceError when a fresh thread does not get ready: the old ones go on
   */
  async reload(): Promise<void> {
    this.#located.clear();
    this.#forgetIdle();
    await this.#pool.replaceThreads();
  }

  /** Sums over all cameras since the start. */
  stats(): InferenceStats {
    return this.#pool.stats();
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  #locate(modelId: string): Promise<LocatedModel> {
    const known = this.#located.get(modelId);
    if (known) return known;
    const locating = locateModel({ modelId, modelsDir: this.#config.modelsDir, packageRoot });
    this.#located.set(modelId, locating);
    // A model that could not be had may be there the next time.
    locating.catch(() => this.#located.delete(modelId));
    return locating;
  }

  #open(identity: string, located: LocatedModel, request: DetectorRequest): OpenGraph {
    const loaded = this.#load(located, request);
    const graph = { loaded, users: 0 };
    this.#graphs.set(identity, graph);
    loaded.catch(() => this.#graphs.delete(identity));
    return graph;
  }

  async #load({ spec, path, labels }: LocatedModel, { stream, labelsInUse }: DetectorRequest) {
    const model = await prepareModel(spec, path, {
      labels,
      executionProviders: this.#config.executionProviders,
      ...(stream && { stream }),
      ...(labelsInUse && { labelsInUse }),
      log: this.#log,
    });
    return { model, session: await loadInto(this.#pool, model, this.#log) };
  }

  async #release(identity: string, graph: OpenGraph): Promise<void> {
    graph.users--;
    // A graph that failed to open is out of the map already.
    if (graph.users > 0 || this.#graphs.get(identity) !== graph) return;
    if ([...this.#graphs.values()].filter(({ users }) => users === 0).length <= MAX_IDLE) return;
    this.#forgetIdle();
    this.#pool.replaceThreads().catch((err: unknown) => {
      this.#log.warn(
        { err },
        "inference threads could not be replaced; graphs no longer used stay in memory",
      );
    });
  }

  #forgetIdle(): void {
    for (const [identity, { users, loaded }] of this.#graphs) {
      if (users > 0) continue;
      this.#graphs.delete(identity);
      // One that was never loaded is not there to be forgotten; whoever asked for it has been told why.
      loaded.then(
        ({ session }) => this.#pool.forget(session),
        () => undefined,
      );
    }
  }
}

/** Runs once, however often it is called. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
