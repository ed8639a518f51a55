import { join } from "node:path";
import type { Detector, Log } from "./domain/ports.ts";
import { createDetector } from "./inference/detector.ts";
import { ensureModel } from "./inference/registry/ensure-model.ts";
import { loadRegistry } from "./inference/registry/registry.ts";

export interface OpenDetectorOptions {
  /** Id or alias of models/manifest.json. */
  readonly modelId: string;
  /** Where weights are kept. */
  readonly modelsDir: string;
  /** The folder that holds models/ and node_modules/. */
  readonly packageRoot: string;
  readonly executionProviders: readonly string[];
  readonly threads: number;
  readonly log: Log;
}

/** Finds the model, gets it here if it can be had without asking, checks it, and loads it into its threads. */
export async function openDetector(options: OpenDetectorOptions): Promise<Detector> {
  const registry = await loadRegistry(join(options.packageRoot, "models"));
  const spec = registry.find(options.modelId);
  const { path } = await ensureModel(spec, {
    modelsDir: options.modelsDir,
    packageRoot: options.packageRoot,
  });
  return createDetector(spec, path, {
    labels: await registry.labelsOf(spec),
    executionProviders: options.executionProviders,
    threads: options.threads,
    log: options.log,
  });
}
