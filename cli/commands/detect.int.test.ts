import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { childEnv } from "../../config/env.ts";

const command = fileURLToPath(new URL("../forewarn.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "detect-"));
afterAll(() => rmSync(folder, { recursive: true }));

const lineSchema = z.strictObject({
  image: z.string(),
  width: z.int(),
  height: z.int(),
  detections: z.array(
    z.strictObject({
      label: z.string().min(1),
      score: z.number().min(0).max(1),
      box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
    }),
  ),
});

function detect(...args: string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const env = childEnv({ FOREWARN_DATA_DIR: join(folder, "data") });
    execFile(process.execPath, [command, "detect", ...args], { env }, (error, stdout, stderr) =>
      resolve({ exit: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

async function drawing(name: string): Promise<string> {
  const path = join(folder, name);
  await sharp({ create: { width: 120, height: 80, channels: 3, background: "#7090b0" } }).toFile(path);
  return path;
}

describe("forewarn detect, with the default model", () => {
  it("prints one line per image in the order asked for, and names the image it cannot read", async () => {
    const first = await drawing("first.png");
    const last = await drawing("last.jpg");
    const broken = join(folder, "broken.jpg");
    writeFileSync(broken, "no picture");
    // At this threshold even a plain surface makes the model suspect something.
    const { exit, stdout, stderr } = await detect("--json", "--min-score", "0.001", first, broken, last);
    expect(exit).toBe(1);
    expect(stderr).toContain(`${broken} cannot be read as a picture`);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => lineSchema.parse(JSON.parse(line)));
    expect(lines.map(({ image, width, height }) => [image, width, height])).toEqual([
      [first, 120, 80],
      [last, 120, 80],
    ]);
    const detections = lines.flatMap((line) => line.detections);
    expect(detections.length).toBeGreaterThan(0);
    for (const {
      box: [x1, y1, x2, y2],
    } of detections) {
      expect(0 <= x1 && x1 < x2 && x2 <= 1 && 0 <= y1 && y1 < y2 && y2 <= 1).toBe(true);
    }
    for (const { detections: found } of lines) {
      expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).sort((a, b) => b - a));
    }
  });

  it("prints a table for people, with the model's own threshold", async () => {
    const { exit, stdout } = await detect(await drawing("plain.png"));
    expect(exit).toBe(0);
    expect(stdout).toMatch(/plain\.png \(120 × 80\): nothing found\n$/);
  });

  it("exits 2 on wrong usage and says what would be right", async () => {
    expect(await detect("--min-score", "3", "x.jpg")).toMatchObject({
      exit: 2,
      stdout: "",
      stderr: expect.stringContaining("--min-score: give a number from 0 to 1"),
    });
    expect(await detect("--model", "nope", "x.jpg")).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/no model "nope"\. Known: default, centernet/),
    });
  });
});
