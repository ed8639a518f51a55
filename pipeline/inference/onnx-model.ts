import * as ort from "onnxruntime-node";
import { CandidateBuffer } from "./decode/candidate-buffer.ts";
import type { Decoder } from "./decode/decoder.ts";
import { decoderFor } from "./decode/decoder-for.ts";
import { toSource } from "./decode/to-source.ts";
import { InferenceError, ModelLoadError } from "./errors.ts";
import { frameFormatOf } from "./frame-format.ts";
import { checkInput, checkOutputs, chooseOutputs, type GraphInput } from "./load-check.ts";
import type { ModelSpec } from "./model-spec.ts";
import { byScore, suppress } from "./nms.ts";
import { type OpenSession, openSession, type SkippedProvider } from "./open-session.ts";
import { inputDims, TensorFiller } from "./preprocess.ts";

/** More candidates than this are only met at thresholds near 0; the worst are let go before suppression. */
const MAX_CANDIDATES = 3000;
/** Detections of one frame. */
const MAX_DETECTIONS = 300;

/** Size of the source picture in pixels. */
export interface SourceSize {
  readonly width: number;
  readonly height: number;
}

/**
 * One model in the thread that calls it: pixels → tensor → graph → candidates → detections. `infer` blocks
 * that thread while the graph runs, so outside benchmarks only an inference thread owns one.
 */
export class OnnxModel {
  readonly provider: string;
  readonly skipped: readonly SkippedProvider[];
  readonly #spec: ModelSpec;
  readonly #session: ort.InferenceSession;
  readonly #decoder: Decoder;
  readonly #filler: TensorFiller;
  readonly #feeds: Record<string, ort.Tensor>;
  readonly #candidates = new CandidateBuffer();
  #names: readonly string[] = [];

  private constructor(spec: ModelSpec, labelCount: number, opened: OpenSession) {
    this.provider = opened.provider;
    this.skipped = opened.skipped;
    this.#spec = spec;
    this.#session = opened.session;
    this.#decoder = decoderFor(spec, labelCount);
    this.#filler = new TensorFiller(spec.input);
    this.#feeds = {
      [spec.input.name]: new ort.Tensor("float32", this.#filler.data, inputDims(spec.input)),
    };
  }

  /**
   * Loads a model and lets it judge one empty picture, so that whatever does not fit is refused here.
   *
   * @param bytes the model file; not shared memory, ONNX Runtime does not take it
   * @throws ModelLoadError
   */
  static async load(
    bytes: Uint8Array,
    spec: ModelSpec,
    labelCount: number,
    providers: readonly string[],
  ): Promise<OnnxModel> {
    const opened = await openSession(bytes, spec, providers);
    try {
      checkInput(spec, graphInputs(opened.session));
      const model = new OnnxModel(spec, labelCount, opened);
      await model.#tryOut();
      return model;
    } catch (error) {
      await opened.session.release();
      throw error;
    }
  }

  async #tryOut(): Promise<void> {
    this.#names = chooseOutputs(this.#spec, this.#decoder, this.#session.outputNames);
    let outputs: ort.Tensor[];
    try {
      outputs = await this.#runGraph();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ModelLoadError("model.corrupt", `${reason}, not even on an empty picture.`, { cause });
    }
    checkOutputs(this.#spec, this.#decoder, this.#names, outputs);
  }

  /** Stage 1 of 3: packed pixels of the model's own format into the input tensor. */
  fill(pixels: Uint8Array): void {
    this.#filler.fill(pixels);
  }

  /** Stage 2 of 3: the graph. */
  async run(): Promise<Float32Array[]> {
    const outputs = await this.#runGraph();
    return outputs.map((output) => output.data as Float32Array);
  }

  /** Stage 3 of 3: outputs to detections, `FOUND_FIELDS` numbers each, best first. */
  decode(outputs: readonly Float32Array[], source: SourceSize, minScore: number): Float64Array<ArrayBuffer> {
    const candidates = this.#candidates;
    candidates.clear();
    this.#decoder.decode(outputs, minScore, candidates);
    const order = byScore(candidates, MAX_CANDIDATES);
    const chosen = this.#decoder.overlapping
      ? suppress(candidates, order, this.#spec.nmsIou, MAX_DETECTIONS)
      : order.subarray(0, MAX_DETECTIONS);
    return toSource(candidates, chosen, frameFormatOf(this.#spec), source);
  }

  async infer(pixels: Uint8Array, source: SourceSize, minScore: number): Promise<Float64Array<ArrayBuffer>> {
    this.fill(pixels);
    return this.decode(await this.run(), source, minScore);
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  async #runGraph(): Promise<ort.Tensor[]> {
    let results: Awaited<ReturnType<ort.InferenceSession["run"]>>;
    try {
      results = await this.#session.run(this.#feeds, this.#names);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new InferenceError("inference.run_failed", `model ${this.#spec.id} could not run: ${reason}`, {
        cause,
      });
    }
    return this.#names.flatMap((name) => results[name] ?? []);
  }
}

function graphInputs(session: ort.InferenceSession): GraphInput[] {
  return session.inputMetadata.map((input) =>
    input.isTensor
      ? { name: input.name, type: input.type, dims: input.shape }
      : { name: input.name, type: "no tensor", dims: [] },
  );
}
