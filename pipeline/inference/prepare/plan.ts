import { packedFormat } from "../frame-format.ts";
import type { GraphFacts, ModelSpec } from "../model-spec.ts";
import { GraphEditor } from "../onnx/graph-editor.ts";
import type { StreamColour } from "./colour.ts";
import { fitShape, type Size } from "./fit-shape.ts";
import { cutClasses } from "./heads/cut-classes.ts";
import { takeI420 } from "./i420-input.ts";

/** Which steps of the preparation to take; none: the graph of the file. */
export interface Plan {
  /** Class indices of the file's head that stay, rising. */
  readonly classes?: readonly number[];
  /** I420 input of this colour. */
  readonly i420?: StreamColour;
  /** Input size. */
  readonly size?: Size;
}

export type Step = keyof Plan;

/** What the graph of a plan is like. */
export function factsOf(spec: ModelSpec, labelCount: number, plan: Plan): GraphFacts {
  return {
    spec: plan.size === undefined ? spec : { ...spec, input: { ...spec.input, ...plan.size } },
    labelCount: plan.classes?.length ?? labelCount,
    pixelFormat: plan.i420 === undefined ? packedFormat(spec) : "yuv420p",
  };
}

/**
 * Writes the graph of a plan.
 *
 * @param bytes the model's file
 * @param labelCount classes of its head
 * @throws UnsuitableGraphError when a step does not suit the graph; Error when the file cannot be read
 */
export function buildGraph(bytes: Uint8Array, spec: ModelSpec, labelCount: number, plan: Plan): Uint8Array {
  const graph = new GraphEditor(bytes);
  if (plan.classes !== undefined) cutClasses(graph, spec, labelCount, plan.classes);
  if (plan.size !== undefined) fitShape(graph, spec.input, plan.size);
  if (plan.i420 !== undefined) takeI420(graph, factsOf(spec, labelCount, plan).spec.input, plan.i420);
  return graph.encode();
}
