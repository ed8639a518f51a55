import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { footage } from "../../scripts/lib/footage.mjs";
import { SAMPLE_FOOTAGE, sampleFootage } from "./sample-footage.ts";

const cache = mkdtempSync(join(tmpdir(), "forewarn-footage-"));
afterAll(() => rmSync(cache, { recursive: true }));

it("says how to get a clip that is missing or not the one meant", async () => {
  await expect(sampleFootage(cache)).rejects.toThrow(/is missing: run `npm run setup`/);
  mkdirSync(join(cache, "footage"));
  writeFileSync(join(cache, "footage", "vtest.avi"), "another clip");
  await expect(sampleFootage(cache)).rejects.toThrow(/is damaged: run `npm run setup`/);
});

it("means the same clip as the set-up script, which runs before any TypeScript can", () => {
  expect(footage).toMatchObject(SAMPLE_FOOTAGE);
});
