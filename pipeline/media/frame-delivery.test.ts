import { describe, expect, it } from "vitest";
import type { Frame } from "../domain/ports.ts";
import { FrameDelivery, newFrameCounts } from "./frame-delivery.ts";

const frame = (index: number): Frame => ({
  at: { capturedAt: index, ptsSec: index },
  index,
  pixels: new Uint8Array(),
  sourceWidth: 1,
  sourceHeight: 1,
});

function setUp(latestWins: boolean, maxInFlight: number) {
  const given: number[] = [];
  const done: (() => void)[] = [];
  const over: number[] = [];
  const delivery = new FrameDelivery({
    onFrame: ({ index }) => {
      given.push(index);
      return new Promise<void>((resolve) => done.push(resolve));
    },
    maxInFlight,
    latestWins,
    onDone: ({ index }) => void over.push(index),
    onRoom: () => undefined,
    onFailure: () => undefined,
    counts: newFrameCounts(),
  });
  return { delivery, given, done, over };
}

describe("FrameDelivery", () => {
  it("gives out so many at a time and says when it is full", () => {
    const { delivery, given } = setUp(false, 2);
    delivery.offer(frame(0));
    expect(delivery.full).toBe(false);
    delivery.offer(frame(1));
    expect(delivery.full).toBe(true);
    expect(given).toEqual([0, 1]);
  });

  it("lets the latest win", async () => {
    const { delivery, given, done, over } = setUp(true, 1);
    for (let n = 0; n < 5; n += 1) delivery.offer(frame(n));
    expect(delivery.full).toBe(false);
    // What was replaced is free at once, what was given out when the consumer has done with it.
    expect(over).toEqual([1, 2, 3]);
    done[0]?.();
    await expect.poll(() => given).toEqual([0, 4]);
    expect(over).toEqual([1, 2, 3, 0]);
    done[1]?.();
    await delivery.finish(true);
    expect(delivery).toMatchObject({ analysed: 2, dropped: 3 });
  });

  it("hands on what the consumer throws, and gives it nothing more", async () => {
    let given = 0;
    const delivery = new FrameDelivery({
      onFrame: () => {
        given += 1;
        throw new Error("model lost");
      },
      maxInFlight: 1,
      latestWins: true,
      onDone: () => undefined,
      onRoom: () => undefined,
      onFailure: () => undefined,
      counts: newFrameCounts(),
    });
    delivery.offer(frame(0));
    delivery.offer(frame(1));
    await expect(delivery.finish(true)).rejects.toThrow("model lost");
    expect(given).toBe(1);
  });
});
