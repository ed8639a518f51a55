import type * as ort from "onnxruntime-node";
import type { PlacingFormat } from "../domain/place-picture.ts";
import type { FrameFormat } from "../domain/ports.ts";
import { CandidateBuffer } from "./decode/candidate-buffer.ts";
import type { Decoder } from "./decode/decoder.ts";
import { decoderFor } from "./decode/decoder-for.ts";
import { toSource } from "./decode/to-source.ts";
import { InferenceError, ModelLoadError } from "./errors.ts";
import { frameFormatOf } from "./frame-format.ts";
import { type FrameTensor, frameTensor } from "./frame-tensor.ts";
import { checkInput, checkOutputs, chooseOutputs, type GraphInput } from "./load-check.ts";
import type { GraphFacts, ModelSpec } from "./model-spec.ts";
import { byScore, suppress } from "./nms.ts";
import { type OpenSession, openSession, type SkippedProvider } from "./open-session.ts";

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
  readonly #frame: FrameTensor;
  readonly #format: FrameFormat;
  readonly #candidates = new CandidateBuffer();
  #names: readonly string[] = [];

  private constructor(facts: GraphFacts, opened: OpenSession) {
    this.provider = opened.provider;
    this.skipped = opened.skipped;
    this.#spec = facts.spec;
    this.#session = opened.session;
    this.#decoder = decoderFor(facts.spec, facts.labelCount);
    this.#frame = frameTensor(facts);
    this.#format = frameFormatOf(facts);
  }

  /**
   * Loads a model and lets it judge one empty picture, so that whatever does not fit is refused here.
   *
   * @param bytes the model file; not shared memory, ONNX Runtime does not take it
   * @throws ModelLoadError
   */
  static async load(bytes: Uint8Array, facts: GraphFacts, providers: readonly string[]): Promise<OnnxModel> {
    const opened = await openSession(bytes, facts.spec, providers);
    try {
      // What a prepared graph takes was written by us; what a file takes is the registry's word.
      if (facts.pixelFormat !== "yuv420p") checkInput(facts.spec, graphInputs(opened.session));
      const model = new OnnxModel(facts, opened);
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

  /** What its frames look like. */
  get format(): FrameFormat {
    return this.#format;
  }

  /** Stage 1 of 3: a frame of the graph's own format into the input tensor. */
  fill(pixels: Uint8Array): void {
    this.#frame.fill(pixels);
  }

  /** Stage 2 of 3: the graph. */
  async run(): Promise<Float32Array[]> {
    const outputs = await this.#runGraph();
    return outputs.map((output) => output.data as Float32Array);
  }

  /** Stage 3 of 3: outputs to detections, `FOUND_FIELDS` numbers each, best first. */
  decode(outputs: readonly Float32Array[], source: SourceSize, minScore: number): Float64Array<ArrayBuffer> {
    const order = this.#candidatesOf(outputs, minScore);
    const chosen = this.#decoder.overlapping
      ? suppress(this.#candidates, order, this.#spec.nmsIou, MAX_DETECTIONS)
      : order.subarray(0, MAX_DETECTIONS);
    return toSource(this.#candidates, chosen, this.#format, source);
  }

  /**
   * As `decode`, but with every candidate that suppression would take away: for comparing two graphs.
   *
   * @param placing how the picture lies in the frame, where that is not as the graph's own format says
   */
  decodeAll(
    outputs: readonly Float32Array[],
    source: SourceSize,
    minScore: number,
    placing: PlacingFormat,
  ): Float64Array<ArrayBuffer> {
    const order = this.#candidatesOf(outputs, minScore);
    return toSource(this.#candidates, order, placing, source);
  }

  #candidatesOf(outputs: readonly Float32Array[], minScore: number): Int32Array {
    this.#candidates.clear();
    this.#decoder.decode(outputs, minScore, this.#candidates);
    return byScore(this.#candidates, MAX_CANDIDATES);
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  async #runGraph(): Promise<ort.Tensor[]> {
    let results: Awaited<ReturnType<ort.InferenceSession["run"]>>;
    try {
      results = await this.#session.run({ [this.#frame.name]: this.#frame.tensor }, this.#names);
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
