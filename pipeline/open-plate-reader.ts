import { AppError } from "./domain/errors.ts";
import type { Log } from "./domain/ports.ts";
import { type PlateGraphs, type PlateReader, suggestPlate } from "./evidence/plate/plate-reader.ts";
import { lineRecogniser } from "./evidence/plate/read-line.ts";
import { openTensorGraphs } from "./inference/tensor-graph/open-tensor-graphs.ts";
import { readTextModels } from "./inference/tensor-graph/text-package.ts";

export interface OpenPlateReaderOptions {
  /** Folder of this installation's package.json: its node_modules hold the models. */
  readonly packageRoot: string;
  /** ONNX Runtime execution providers; left out: the processor. */
  readonly executionProviders?: readonly string[];
  readonly log: Log;
}

/** The graphs that read plates, loaded. */
export interface OpenPlateGraphs extends PlateGraphs {
  readonly model: PlateReader["model"];
  close(): Promise<void>;
}

/**
 * Opens the graphs in a thread of their own.
 *
 * @throws ModelLoadError when the models are not there or not the right ones; InferenceError
 */
export async function openPlateGraphs(
  packageRoot: string,
  executionProviders: readonly string[],
): Promise<OpenPlateGraphs> {
  const { finder, recogniser, characters } = await readTextModels(packageRoot);
  const graphs = await openTensorGraphs({ graphs: [finder, recogniser], executionProviders });
  return {
    finder: (input) => graphs.run(finder.id, input),
    recogniser: lineRecogniser((input) => graphs.run(recogniser.id, input), characters),
    model: { id: recogniser.id, sha256: recogniser.sha256 },
    close: () => graphs.close(),
  };
}

/**
 * Opens what reads plates.
 *
 * @returns null when the models are not there or not the right ones: bundles are made without a suggestion then, and
 *   the log says why. Nothing else of the evidence depends on it.
 */
export async function openPlateReader({
  packageRoot,
  executionProviders = ["cpu"],
  log,
}: OpenPlateReaderOptions): Promise<PlateReader | null> {
  try {
    const graphs = await openPlateGraphs(packageRoot, executionProviders);
    return {
      model: graphs.model,
      read: (picture, vehicleBox) => suggestPlate(graphs, picture, vehicleBox),
      close: graphs.close,
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.warn({ code: error.code, reason: error.message }, "plates are not read");
    return null;
  }
}
