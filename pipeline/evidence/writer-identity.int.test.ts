import { stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tempDir } from "./testing/bundle-fixture.ts";
import { keepFresh, mayStillWrite, thisWriter } from "./writer-identity.ts";

const MINUTE_MS = 60_000;

it("takes nobody for dead who says that it is at work", async () => {
  const path = join(await tempDir(), "claim");
  await writeFile(path, "x");
  const longAgo = new Date(Date.now() - 20 * MINUTE_MS);
  await utimes(path, longAgo, longAgo);
  const rest = keepFresh(path, 5);
  await expect
    .poll(async () => Date.now() - (await stat(path)).mtimeMs, { timeout: 10_000 })
    .toBeLessThan(MINUTE_MS);
  rest();
});

it("never takes itself for dead, and others only after ten minutes of silence", () => {
  expect(mayStillWrite(thisWriter, 60 * MINUTE_MS)).toBe(true);
  const before = { ...thisWriter, token: "0123456789ab" };
  expect(mayStillWrite(before, 0)).toBe(false);
  const elsewhere = { ...before, host: "00000000" };
  expect(mayStillWrite(elsewhere, 9 * MINUTE_MS)).toBe(true);
  expect(mayStillWrite(elsewhere, 11 * MINUTE_MS)).toBe(false);
  const dead = { ...before, pid: 999_999_999 };
  expect(mayStillWrite(dead, 0)).toBe(false);
});
