import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { MissingToolError } from "../pipeline/domain/errors.ts";
import { findTool } from "./tools.ts";

const top = mkdtempSync(join(tmpdir(), "forewarn-tools-"));
afterAll(() => rmSync(top, { recursive: true }));

function program(...path: string[]): string {
  const file = join(top, ...path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, "#!/bin/sh\n");
  chmodSync(file, 0o755);
  return file;
}

const onPath = program("path", "ffmpeg");
const cached = program("cache", "tools", "ffmpeg", "bin", "ffmpeg");
const own = program("own", "ffmpeg");
const ownProbe = program("own", "ffprobe");
program("path", "ffprobe");
const path = `/nonexistent:${join(top, "path")}`;
const nothing = { ffmpegPath: undefined, ffprobePath: undefined };

it("looks where it is configured, then in the shared cache, then on PATH", () => {
  const places = { cacheDir: join(top, "cache"), path };
  expect(findTool("ffmpeg", { ...nothing, ffmpegPath: own }, places)).toBe(own);
  expect(findTool("ffmpeg", nothing, places)).toBe(cached);
  expect(findTool("ffmpeg", nothing, { cacheDir: "/nonexistent", path })).toBe(onPath);
});

it("finds a configured bare name on PATH", () => {
  expect(findTool("ffprobe", { ...nothing, ffprobePath: "ffmpeg" }, { cacheDir: "/nonexistent", path })).toBe(
    onPath,
  );
});

it("takes the ffprobe beside a configured ffmpeg", () => {
  expect(findTool("ffprobe", { ...nothing, ffmpegPath: own }, { cacheDir: "/nonexistent", path })).toBe(
    ownProbe,
  );
});

it("refuses a configured program that is none, naming the setting", () => {
  const places = { cacheDir: join(top, "cache"), path };
  const wrong = { ...nothing, ffmpegPath: join(top, "own") };
  expect(() => findTool("ffmpeg", wrong, places)).toThrow(/FOREWARN_FFMPEG/);
});

it("says how to get what is nowhere", () => {
  const nowhere = { cacheDir: "/nonexistent", path: "" };
  expect(() => findTool("redis-server", nothing, nowhere)).toThrow(MissingToolError);
  expect(() => findTool("redis-server", nothing, nowhere)).toThrow(/npm run setup.*FOREWARN_REDIS_URL/);
});
