/** One graph with one input and one output, both of 32-bit floats. */
export interface TensorGraphFile {
  /** Names it in messages. */
  readonly id: string;
  readonly file: string;
  /** The ONNX file, checked; shared, so that it is not copied on the way. */
  readonly bytes: SharedArrayBuffer;
}

export interface TensorGraphSetup {
  readonly graphs: readonly TensorGraphFile[];
  readonly executionProviders: readonly string[];
}

export interface Tensor {
  readonly data: Float32Array<ArrayBuffer>;
  readonly dims: readonly number[];
}

export type ToGraphThread =
  | { readonly type: "run"; readonly order: number; readonly graph: string; readonly input: Tensor }
  | { readonly type: "close" };

export type FromGraphThread =
  | { readonly type: "ready" }
  | { readonly type: "ran"; readonly order: number; readonly output: Tensor }
  | { readonly type: "failed"; readonly order: number; readonly reason: string };
