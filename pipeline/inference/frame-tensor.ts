import * as ort from "onnxruntime-node";
import { frameBytes } from "../domain/ports.ts";
import { FRAME_INPUT, frameFormatOf } from "./frame-format.ts";
import type { GraphFacts } from "./model-spec.ts";
import { inputDims, TensorFiller } from "./preprocess.ts";

/** The input tensor of one graph, filled over and over. */
export interface FrameTensor {
  readonly name: string;
  readonly tensor: ort.Tensor;
  /** @param pixels one frame of the graph's format */
  fill(pixels: Uint8Array): void;
}

export function frameTensor(facts: GraphFacts): FrameTensor {
  const { input } = facts.spec;
  if (facts.pixelFormat === "yuv420p") {
    // ONNX Runtime refuses shared memory, so even bytes that need no conversion are copied once.
    const bytes = new Uint8Array(frameBytes(frameFormatOf(facts)));
    const tensor = new ort.Tensor("uint8", bytes, [bytes.length]);
    return { name: FRAME_INPUT, tensor, fill: (pixels) => bytes.set(pixels) };
  }
  const filler = new TensorFiller(input);
  const tensor = new ort.Tensor("float32", filler.data, inputDims(input));
  return { name: input.name, tensor, fill: (pixels) => filler.fill(pixels) };
}
