import { join } from "node:path";
import type { Detector, Log } from "./domain/ports.ts";
import { createDetector } from "./inference/detector.ts";
import type { ModelSpec } from "./inference/model-spec.ts";
import type { StreamFacts } from "./inference/prepare-model.ts";
import { ensureModel } from "./inference/registry/ensure-model.ts";
import { DEFAULT_ALIAS, findModel, loadLabels, loadRegistry } from "./inference/registry/registry.ts";

export interface ModelPlaces {
  /** Where weights are kept. */
  readonly modelsDir: string;
  /** The folder that holds models/ and node_modules/. */
  readonly packageRoot: string;
}

export interface OpenDetectorOptions extends ModelPlaces {
  /** Id or alias of models/manifest.json. */
  readonly modelId: string;
  readonly executionProviders: readonly string[];
  readonly threads: number;
  /** Prepares the graph for this stream; see `ModelOptions`. */
  readonly stream?: StreamFacts;
  readonly labelsInUse?: readonly string[];
  readonly log: Log;
}

/** A model of the registry whose file is here and is the right one. */
export interface LocatedModel {
  readonly spec: ModelSpec;
  readonly path: string;
  /** One name per class index. */
  readonly labels: readonly string[];
}

/**
 * Finds the model and gets it here if it can be had without asking.
 *
 * @throws UsageError, ModelInstallError, ModelConversionError
 */
export async function locateModel(
  options: ModelPlaces & { readonly modelId: string },
): Promise<LocatedModel> {
  const registry = await loadRegistry(manifestPath(options));
  const spec = findModel(registry, options.modelId);
  const { path } = await ensureModel(spec, options);
  return { spec, path, labels: await loadLabels(registry, spec) };
}

/** As `locateModel`, and loads it into threads of its own. */
export async function openDetector(options: OpenDetectorOptions): Promise<Detector> {
  const { spec, path, labels } = await locateModel(options);
  const { executionProviders, threads, stream, labelsInUse, log } = options;
  return createDetector(spec, path, {
    labels,
    executionProviders,
    threads,
    ...(stream && { stream }),
    ...(labelsInUse && { labelsInUse }),
    log,
  });
}

/** Brings the default model here, so that the first camera need not wait for it. */
export async function ensureDefaultModel(places: ModelPlaces): Promise<void> {
  const registry = await loadRegistry(manifestPath(places));
  await ensureModel(findModel(registry, DEFAULT_ALIAS), places);
}

function manifestPath({ packageRoot }: ModelPlaces): string {
  return join(packageRoot, "models", "manifest.json");
}
