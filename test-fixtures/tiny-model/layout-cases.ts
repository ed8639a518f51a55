import type { ModelSpec } from "../../pipeline/inference/model-spec.ts";
import type { Constant } from "./onnx-writer.ts";

/** One detection in input pixels of the tiny model (64 × 32). */
export interface ExpectedDetection {
  readonly label: "car" | "bus" | "person";
  readonly score: number;
  readonly box: readonly [number, number, number, number];
}

/** What a graph of one output layout says, and what must be read from it with minScore 0.3 and NMS at IoU 0.5. */
export interface LayoutCase {
  readonly name: string;
  readonly output: ModelSpec["output"];
  readonly tensors: readonly Constant[];
  /** Best first. */
  readonly expected: readonly ExpectedDetection[];
}

/** A tensor full of `fill`, then the given rows written over it at their offsets. */
function tensor(
  name: string,
  dims: readonly number[],
  rows: Readonly<Record<number, readonly number[]>>,
  fill = 0,
): Constant {
  const values = new Float32Array(dims.reduce((product, dim) => product * dim, 1)).fill(fill);
  for (const [offset, row] of Object.entries(rows)) values.set(row, Number(offset));
  return { name, dims, values };
}

/** Eight logits whose distribution sits on one distance (in strides). */
function bin(distance: number): number[] {
  return Array.from({ length: 8 }, (_, index) => (index === distance ? 40 : 0));
}

/** Side logits of left, top, right, bottom. */
function sides(left: number, top: number, right: number, bottom: number): number[] {
  return [left, top, right, bottom].flatMap(bin);
}

const log = Math.log;
/** log(p / (1 − p)) */
const logit = (p: number) => log(p / (1 - p));

