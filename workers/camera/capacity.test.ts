import { expect, it } from "vitest";
import { capacityFor } from "./capacity.ts";

const idle = { busyShare: 0.1, droppedShare: 0 };

it("takes a few more while there is time to spare", () => {
  expect(capacityFor(0, 16, idle)).toBe(4);
  expect(capacityFor(4, 16, idle)).toBe(8);
  expect(capacityFor(15, 16, idle)).toBe(16);
  expect(capacityFor(16, 16, idle)).toBe(16);
});

it("hesitates once the cores are busy or frames are dropped: an unwatched camera is worse than a slow one", () => {
  expect(capacityFor(5, 16, { busyShare: 0.81, droppedShare: 0 })).toBe(6);
  expect(capacityFor(5, 16, { busyShare: 0.5, droppedShare: 0.02 })).toBe(6);
  expect(capacityFor(0, 16, { busyShare: 1, droppedShare: 0 })).toBe(1);
  expect(capacityFor(16, 16, { busyShare: 1, droppedShare: 1 })).toBe(16);
});
