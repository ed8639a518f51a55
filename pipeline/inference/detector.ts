import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Detector, frameBytes, type Log } from "../domain/ports.ts";
import type { Detection } from "../domain/types.ts";
import { FOUND_FIELDS } from "./decode/to-source.ts";
import { InferenceError, ModelLoadError } from "./errors.ts";
import { frameFormatOf } from "./frame-format.ts";
import { InferencePool } from "./inference-pool.ts";
import type { ModelSpec } from "./model-spec.ts";
import { startThread } from "./start-thread.ts";

export interface DetectorOptions {
  /** One name per class index of the model. */
  readonly labels: readonly string[];
  /** ONNX Runtime execution providers; the first that loads wins. */
  readonly executionProviders: readonly string[];
  /** Sessions, each in a thread of its own: frames that are judged at the same time. */
  readonly threads: number;
  readonly log?: Log;
}

/**
 * Loads a model into `threads` worker threads.
 *
 * @throws ModelLoadError when the file, its checksum, its input, its outputs or every execution provider is not
 *   what the registry says; nothing is left running then
 */
export async function createDetector(
  spec: ModelSpec,
  modelPath: string,
  options: DetectorOptions,
): Promise<Detector> {
  const model = await readModel(spec, modelPath);
  const setup = {
    spec,
    labelCount: options.labels.length,
    executionProviders: options.executionProviders,
    model,
  };
  const pool = await InferencePool.open(options.threads, async () => {
    const thread = await startThread(setup);
    for (const { provider, reason } of thread.skipped) {
      options.log?.warn({ model: spec.id, provider, reason }, "execution provider does not load");
    }
    options.log?.debug({ model: spec.id, provider: thread.provider }, "inference thread ready");
    return thread;
  });
  const format = frameFormatOf(spec);
  const bytesWanted = frameBytes(format);

  return {
    modelId: spec.id,
    modelSha256: spec.sha256,
    format,
    labels: options.labels,
    async detect({ pixels, sourceWidth, sourceHeight }, minScore) {
      if (pixels.length !== bytesWanted || !(sourceWidth > 0 && sourceHeight > 0)) {
        const wants = `model ${spec.id} takes frames of ${bytesWanted} bytes (${format.width} × ${format.height}, ${format.pixelFormat})`;
        const got = `got ${pixels.length} bytes of a ${sourceWidth} × ${sourceHeight} picture`;
        throw new InferenceError("inference.wrong_frame", `${wants}, ${got}.`);
      }
      const found = await pool.detect({ pixels, sourceWidth, sourceHeight, minScore });
      return toDetections(found, options.labels);
    },
    close: () => pool.close(),
  };
}

/** The file's bytes, once for all threads, after their checksum has been compared. */
async function readModel(spec: ModelSpec, modelPath: string): Promise<SharedArrayBuffer> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(modelPath);
  } catch (cause) {
    throw new ModelLoadError(
      "model.file_missing",
      `model ${spec.id}: ${modelPath} cannot be read. Run \`forewarn models pull ${spec.id}\`.`,
      { cause },
    );
  }
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (sha256 !== spec.sha256) {
    throw new ModelLoadError(
      "model.sha_mismatch",
      `model ${spec.id}: ${modelPath} has sha256 ${sha256}, the registry says ${spec.sha256}. It is not loaded. Delete it and run \`forewarn models pull ${spec.id}\`.`,
    );
  }
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  return shared;
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
