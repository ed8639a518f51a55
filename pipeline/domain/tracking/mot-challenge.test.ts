import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../errors.ts";
import { formatMotRows, normaliseScores, parseMotRows } from "./mot-challenge.ts";

const confidences = (scores: readonly number[]) =>
  normaliseScores(scores.map((confidence) => ({ frame: 1, id: -1, box: [0, 0, 1, 1], confidence }))).map(
    (row) => Number(row.confidence.toFixed(3)),
  );

describe("MOTChallenge text", () => {
  it("reads boxes as corners, negative coordinates and blank lines included", () => {
    expect(parseMotRows("1,-1,-10.5,20,30,40,0.9,-1,-1,-1\r\n\n2 -1 1 2 3 4 1\n", "det.txt")).toEqual([
      { frame: 1, id: -1, box: [-10.5, 20, 19.5, 60], confidence: 0.9 },
      { frame: 2, id: -1, box: [1, 2, 4, 6], confidence: 1 },
    ]);
  });

  it("names the file and every malformed line with its column", () => {
    const read = () => parseMotRows("1,-1,1,2,3,4,1\n1,-1,x,2,3,4,1\n0,-1,1,2,3,4,1\n3,-1,1,2\n", "det.txt");
    expect(read).toThrow(InvalidInputError);
    expect(read).toThrow(
      /det\.txt[\s\S]*line 2: column 3 \(x\)[\s\S]*"x"[\s\S]*line 3: column 1[\s\S]*line 4: column 5 \(width\)[\s\S]*nothing/,
    );
  });

  it("writes rows by frame and id", () => {
    const row = { box: [1, 2, 4.5, 6], confidence: 0.5 } as const;
    expect(
      formatMotRows([
        { ...row, frame: 2, id: 1 },
        { ...row, frame: 1, id: 10 },
        { ...row, frame: 1, id: 2 },
      ]),
    ).toBe(
      "1,2,1.00,2.00,3.50,4.00,0.5000,-1,-1,-1\n1,10,1.00,2.00,3.50,4.00,0.5000,-1,-1,-1\n2,1,1.00,2.00,3.50,4.00,0.5000,-1,-1,-1\n",
    );
  });

  it("leaves scores in 0–1 alone and brings any other scale there", () => {
    expect(confidences([0, 0.3, 1])).toEqual([0, 0.3, 1]);
    expect(confidences([-1, -1])).toEqual([1, 1]);
    expect(confidences([-2, 0, 2])).toEqual([0.119, 0.5, 0.881]);
    expect(confidences([20, 99.5])).toEqual([0.2, 0.995]);
    expect(confidences([30, 60, 180])).toEqual([0.333, 0.5, 0.75]);
    expect(confidences([])).toEqual([]);
  });
});
