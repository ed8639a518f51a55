import type { Decoder, ExpectedDim } from "./decode/decoder.ts";
import { ModelLoadError } from "./errors.ts";
import type { ModelSpec } from "./model-spec.ts";
import { inputDims } from "./preprocess.ts";

/** What a graph says of one of its inputs; a dimension that is not fixed has a name or −1. */
export interface GraphInput {
  readonly name: string;
  readonly type: string;
  readonly dims: readonly (number | string)[];
}

/** One tensor that a trial run gave. */
export interface GraphOutput {
  readonly type: string;
  readonly dims: readonly number[];
}

/** Refuses a graph whose input is not the one the registry describes. */
export function checkInput(spec: ModelSpec, inputs: readonly GraphInput[]): void {
  const wanted = inputDims(spec.input);
  const [only] = inputs;
  if (only === undefined || inputs.length !== 1 || only.name !== spec.input.name) {
    const found = inputs.map((input) => `"${input.name}"`).join(", ") || "none";
    throw wrongInput(spec, `expected one input "${spec.input.name}", the file has ${found}`);
  }
  if (only.type !== "float32")
    throw wrongInput(spec, `expected float32 for "${only.name}", the file wants ${only.type}`);
  const open = (dim: number | string | undefined) => typeof dim === "string" || dim === -1;
  const fits =
    only.dims.length === wanted.length &&
    wanted.every((dim, index) => open(only.dims[index]) || only.dims[index] === dim);
  if (!fits) {
    throw wrongInput(
      spec,
      `expected shape ${shape(wanted)} (${spec.input.layout}) for "${only.name}", the file has ${shape(only.dims)}`,
    );
  }
}

/**
 * The names of the outputs to read, in the decoder's order.
 *
 * @throws ModelLoadError `model.wrong_output` when the file lacks one, or has several and the registry names none
 */
export function chooseOutputs(spec: ModelSpec, decoder: Decoder, available: readonly string[]): string[] {
  const names = spec.output.names ?? available;
  const has = `the file has ${available.map((name) => `"${name}"`).join(", ")}`;
  if (names.length !== decoder.outputs.length) {
    const needs = `layout ${spec.output.layout} reads ${decoder.outputs.length} output(s)`;
    const given = spec.output.names === undefined ? "" : `, the registry names ${names.length}`;
    throw wrongOutput(spec, `${needs}${given}; ${has}`);
  }
  const missing = names.find((name) => !available.includes(name));
  if (missing !== undefined) throw wrongOutput(spec, `output "${missing}" is missing; ${has}`);
  return [...names];
}

/** Refuses a graph whose outputs are not what its layout, strides and number of labels ask for. */
export function checkOutputs(
  spec: ModelSpec,
  decoder: Decoder,
  names: readonly string[],
  outputs: readonly GraphOutput[],
): void {
  // A letter stands for one number in every output of the model.
  const bound = new Map<string, number>();
  decoder.outputs.forEach((expected, index) => {
    const output = outputs[index];
    const label = `"${names[index]}" (${expected.what})`;
    if (output === undefined) throw wrongOutput(spec, `${label} gave no tensor`);
    if (output.type !== "float32") throw wrongOutput(spec, `${label}: expected float32, got ${output.type}`);
    const fits =
      output.dims.length === expected.dims.length &&
      expected.dims.every((dim, axis) => matches(dim, output.dims[axis] ?? 0, bound));
    if (fits) return;
    const wanted = expected.dims.map((dim) => (typeof dim === "string" ? (bound.get(dim) ?? dim) : dim));
    throw wrongOutput(spec, `${label}: expected shape ${shape(wanted)}, got ${shape(output.dims)}`);
  });
}

function matches(expected: ExpectedDim, dim: number, bound: Map<string, number>): boolean {
  if (typeof expected === "number") return expected === dim;
  const known = bound.get(expected);
  if (known !== undefined) return known === dim;
  bound.set(expected, dim);
  return true;
}

function shape(dims: readonly (number | string)[]): string {
  return `[${dims.join(", ")}]`;
}

function wrongInput(spec: ModelSpec, what: string): ModelLoadError {
  return new ModelLoadError(
    "model.wrong_input",
    `model ${spec.id} (${spec.file}): wrong input: ${what}. Correct its entry in models/manifest.json or use the file it describes.`,
  );
}

function wrongOutput(spec: ModelSpec, what: string): ModelLoadError {
  return new ModelLoadError(
    "model.wrong_output",
    `model ${spec.id} (${spec.file}): wrong output layout: ${what}. Correct output.layout, output.strides or labels of its entry in models/manifest.json.`,
  );
}
