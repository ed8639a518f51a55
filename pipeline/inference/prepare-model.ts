import type { Log } from "../domain/ports.ts";
import { stridesOf } from "./decode/decoder-for.ts";
import { packedFormat } from "./frame-format.ts";
import type { ModelSpec } from "./model-spec.ts";
import type { StreamColour } from "./prepare/colour.ts";
import { fittedSize } from "./prepare/fit-shape.ts";
import { factsOf, type Plan } from "./prepare/plan.ts";
import { prepareGraph } from "./prepare/prepare-graph.ts";
import { readModel, toShared } from "./read-model.ts";
import type { SessionSetup } from "./thread-messages.ts";

/** What a graph can be prepared for. */
export interface StreamFacts extends StreamColour {
  /** Size of the stream's pictures in pixels. */
  readonly width: number;
  readonly height: number;
}

export interface ModelOptions {
  /** One name per class index of the model's file. */
  readonly labels: readonly string[];
  /** ONNX Runtime execution providers; the first that loads wins. */
  readonly executionProviders: readonly string[];
  /** Prepares the graph for this stream's pictures, as I420; left out: the file's own graph, packed pixels. */
  readonly stream?: StreamFacts;
  /** The labels somebody asks for; left out: all. Of effect with `stream` only. */
  readonly labelsInUse?: readonly string[];
  readonly log?: Log;
}

/** A graph that can be loaded, and what its class indices mean. */
export interface PreparedModel {
  readonly setup: SessionSetup;
  readonly labels: readonly string[];
}

/**
 * Reads a model and prepares its graph for a stream. Steps that do not suit it are left out with a warning: what
 * remains, if need be the file's own graph, finds the same.
 *
 * @throws ModelLoadError
 */
export async function prepareModel(
  spec: ModelSpec,
  modelPath: string,
  { labels, executionProviders, stream, labelsInUse, log }: ModelOptions,
): Promise<PreparedModel> {
  const model = await readModel(spec, modelPath);
  const facts = { spec, labelCount: labels.length, pixelFormat: packedFormat(spec) };
  const plain = { setup: { facts, executionProviders, graph: model }, labels };
  if (stream === undefined) return plain;
  const { width, height, matrix, range } = stream;
  const source = { width, height };
  const colour = { matrix, range };
  const wanted = wantedPlan(spec, { labels, stream, ...(labelsInUse && { labelsInUse }) });
  const request = { spec, labelCount: labels.length, source, colour, wanted };
  const { plan, graph, rejected } = await prepareGraph({ model, request, executionProviders });
  for (const { step, reason } of rejected)
    log?.warn({ model: spec.id, step, reason }, "a step of the preparation does not suit this model");
  if (graph === undefined) return plain;
  log?.info({ model: spec.id, steps: Object.keys(plan), ...plan.size }, "graph prepared");
  return {
    setup: { facts: factsOf(spec, labels.length, plan), executionProviders, graph: toShared(graph) },
    labels: plan.classes === undefined ? labels : plan.classes.map((index) => labels[index] ?? ""),
  };
}

/**
 * The steps that would make this model quicker. Streams for which they are the same share a graph, so this is
 * also what tells prepared graphs of one model apart.
 */
export function wantedPlan(
  spec: ModelSpec,
  { labels, stream, labelsInUse }: Pick<ModelOptions, "labels" | "stream" | "labelsInUse">,
): Plan {
  if (stream === undefined) return {};
  const { matrix, range } = stream;
  const classes = labels.flatMap((label, index) => (labelsInUse?.includes(label) === true ? [index] : []));
  // A head without classes is no graph, and one with all of them needs no cut.
  const cuts = classes.length > 0 && classes.length < labels.length;
  const strides = stridesOf(spec);
  const size = strides.length === 0 ? undefined : fittedSize(spec.input, Math.max(...strides), stream);
  return { i420: { matrix, range }, ...(cuts && { classes }), ...(size && { size }) };
}
