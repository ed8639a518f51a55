import { expect, it } from "vitest";
import { compareCandidates } from "./agreement.ts";

const tolerance = { iou: 0.9, score: 0.1 };
const list = (...candidates: readonly (readonly number[])[]) => Float64Array.from(candidates.flat());
const car = [0.1, 0.1, 0.3, 0.3, 0.5, 2];
const person = [0.6, 0.2, 0.7, 0.6, 0.4, 0];

it("counts the candidates that both paths give", () => {
  expect(compareCandidates(list(car, person), list(person, car), [0, 1, 2], tolerance, 10)).toEqual({
    compared: 2,
    agreeing: 2,
  });
});

it("asks for box, score and class", () => {
  const against = (other: readonly number[]) =>
    compareCandidates(list(car), list(other), [0, 1, 2], tolerance, 10).agreeing;
  expect(against([0.1, 0.1, 0.302, 0.3, 0.54, 2])).toBe(1);
  expect(against([0.1, 0.1, 0.33, 0.3, 0.5, 2])).toBe(0);
  expect(against([0.1, 0.1, 0.3, 0.3, 0.56, 2])).toBe(0);
  expect(against([0.1, 0.1, 0.3, 0.3, 0.5, 1])).toBe(0);
});

it("maps the classes of a head that was cut, and passes over those that are gone", () => {
  const cut = [...car.slice(0, 5), 0];
  expect(compareCandidates(list(person, car), list(cut), [2], tolerance, 10)).toEqual({
    compared: 1,
    agreeing: 1,
  });
});

it("compares the best ones only", () => {
  expect(compareCandidates(list(car, person), list(car), [0, 1, 2], tolerance, 1)).toEqual({
    compared: 1,
    agreeing: 1,
  });
});
