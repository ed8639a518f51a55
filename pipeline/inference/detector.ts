import { type Detector, frameBytes, type Log } from "../domain/ports.ts";
import type { Detection } from "../domain/types.ts";
import { FOUND_FIELDS } from "./decode/to-source.ts";
import { InferenceError } from "./errors.ts";
import { frameFormatOf } from "./frame-format.ts";
import { InferencePool } from "./inference-pool.ts";
import type { ModelSpec } from "./model-spec.ts";
import { type ModelOptions, type PreparedModel, prepareModel } from "./prepare-model.ts";
import { startThread } from "./start-thread.ts";

export interface DetectorOptions extends ModelOptions {
  /** Threads of its own: frames that are judged at the same time. */
  readonly threads: number;
}

/**
 * Loads a model into `threads` worker threads of its own. Programs that watch several cameras share a pool
 * instead: `prepareModel`, `loadInto`, `detectorOf`.
 *
 * @throws ModelLoadError when the file, its checksum, its input, its outputs or every execution provider is not
 *   what the registry says; nothing is left running then
 */
export async function createDetector(
  spec: ModelSpec,
  modelPath: string,
  options: DetectorOptions,
): Promise<Detector> {
  const model = await prepareModel(spec, modelPath, options);
  const pool = new InferencePool(options.threads, () => startThread());
  try {
    const session = await loadInto(pool, model, options.log);
    return detectorOf({ pool, model, session, key: spec.id, close: () => pool.close() });
  } catch (error) {
    await pool.close();
    throw error;
  }
}

/**
 * Opens sessions on a prepared model in every thread of a pool.
 *
 * @returns the session's number
 * @throws ModelLoadError, InferenceError
 */
export async function loadInto(pool: InferencePool, { setup }: PreparedModel, log?: Log): Promise<number> {
  const { id } = setup.facts.spec;
  const { session, provider, skipped } = await pool.load(setup);
  for (const { provider: other, reason } of skipped)
    log?.warn({ model: id, provider: other, reason }, "execution provider does not load");
  log?.debug({ model: id, provider, session }, "model loaded");
  return session;
}

export interface DetectorParts {
  readonly pool: InferencePool;
  readonly model: PreparedModel;
  readonly session: number;
  /** Whose frames these are: keys take turns at the threads. */
  readonly key: string;
  close(): Promise<void>;
}

/** A detector over a session that is loaded already. */
export function detectorOf({ pool, model, session, key, close }: DetectorParts): Detector {
  const { facts } = model.setup;
  const format = frameFormatOf(facts);
  const bytesWanted = frameBytes(format);
  let open = true;
  return {
    modelId: facts.spec.id,
    modelSha256: facts.spec.sha256,
    format,
    labels: model.labels,
    async detect({ pixels, sourceWidth, sourceHeight }, minScore) {
      if (!open) throw new InferenceError("inference.closed", "the detector is closed.");
      if (pixels.length !== bytesWanted || !(sourceWidth > 0 && sourceHeight > 0)) {
        const wants = `model ${facts.spec.id} takes frames of ${bytesWanted} bytes (${format.width} × ${format.height}, ${format.pixelFormat})`;
        const got = `got ${pixels.length} bytes of a ${sourceWidth} × ${sourceHeight} picture`;
        throw new InferenceError("inference.wrong_frame", `${wants}, ${got}.`);
      }
      const found = await pool.detect(session, key, { pixels, sourceWidth, sourceHeight, minScore });
      return toDetections(found, model.labels);
    },
    close() {
      open = false;
      return close();
    },
  };
}

function toDetections(found: Float64Array, labels: readonly string[]): Detection[] {
  return Array.from({ length: found.length / FOUND_FIELDS }, (_, index) => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0, score = 0, classIndex = 0] = found.subarray(
      index * FOUND_FIELDS,
      (index + 1) * FOUND_FIELDS,
    );
    return { box: [x1, y1, x2, y2], label: labels[classIndex] ?? String(classIndex), score };
  });
}
