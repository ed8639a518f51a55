import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ByteTaker, openBytePipe } from "./byte-pipe.ts";

/** Takes bytes into one piece of memory, over and over. */
class Counter implements ByteTaker {
  readonly memory = new Uint8Array(1000);
  bytes = 0;
  sum = 0;
  /** Pauses once so many have come. */
  pauseAt = Number.POSITIVE_INFINITY;

  space(): Uint8Array {
    return this.memory;
  }

  take(count: number): boolean {
    for (const byte of this.memory.subarray(0, count)) this.sum += byte;
    this.bytes += count;
    return this.bytes < this.pauseAt;
  }
}

/** A child that writes so many bytes of value 1 and ends. */
function writer(bytes: number, fd: number) {
  return spawn("sh", ["-c", `head -c ${bytes} /dev/zero | tr '\\0' '\\1'`], {
    stdio: ["ignore", fd, "ignore"],
  });
}

describe("a pipe into memory of ours", () => {
  it("brings every byte, and ends when the child has", async () => {
    const pipe = await openBytePipe();
    const counter = new Counter();
    writer(1_234_567, pipe.writeFd);
    pipe.closeWriteFd();
    await pipe.read(counter);
    expect(counter).toMatchObject({ bytes: 1_234_567, sum: 1_234_567 });
  });

  it("brings nothing while it is paused, and loses nothing", async () => {
    const pipe = await openBytePipe();
    const counter = new Counter();
    counter.pauseAt = 50_000;
    const child = writer(500_000, pipe.writeFd);
    pipe.closeWriteFd();
    const read = pipe.read(counter);
    await expect.poll(() => counter.bytes).toBeGreaterThanOrEqual(50_000);
    // The pipe is full: the writer cannot have come to its end.
    expect(counter.bytes).toBeLessThan(52_000);
    expect(child.exitCode).toBeNull();
    counter.pauseAt = Number.POSITIVE_INFINITY;
    pipe.resume();
    await read;
    expect(counter.sum).toBe(500_000);
  });

  it("lets the child come to its end when nobody wants the rest", async () => {
    const pipe = await openBytePipe();
    const counter = new Counter();
    counter.pauseAt = 1;
    const child = writer(5_000_000, pipe.writeFd);
    const ended = new Promise((resolve) => child.once("close", resolve));
    pipe.closeWriteFd();
    const read = pipe.read(counter);
    await expect.poll(() => counter.bytes).toBeGreaterThan(0);
    pipe.discard();
    await Promise.all([read, ended]);
    expect(child.exitCode).toBe(0);
    expect(counter.bytes).toBeLessThan(5_000_000);
  });

  it("leaves neither files nor descriptors", async () => {
    const descriptors = () => readdirSync("/proc/self/fd").length;
    const place = await mkdtemp(join(tmpdir(), "forewarn-test-"));
    const before = descriptors();
    for (let turn = 0; turn < 5; turn += 1) (await openBytePipe(place)).destroy();
    for (let turn = 0; turn < 5; turn += 1) {
      const pipe = await openBytePipe(place);
      writer(10, pipe.writeFd);
      pipe.closeWriteFd();
      await pipe.read(new Counter());
    }
    await expect.poll(descriptors).toBe(before);
    expect(await readdir(place)).toEqual([]);
    await rm(place, { recursive: true });
  });

  it("says what to do where none can be made", async () => {
    const refused = openBytePipe("/nowhere");
    await expect(refused).rejects.toMatchObject({ code: "media.no_pipe", retryable: true });
    await expect(refused).rejects.toThrow(/\/nowhere.*TMPDIR/s);
  });
});
