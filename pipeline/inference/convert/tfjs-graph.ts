import { z } from "zod";
import { ModelConversionError } from "./errors.ts";

const attributeSchema = z.object({
  b: z.boolean().optional(),
  /** Base64. */
  s: z.base64().optional(),
  list: z
    .object({ i: z.array(z.coerce.number().int()), s: z.array(z.base64()) })
    .partial()
    .optional(),
});

const nodeSchema = z.object({
  name: z.string().min(1),
  op: z.string().min(1),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), attributeSchema).default({}),
});

const weightSchema = z.object({
  name: z.string().min(1),
  shape: z.array(z.number().int().nonnegative()),
  dtype: z.enum(["float32", "int32"]),
  quantization: z.object({ dtype: z.literal("float16") }).optional(),
});

const modelSchema = z.object({
  format: z.literal("graph-model"),
  modelTopology: z.object({ node: z.array(nodeSchema) }),
  // One group in one file is all that the models we convert have.
  weightsManifest: z.tuple([z.object({ weights: z.array(weightSchema) })]),
});

export type TfjsNode = z.infer<typeof nodeSchema>;
export type WeightEntry = z.infer<typeof weightSchema>;

export interface TfjsGraph {
  readonly nodes: ReadonlyMap<string, TfjsNode>;
  /** In the order in which they lie in the .bin file. */
  readonly weights: readonly WeightEntry[];
}

/**
 * Reads a TensorFlow.js graph model (model.json).
 *
 * @throws ModelConversionError when it is not one, or has quantisation or types that we do not read
 */
export function parseTfjsGraph(jsonText: string): TfjsGraph {
  let document: unknown;
  try {
    document = JSON.parse(jsonText);
  } catch (cause) {
    throw new ModelConversionError(`the model description is not JSON (${String(cause)})`, { cause });
  }
  const parsed = modelSchema.safeParse(document);
  if (!parsed.success) {
    throw new ModelConversionError(
      `the model description is not a TensorFlow.js graph model:\n${z.prettifyError(parsed.error)}`,
      { cause: parsed.error },
    );
  }
  const { modelTopology, weightsManifest } = parsed.data;
  return {
    nodes: new Map(modelTopology.node.map((node) => [node.name, node])),
    weights: weightsManifest[0].weights,
  };
}

/**
 * The nodes that `outputs` depend on, each after its own inputs. The order follows from the graph alone, so the
 * same graph always gives the same order.
 */
export function nodesFor(graph: TfjsGraph, outputs: readonly string[]): TfjsNode[] {
  const ordered: TfjsNode[] = [];
  const seen = new Set<string>();
  // Depth as deep as the network: a few hundred, far from the stack's limit.
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const node = graph.nodes.get(name);
    if (node === undefined) throw new ModelConversionError(`the graph has no node "${name}"`);
    for (const input of node.input) visit(input);
    ordered.push(node);
  };
  for (const output of outputs) visit(output);
  return ordered;
}

export function booleanOf(node: TfjsNode, attribute: string): boolean {
  return node.attr[attribute]?.b ?? false;
}

export function textOf(node: TfjsNode, attribute: string): string {
  return fromBase64(node.attr[attribute]?.s ?? "");
}

export function textsOf(node: TfjsNode, attribute: string): string[] {
  return (node.attr[attribute]?.list?.s ?? []).map(fromBase64);
}

export function intsOf(node: TfjsNode, attribute: string): number[] {
  return node.attr[attribute]?.list?.i ?? [];
}

function fromBase64(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}
