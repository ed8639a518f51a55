import { expect, it } from "vitest";
import { isLikeOutlier, likeCasesStep, summariseLikeCases } from "./like-cases.ts";

const cases = (...yuan: number[]) =>
  yuan.map((each, index) => ({ caseId: `c${index}`, fineFen: each * 100 }));
const rule = { minimum: 5, mads: 2 };

it("gives median and quartiles, whatever the order", () => {
  expect(summariseLikeCases(cases(500, 100, 300, 200, 400))).toEqual({
    count: 5,
    medianFen: 30_000,
    lowerQuartileFen: 20_000,
    upperQuartileFen: 40_000,
  });
  expect(summariseLikeCases(cases(100, 200, 300, 401))).toMatchObject({
    medianFen: 25_000,
    lowerQuartileFen: 17_500,
    upperQuartileFen: 32_525,
  });
  expect(summariseLikeCases(cases(700))).toMatchObject({ medianFen: 70_000, lowerQuartileFen: 70_000 });
  expect(summariseLikeCases([])).toBeNull();
});

it("calls an outlier what lies beyond median ± 2 MAD, not what lies on it", () => {
  // Median 300, deviations 200 100 0 100 200: MAD 100.
  const like = cases(100, 200, 300, 400, 500);
  expect(isLikeOutlier(50_000, like, rule)).toBe(false);
  expect(isLikeOutlier(50_100, like, rule)).toBe(true);
  expect(isLikeOutlier(10_000, like, rule)).toBe(false);
  expect(isLikeOutlier(9_900, like, rule)).toBe(true);
  expect(isLikeOutlier(60_000, like, { ...rule, mads: 3 })).toBe(false);
});

it("judges nothing by too few cases", () => {
  expect(isLikeOutlier(5_000_000, cases(100, 200, 300, 400), rule)).toBe(false);
  expect(isLikeOutlier(5_000_000, [], { minimum: 0, mads: 2 })).toBe(false);
  expect(likeCasesStep(cases(100, 200, 300, 400), 5).code).toBe("like_cases_too_few");
  expect(likeCasesStep([], 0).code).toBe("like_cases_too_few");
  expect(likeCasesStep(undefined, 5).code).toBe("like_cases_missing");
});

it("lets every other fine stand out where all like cases have the same", () => {
  const same = cases(200, 200, 200, 200, 200);
  expect(isLikeOutlier(20_000, same, rule)).toBe(false);
  expect(isLikeOutlier(20_100, same, rule)).toBe(true);
});
