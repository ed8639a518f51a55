import fc from "fast-check";
import { expect, it } from "vitest";
import { FairQueue } from "./fair-queue.ts";

it("gives every key its turn, each in its own order", () => {
  const queue = new FairQueue<string>();
  for (const item of ["a1", "a2", "a3", "b1", "c1", "b2"]) queue.push(item.slice(0, 1), item);
  expect(queue.length).toBe(6);
  expect(queue.waiting("a")).toBe(3);
  const order = Array.from({ length: 7 }, () => queue.take());
  expect(order).toEqual(["a1", "b1", "c1", "a2", "b2", "a3", undefined]);
});

it("loses nothing, doubles nothing, and keeps nobody waiting for longer than one turn of the others", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 60 }), (keys) => {
      const queue = new FairQueue<{ key: string; n: number }>();
      keys.forEach((key, n) => {
        queue.push(key, { key, n });
      });
      const taken = Array.from({ length: keys.length }, () => queue.take());
      expect(queue.take()).toBeUndefined();
      expect(taken.map((item) => item?.n).sort((x, y) => (x ?? 0) - (y ?? 0))).toEqual(keys.map((_, n) => n));
      const firstTurns = taken.slice(0, new Set(keys).size).map((item) => item?.key);
      expect(new Set(firstTurns).size).toBe(firstTurns.length);
    }),
  );
});

it("drains to the last", () => {
  const queue = new FairQueue<number>();
  queue.push("a", 1);
  queue.push("b", 2);
  expect(queue.drain()).toEqual([1, 2]);
  expect(queue.length).toBe(0);
  expect(queue.take()).toBeUndefined();
});
