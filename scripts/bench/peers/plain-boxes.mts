import type { Tensor } from "onnxruntime-node";

const MIN_SCORE = 0.3;
const MAX_IOU = 0.5;
const STRIDES = [8, 16, 32];

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly score: number;
}

/** How many things a detector saw, found out as most programs do. YOLOX rows get boxes; else scores are counted. */
export function detectionsIn(outputs: readonly Tensor[], width: number, height: number): number {
  const [first] = outputs;
  if (first === undefined || !(first.data instanceof Float32Array)) return 0;
  const [, , columns = 0] = first.dims;
  if (first.dims.length !== 3 || columns < 6) return first.data.filter((score) => score > MIN_SCORE).length;
  return suppress(boxesOf(first.data, columns, width, height)).length;
}

function boxesOf(data: Float32Array, columns: number, width: number, height: number): Box[] {
  const boxes: Box[] = [];
  let row = 0;
  for (const stride of STRIDES)
    for (let y = 0; y < height / stride; y++)
      for (let x = 0; x < width / stride; x++, row++) {
        const [dx = 0, dy = 0, w = 0, h = 0, objectness = 0, ...classes] = data.subarray(
          row * columns,
          (row + 1) * columns,
        );
        const score = objectness * Math.max(...classes);
        if (score < MIN_SCORE) continue;
        const [centreX, centreY] = [(x + dx) * stride, (y + dy) * stride];
        const [halfWidth, halfHeight] = [(Math.exp(w) * stride) / 2, (Math.exp(h) * stride) / 2];
        boxes.push({
          left: centreX - halfWidth,
          top: centreY - halfHeight,
          right: centreX + halfWidth,
          bottom: centreY + halfHeight,
          score,
        });
      }
  return boxes;
}

function suppress(boxes: readonly Box[]): Box[] {
  const kept: Box[] = [];
  for (const box of [...boxes].sort((a, b) => b.score - a.score))
    if (kept.every((other) => iou(box, other) <= MAX_IOU)) kept.push(box);
  return kept;
}

function iou(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const area = (box: Box) => (box.right - box.left) * (box.bottom - box.top);
  return (width * height) / (area(a) + area(b) - width * height);
}
