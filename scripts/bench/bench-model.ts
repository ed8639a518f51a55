import type { Detector, FrameFormat, Log } from "../../pipeline/domain/ports.ts";
import { detectorOf, loadInto } from "../../pipeline/inference/detector.ts";
import { InferencePool } from "../../pipeline/inference/inference-pool.ts";
import { OnnxModel } from "../../pipeline/inference/onnx-model.ts";
import { type PreparedModel, prepareModel } from "../../pipeline/inference/prepare-model.ts";
import { startThread } from "../../pipeline/inference/start-thread.ts";
import { locateModel } from "../../pipeline/open-detector.ts";
import { packageRoot } from "../../runtime/version.ts";
import { BENCH_LABELS } from "./bench-camera.ts";
import { CLIP_SIZE } from "./test-clip.ts";

/** One model, prepared as a worker prepares it, in the threads of a pool and once more for us alone. */
export interface BenchModel {
  readonly id: string;
  /** The model's own file, for the peers. */
  readonly path: string;
  readonly format: FrameFormat;
  readonly threads: number;
  /** In the thread that calls it: the bare stages. */
  readonly bare: OnnxModel;
  /** A camera's share of the pool. */
  detectorFor(cameraId: string): Detector;
  close(): Promise<void>;
}

export async function openBenchModel(options: {
  readonly modelId: string;
  readonly modelsDir: string;
  readonly executionProviders: readonly string[];
  readonly threads: number;
  readonly log: Log;
}): Promise<BenchModel> {
  const { executionProviders, threads, log } = options;
  const { spec, path, labels } = await locateModel({ ...options, packageRoot });
  const model = await prepareModel(spec, path, {
    labels,
    executionProviders,
    stream: { ...CLIP_SIZE, matrix: "bt709", range: "limited" },
    labelsInUse: BENCH_LABELS,
    log,
  });
  const bare = await loadBare(model);
  const pool = new InferencePool(threads, () => startThread());
  const session = await loadInto(pool, model, log);
  return {
    id: spec.id,
    path,
    format: bare.format,
    threads,
    bare,
    // The pool is ours to close.
    detectorFor: (key) => detectorOf({ pool, model, session, key, close: async () => undefined }),
    async close() {
      await pool.close();
      await bare.release();
    },
  };
}

function loadBare({ setup }: PreparedModel): Promise<OnnxModel> {
  return OnnxModel.load(Uint8Array.from(new Uint8Array(setup.graph)), setup.facts, setup.executionProviders);
}