// 64 × 32 has 8 × 4 cells at stride 8 (0–31), 4 × 2 at 16 (32–39), 2 × 1 at 32 (40, 41), 1 × 1 at 64 (42).
export const LAYOUT_CASES: readonly LayoutCase[] = [
  {
    name: "CenterNet",
    output: { layout: "centernet", names: ["heat", "sides"], strides: [4] },
    // 16 × 8 cells. Class 0: a peak at (5, 3), its weaker neighbour, a weak one; class 2: a peak at (15, 7).
    tensors: [
      tensor("heat", [1, 3, 8, 16], {
        [3 * 16 + 5]: [0.75, 0.5],
        [6 * 16 + 1]: [0.25],
        [2 * 128 + 7 * 16 + 15]: [0.5],
      }),
      tensor("sides", [1, 4, 8, 16], {
        [3 * 16 + 5]: [8, 8],
        [128 + 3 * 16 + 5]: [4, 4],
        [256 + 3 * 16 + 5]: [12, 12],
        [384 + 3 * 16 + 5]: [16, 16],
        [7 * 16 + 15]: [10],
        [128 + 7 * 16 + 15]: [20],
        [256 + 7 * 16 + 15]: [2],
        [384 + 7 * 16 + 15]: [3],
      }),
    ],
    expected: [
      { label: "car", score: 0.75, box: [12, 8, 32, 28] },
      { label: "person", score: 0.5, box: [50, 8, 62, 31] },
    ],
  },
  {
    name: "YOLOX",
    output: { layout: "yolox", names: ["output"], strides: [8, 16, 32] },
    // Cell (2, 1) at stride 8; the same object once more at stride 16; a bus at stride 32; one too weak.
    tensors: [
      tensor("output", [1, 42, 8], {
        [(1 * 8 + 2) * 8]: [0.5, 0.5, log(2), log(1), 1, 0.75, 0.1, 0],
        [(32 + 1) * 8]: [0.25, 0.75, log(1), log(0.5), 0.75, 0.5, 0, 0],
        [(40 + 1) * 8]: [0.5, 0.5, log(0.5), log(0.5), 0.5, 0, 1, 0],
        [7 * 8]: [0.5, 0.5, 0, 0, 0.5, 0, 0, 0.5],
      }),
    ],
    expected: [
      { label: "car", score: 0.75, box: [12, 8, 28, 16] },
      { label: "bus", score: 0.5, box: [40, 8, 56, 24] },
    ],
  },
  {
    name: "YOLOv5",
    output: { layout: "yolov5", names: ["output"] },
    tensors: [
      tensor("output", [1, 126, 8], {
        [5 * 8]: [20, 12, 16, 8, 1, 0.75, 0.1, 0],
        [60 * 8]: [21, 12, 16, 8, 1, 0.5, 0, 0],
        [61 * 8]: [20, 12, 16, 8, 1, 0, 0.375, 0],
        [125 * 8]: [48, 16, 16, 16, 0.5, 0, 0, 0.5],
      }),
    ],
    expected: [
      { label: "car", score: 0.75, box: [12, 8, 28, 16] },
      { label: "bus", score: 0.375, box: [12, 8, 28, 16] },
    ],
  },
  {
    name: "YOLOv8 and YOLO11",
    output: { layout: "yolov8", names: ["output"] },
    // [1, 7, 42]: a cell is a column, so its values lie 42 apart.
    tensors: [
      tensor("output", [1, 7, 42], {
        10: [20, 21],
        [42 + 10]: [12, 12],
        [84 + 10]: [16, 16],
        [126 + 10]: [8, 8],
        [168 + 10]: [0.75, 0.5],
        41: [48],
        [42 + 41]: [16],
        [84 + 41]: [16],
        [126 + 41]: [16],
        [210 + 41]: [0.25, ...Array.from({ length: 41 }, () => 0), 0.5],
      }),
    ],
    expected: [
      { label: "car", score: 0.75, box: [12, 8, 28, 16] },
      { label: "person", score: 0.5, box: [40, 8, 56, 24] },
    ],
  },
  {
    name: "YOLOv10, end to end",
    output: { layout: "yolov10", names: ["output"] },
    // Two boxes of one class that overlap: both stay, the model has chosen already.
    tensors: [
      tensor("output", [1, 5, 6], {
        0: [12, 8, 28, 16, 0.75, 0],
        6: [13, 8, 28, 16, 0.5, 0],
        12: [40, 8, 56, 24, 0.875, 2],
        18: [1, 1, 2, 2, 0.25, 1],
        24: [0, 0, 9, 9, 0.9, -1],
      }),
    ],
    expected: [
      { label: "person", score: 0.875, box: [40, 8, 56, 24] },
      { label: "car", score: 0.75, box: [12, 8, 28, 16] },
      { label: "car", score: 0.5, box: [13, 8, 28, 16] },
    ],
  },
  {
    name: "RT-DETR and D-FINE",
    output: { layout: "detr", names: ["logits", "pred_boxes"] },
    tensors: [
      tensor("logits", [1, 4, 3], { 0: [logit(0.75)], 5: [logit(0.5)], 6: [logit(0.25)] }, -20),
      tensor("pred_boxes", [1, 4, 4], {
        0: [20 / 64, 12 / 32, 16 / 64, 8 / 32],
        4: [48 / 64, 16 / 32, 16 / 64, 16 / 32],
      }),
    ],
    expected: [
      { label: "car", score: 0.75, box: [12, 8, 28, 16] },
      { label: "person", score: 0.5, box: [40, 8, 56, 24] },
    ],
  },
  {
    name: "NanoDet-Plus",
    output: { layout: "nanodet-plus", names: ["output"], strides: [8, 16, 32, 64] },
    // The anchor point is the corner of the cell: cell (2, 1) at stride 8 is (16, 8), cell (3, 1) at 16 is (48, 16).
    tensors: [
      tensor("output", [1, 43, 35], {
        [(1 * 8 + 2) * 35]: [0.75, 0, 0, ...sides(1, 0, 2, 1)],
        [(1 * 8 + 3) * 35]: [0.5, 0, 0, ...sides(2, 0, 1, 1)],
        [(32 + 4 + 3) * 35]: [0, 0.1, 0.5, ...sides(1, 1, 1, 0)],
      }),
    ],
    expected: [
      { label: "car", score: 0.75, box: [8, 8, 32, 16] },
      { label: "person", score: 0.5, box: [32, 0, 64, 16] },
    ],
  },
  {
    name: "NanoDet-m, an output per level",
    output: {
      layout: "nanodet-plus",
      names: ["c8", "c16", "c32", "r8", "r16", "r32"],
      strides: [8, 16, 32],
    },
    // The anchor point is half a pixel before the middle: (19.5, 11.5) and (55.5, 23.5).
    tensors: [
      tensor("c8", [1, 32, 3], { [(1 * 8 + 2) * 3]: [0.75] }),
      tensor("c16", [1, 8, 3], { [7 * 3]: [0, 0.5] }),
      tensor("c32", [1, 2, 3], {}),
      tensor("r8", [1, 32, 32], { [(1 * 8 + 2) * 32]: sides(1, 0, 2, 1) }),
      tensor("r16", [1, 8, 32], { [7 * 32]: sides(1, 1, 0, 0) }),
      tensor("r32", [1, 2, 32], {}),
    ],
    expected: [
      { label: "car", score: 0.75, box: [11.5, 11.5, 35.5, 19.5] },
      { label: "bus", score: 0.5, box: [39.5, 7.5, 55.5, 23.5] },
    ],
  },
  {
    name: "PicoDet",
    output: {
      layout: "picodet",
      names: ["cls_8", "reg_8", "cls_16", "reg_16", "cls_32", "reg_32", "cls_64", "reg_64"],
      strides: [8, 16, 32, 64],
    },
    // The anchor point is the middle of the cell: (20, 12) and (32, 32).
    tensors: [
      tensor("cls_8", [1, 32, 3], { [(1 * 8 + 2) * 3]: [0.75] }),
      tensor("reg_8", [1, 32, 32], { [(1 * 8 + 2) * 32]: sides(1, 1, 2, 1) }),
      tensor("cls_16", [1, 8, 3], {}),
      tensor("reg_16", [1, 8, 32], {}),
      tensor("cls_32", [1, 2, 3], {}),
      tensor("reg_32", [1, 2, 32], {}),
      tensor("cls_64", [1, 1, 3], { 0: [0, 0, 0.5] }),
      // All logits equal: 3.5 strides to each side, far beyond the picture.
      tensor("reg_64", [1, 1, 32], {}),
    ],
    expected: [
      { label: "car", score: 0.75, box: [12, 4, 36, 20] },
      { label: "person", score: 0.5, box: [-192, -192, 256, 256] },
    ],
  },
  {
    name: "SSD with a background column",
    output: { layout: "ssd", names: ["boxes", "scores"] },
    tensors: [
      tensor("boxes", [1, 4, 4], {
        0: [12 / 64, 8 / 32, 28 / 64, 16 / 32],
        4: [12 / 64, 8 / 32, 28 / 64, 16 / 32],
        8: [40 / 64, 8 / 32, 56 / 64, 24 / 32],
      }),
      tensor("scores", [1, 4, 4], {
        0: [0.25, 0.75],
        4: [0.5, 0.5],
        8: [0.375, 0, 0.125, 0.5],
        12: [1, 0, 0, 0],
      }),
    ],
    expected: [
      { label: "car", score: 0.75, box: [12, 8, 28, 16] },
      { label: "person", score: 0.5, box: [40, 8, 56, 24] },
    ],
  },
  {
    name: "BlazeFace, one class",
    output: { layout: "blazeface", names: ["logits_16", "logits_32", "boxes_16", "boxes_32"] },
    // Planes of 4 × 2 cells and of 2 × 1; the middle of a cell is where its boxes are measured from.
    tensors: [
      // Second anchor of row 0, column 1: (24, 8). Sigmoid of ln 3 is 0.75.
      tensor("logits_16", [1, 2, 2, 4], { 9: [Math.log(3)] }, -40),
      // Third anchor of column 1: (48, 16). Sigmoid of 0 is 0.5.
      tensor("logits_32", [1, 6, 1, 2], { 5: [0] }, -40),
      tensor("boxes_16", [1, 32, 2, 4], { 129: [-4], 137: [4], 145: [16], 153: [8] }),
      tensor("boxes_32", [1, 96, 1, 2], { 69: [8], 71: [16] }),
    ],
    expected: [
      { label: "car", score: 0.75, box: [12, 8, 28, 16] },
      { label: "car", score: 0.5, box: [44, 8, 52, 24] },
    ],
  },
  {
    name: "YuNet, one class",
    output: {
      layout: "yunet",
      names: ["cls_8", "obj_8", "bbox_8", "cls_16", "obj_16", "bbox_16", "cls_32", "obj_32", "bbox_32"],
    },
    tensors: [
      // Row 1, column 2: offsets of half a cell, two cells wide, one high.
      tensor("cls_8", [1, 32, 1], { 10: [0.75] }),
      tensor("obj_8", [1, 32, 1], { 10: [0.75] }),
      tensor("bbox_8", [1, 32, 4], { 40: [0.5, 0.5, Math.log(2), 0] }),
      tensor("cls_16", [1, 8, 1], {}),
      tensor("obj_16", [1, 8, 1], {}),
      tensor("bbox_16", [1, 8, 4], {}),
      tensor("cls_32", [1, 2, 1], { 1: [0.5] }),
      tensor("obj_32", [1, 2, 1], { 1: [0.5] }),
      tensor("bbox_32", [1, 2, 4], { 4: [0.5, 0.5, -Math.log(2), -Math.log(4)] }),
    ],
    expected: [
      { label: "car", score: 0.75, box: [12, 8, 28, 16] },
      { label: "car", score: 0.5, box: [40, 12, 56, 20] },
    ],
  },
];
