import { describe, expect, it } from "vitest";
import { abnormalCameras } from "./abnormal-cameras.ts";

const counts = (violation: string, ...captures: number[]) =>
  captures.map((count, index) => ({ cameraId: `${violation}-${index}`, violation, captures: count }));

describe("abnormal cameras", () => {
  it("have more than three times the median, not just as much", () => {
    expect(abnormalCameras(counts("parking", 10, 10, 30, 31, 9), 3)).toEqual([
      { cameraId: "parking-3", violation: "parking", captures: 31, median: 10 },
    ]);
  });

  it("are compared with those that watch for the same matter only, the worst first", () => {
    const all = [...counts("parking", 1, 2, 2, 9), ...counts("waste", 80, 90, 400)];
    expect(abnormalCameras(all, 3).map(({ cameraId, median }) => [cameraId, median])).toEqual([
      ["waste-2", 90],
      ["parking-3", 2],
    ]);
  });

  it("do not exist where there is nothing to compare with", () => {
    expect(abnormalCameras(counts("parking", 500), 3)).toEqual([]);
    expect(abnormalCameras([], 3)).toEqual([]);
  });

  it("count those without any capture among the like", () => {
    expect(abnormalCameras(counts("parking", 0, 0, 4), 3)).toMatchObject([
      { cameraId: "parking-2", median: 0 },
    ]);
  });
});
