import { join } from "node:path";
import type { Detector, Log } from "./domain/ports.ts";
import { createDetector } from "./inference/detector.ts";
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
  readonly log: Log;
}

/** Finds the model, gets it here if it can be had without asking, checks it, and loads it into its threads. */
export async function openDetector(options: OpenDetectorOptions): Promise<Detector> {
  const registry = await loadRegistry(manifestPath(options));
  const spec = findModel(registry, options.modelId);
  const { path } = await ensureModel(spec, options);
  return createDetector(spec, path, {
    labels: await loadLabels(registry, spec),
    executionProviders: options.executionProviders,
    threads: options.threads,
    log: options.log,
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
