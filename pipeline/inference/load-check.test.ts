import { describe, expect, it } from "vitest";
import { tinySpec } from "../../test-fixtures/tiny-model/tiny-model.ts";
import { decoderFor } from "./decode/decoder-for.ts";
import type { ModelLoadError } from "./errors.ts";
import { checkInput, checkOutputs, chooseOutputs } from "./load-check.ts";
import type { ModelSpec } from "./model-spec.ts";

function refusal(act: () => unknown): { code: string; message: string } {
  try {
    act();
  } catch (error) {
    const { code, message } = error as ModelLoadError;
    return { code, message };
  }
  throw new Error("was not refused");
}

const yolox = tinySpec(new Uint8Array(), { layout: "yolox", strides: [8, 16, 32] });
const good = { name: "images", type: "float32", dims: [1, 3, 32, 64] };

describe("checkInput", () => {
  it("takes the input that the registry describes, open dimensions included", () => {
    expect(() => checkInput(yolox, [good])).not.toThrow();
    expect(() => checkInput(yolox, [{ ...good, dims: ["batch", 3, "height", -1] }])).not.toThrow();
  });

  it.each([
    ["another name", [{ ...good, name: "data" }], /expected one input "images", the file has "data"/],
    ["two inputs", [good, { ...good, name: "sizes" }], /the file has "images", "sizes"/],
    ["none", [], /the file has none/],
    ["bytes", [{ ...good, type: "uint8" }], /expected float32 for "images", the file wants uint8/],
    [
      "another size",
      [{ ...good, dims: [1, 3, 64, 32] }],
      /expected shape \[1, 3, 32, 64\].*has \[1, 3, 64, 32\]/,
    ],
    ["channels last", [{ ...good, dims: [1, 32, 64, 3] }], /\(NCHW\)/],
    ["another rank", [{ ...good, dims: [3, 32, 64] }], /has \[3, 32, 64\]/],
  ])("refuses %s", (_, inputs, message) => {
    expect(refusal(() => checkInput(yolox, inputs))).toEqual({
      code: "model.wrong_input",
      message: expect.stringMatching(message),
    });
  });
});

describe("chooseOutputs", () => {
  const spec = (output: ModelSpec["output"]) => tinySpec(new Uint8Array(), output);
  const choose = (output: ModelSpec["output"], available: string[]) =>
    chooseOutputs(spec(output), decoderFor(spec(output), 3), available);

  it("takes the registry's names in the registry's order, or the file's own", () => {
    const detr = { layout: "detr", names: ["logits", "pred_boxes"] } as const;
    expect(choose(detr, ["pred_boxes", "extra", "logits"])).toEqual(["logits", "pred_boxes"]);
    expect(choose({ layout: "yolox" }, ["anything"])).toEqual(["anything"]);
  });

  it.each([
    [
      "a missing output",
      { layout: "yolox", names: ["output"] },
      ["other"],
      /"output" is missing; the file has "other"/,
    ],
    ["too many without names", { layout: "yolox" }, ["a", "b"], /reads 1 output\(s\); the file has "a", "b"/],
    [
      "too few names",
      { layout: "ssd", names: ["boxes"] },
      ["boxes"],
      /reads 2 output\(s\), the registry names 1/,
    ],
  ] as const)("refuses %s", (_, output, available, message) => {
    expect(refusal(() => choose(output, [...available]))).toEqual({
      code: "model.wrong_output",
      message: expect.stringMatching(message),
    });
  });
});

describe("checkOutputs", () => {
  function check(output: ModelSpec["output"], classes: number, ...dims: number[][]) {
    const spec = tinySpec(new Uint8Array(), output);
    const names = dims.map((_, index) => `out${index}`);
    const tensors = dims.map((shape) => ({ type: "float32", dims: shape }));
    checkOutputs(spec, decoderFor(spec, classes), names, tensors);
  }

  it("tells layouts apart by their shapes", () => {
    expect(() => check({ layout: "yolox" }, 3, [1, 42, 8])).not.toThrow();
    expect(() => check({ layout: "yolov5" }, 3, [1, 126, 8])).not.toThrow();
    expect(() => check({ layout: "yolov8" }, 3, [1, 7, 42])).not.toThrow();
  });

  it.each([
    [
      "YOLOX read as YOLOv5",
      { layout: "yolov5" },
      3,
      [[1, 42, 8]],
      /expected shape \[1, 126, 8\], got \[1, 42, 8\]/,
    ],
    [
      "another number of labels",
      { layout: "yolox" },
      4,
      [[1, 42, 8]],
      /expected shape \[1, 42, 9\], got \[1, 42, 8\]/,
    ],
    ["other strides", { layout: "yolox", strides: [8, 16] }, 3, [[1, 42, 8]], /expected shape \[1, 40, 8\]/],
    ["cells in rows", { layout: "yolov8" }, 3, [[1, 42, 7]], /expected shape \[1, 7, 42\], got \[1, 42, 7\]/],
    [
      "a missing background",
      { layout: "ssd", names: ["b", "s"] },
      3,
      [
        [1, 9, 4],
        [1, 9, 3],
      ],
      /"out1".*\[1, 9, 4\], got \[1, 9, 3\]/,
    ],
    [
      "unequal counts",
      { layout: "detr", names: ["l", "b"] },
      3,
      [
        [1, 9, 3],
        [1, 8, 4],
      ],
      /expected shape \[1, 9, 4\], got \[1, 8, 4\]/,
    ],
    ["another rank", { layout: "yolov10" }, 3, [[9, 6]], /expected shape \[1, N, 6\], got \[9, 6\]/],
  ] as const)("refuses %s", (_, output, classes, dims, message) => {
    expect(refusal(() => check(output, classes, ...dims.map((shape) => [...shape])))).toEqual({
      code: "model.wrong_output",
      message: expect.stringMatching(message),
    });
  });

  it("refuses numbers of another type", () => {
    const wrong = [{ type: "float16", dims: [1, 42, 8] }];
    expect(refusal(() => checkOutputs(yolox, decoderFor(yolox, 3), ["output"], wrong)).message).toMatch(
      /expected float32, got float16/,
    );
  });
});
