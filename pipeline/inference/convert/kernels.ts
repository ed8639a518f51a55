import { ModelConversionError } from "./errors.ts";
import type { Weight } from "./tfjs-weights.ts";

/** A convolution's weights as ONNX wants them: [outputs, inputs / groups, height, width]. */
export interface Kernel {
  readonly dims: readonly [number, number, number, number];
  readonly values: Float32Array;
  readonly groups: number;
}

/** TensorFlow's [height, width, inputs, outputs]. */
export function convolutionKernel(weight: Weight): Kernel {
  const [height, width, inputs, outputs] = fourDims(weight);
  const values = reorder(weight, [3, 2, 0, 1]);
  return { dims: [outputs, inputs, height, width], values, groups: 1 };
}

/** TensorFlow's [height, width, inputs, multiplier]: one group for each input channel. */
export function depthwiseKernel(weight: Weight): Kernel {
  const [height, width, inputs, multiplier] = fourDims(weight);
  const values = reorder(weight, [2, 3, 0, 1]);
  return { dims: [inputs * multiplier, 1, height, width], values, groups: inputs };
}

function fourDims(weight: Weight): [number, number, number, number] {
  const [a, b, c, d, ...more] = weight.shape;
  if (a === undefined || b === undefined || c === undefined || d === undefined || more.length > 0) {
    throw new ModelConversionError(
      `weight "${weight.name}": a kernel has four dimensions, this has [${weight.shape.join(", ")}]`,
    );
  }
  return [a, b, c, d];
}

/** Transposes: axis i of the result is axis `order[i]` of the weight. */
function reorder(weight: Weight, order: readonly [number, number, number, number]): Float32Array {
  const shape = fourDims(weight);
  const strides = [shape[1] * shape[2] * shape[3], shape[2] * shape[3], shape[3], 1];
  const dims = order.map((axis) => shape[axis] as number);
  const steps = order.map((axis) => strides[axis] as number);
  const [d0 = 0, d1 = 0, d2 = 0, d3 = 0] = dims;
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = steps;
  const values = new Float32Array(weight.values.length);
  let to = 0;
  for (let i = 0; i < d0; i++)
    for (let j = 0; j < d1; j++)
      for (let k = 0; k < d2; k++)
        for (let l = 0; l < d3; l++)
          values[to++] = weight.values[i * s0 + j * s1 + k * s2 + l * s3] as number;
  return values;
}
