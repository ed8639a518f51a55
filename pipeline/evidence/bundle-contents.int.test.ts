import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Box } from "../domain/types.ts";
import { writeBundle } from "./bundle-writer.ts";
import { DiskFullError } from "./disk-full-error.ts";
import { ClipMaskError } from "./masking/errors.ts";
import type { Finder, MaskingDetectors } from "./masking/finder.ts";
import type { PlateReader } from "./plate/plate-reader.ts";
import type { PlateSuggestion } from "./plate/plate-suggestion.ts";
import { fakeSources, makeCandidate, makeInput, silentLog } from "./testing/bundle-fixture.ts";
import { verifyBundle } from "./verify.ts";

describe("what is found in the pictures", () => {
  const finder = (label: string, box: Box): Finder => ({
    modelId: `finds-${label}`,
    modelSha256: "cd".repeat(32),
    minScore: 0.2,
    smallestTile: 100_000,
    find: async () => [{ label, box, score: 0.9 }],
  });
  const masking: MaskingDetectors = {
    objects: finder("person", [0.1, 0.1, 0.2, 0.5]),
    faces: finder("face", [0.7, 0.1, 0.75, 0.2]),
    plates: null,
    close: async () => undefined,
  };
  const suggestion: PlateSuggestion = {
    text: "川A12345",
    rawText: "川A12345",
    grammatical: true,
    kind: "blue",
    confidence: 0.9,
    box: [0.45, 0.7, 0.55, 0.75],
    crop: Buffer.from("a picture of a plate"),
  };
  const plateReader: PlateReader = {
    model: { id: "reads", sha256: "ef".repeat(32) },
    read: async () => suggestion,
    close: async () => undefined,
  };

  it("is hidden in the copies, the clip's too, and counted in the manifest", async () => {
    const { dir, manifest } = await writeBundle(await makeInput({ masking }));
    expect(manifest.masks.copies).toBe("private_regions");
    expect(manifest.masks.detectors).toEqual([
      { id: "finds-person", sha256: "cd".repeat(32), minScore: 0.2 },
      { id: "finds-face", sha256: "cd".repeat(32), minScore: 0.2 },
    ]);
    const hidden = new Map(manifest.masks.hidden.map(({ file, ...counts }) => [file, counts]));
    expect(hidden.get("masked/still-3-trigger.jpg")).toMatchObject({ face: 1, head: 1, vehicle: 0 });
    expect(hidden.get("masked/clip.mp4")).toMatchObject({ face: 3, vehicle: 1 });
    expect(manifest.files.find(({ path }) => path === "masked/clip.mp4")).toMatchObject({
      role: "clip",
      derivedFrom: "originals/clip.mp4",
    });
    expect((await verifyBundle(dir)).ok).toBe(true);
  });

  it("is told cautiously: a clip with frames that nobody could look at speaks for all copies", async () => {
    const sources = fakeSources();
    const reason = "inference.thread_crashed: it is gone";
    const said: unknown[] = [];
    const { manifest } = await writeBundle(
      await makeInput({
        masking,
        log: { ...silentLog, warn: (facts) => said.push(facts) },
        sources: {
          ...sources,
          maskClip: async (order) => ({
            ...(await sources.maskClip(order)),
            mode: "all_but_subject",
            reason,
          }),
        },
      }),
    );
    expect(manifest.masks.copies).toBe("all_but_subject");
    expect(said).toEqual([{ candidateId: "cnd_0001", reason }]);
  });

  it("is written below the clip's frames with their time, camera, place and package", async () => {
    const sources = fakeSources();
    let lines: readonly string[] = [];
    await writeBundle(
      await makeInput({
        masking,
        sources: {
          ...sources,
          maskClip: (order) => {
            lines = order.linesAt(1.7);
            return sources.maskClip(order);
          },
        },
      }),
    );
    expect(lines).toEqual([
      "2026-01-01 12:00:14 +08:00",
      "摄像机 人民南路二段 12 号门前（cam-001）",
      "人民南路二段 30.641900, 104.066800 区域 人行道",
      "证据包 cnd_0001",
    ]);
  });

  it("loses no evidence when the clip cannot be masked, but does not swallow a full disk", async () => {
    const failing = (error: Error) => fakeSources({ maskClip: () => Promise.reject(error) });
    const errors: string[] = [];
    const log = { ...silentLog, error: (_facts: object, message: string) => errors.push(message) };
    const unmasked = await makeInput({ masking, log, sources: failing(new ClipMaskError("no libx264")) });
    const { dir, manifest } = await writeBundle(unmasked);
    expect(manifest.files.map(({ path }) => path)).not.toContain("masked/clip.mp4");
    expect(manifest.masks.copies).toBe("private_regions");
    expect(errors).toHaveLength(1);
    expect((await verifyBundle(dir)).ok).toBe(true);
    const full = await makeInput({ masking, log, sources: failing(new DiskFullError("the disk is full")) });
    await expect(writeBundle(full)).rejects.toThrow(DiskFullError);
  });

  it("is a plate that a machine read, unconfirmed, for a vehicle only", async () => {
    const { dir, manifest } = await writeBundle(await makeInput({ plateReader }));
    expect(manifest.plate).toMatchObject({
      status: "suggestion_unconfirmed",
      text: "川A12345",
      file: "originals/plate.jpg",
      readFrom: "originals/still-1-first.jpg",
      reader: { id: "reads" },
    });
    expect(await readFile(join(dir, "originals/plate.jpg"), "utf8")).toBe("a picture of a plate");
    const person = makeCandidate({ label: "person" });
    expect(
      (await writeBundle(await makeInput({ plateReader, candidate: person }))).manifest.plate,
    ).toBeNull();
  });

  it("fails no bundle when it cannot be read", async () => {
    const broken = { ...plateReader, read: () => raise(new Error("no such graph")) };
    expect((await writeBundle(await makeInput({ plateReader: broken }))).manifest.plate).toBeNull();
  });
});

describe("the capture gate", () => {
  it("keeps as a lead what misses it, with the reasons in the manifest", async () => {
    const clock = { source: "system", offsetMs: null, uncertaintyMs: null };
    const { manifest } = await writeBundle(await makeInput({ clock }));
    expect(manifest.capture).toEqual({
      grade: "lead",
      shortfalls: [
        { fault: "resolution_too_low", wanted: 1280, found: 640 },
        { fault: "clock_not_measured", wanted: 1000, found: null },
      ],
      widthPx: 640,
      heightPx: 360,
    });
  });
});

function raise(error: Error): never {
  throw error;
}
