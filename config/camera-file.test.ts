import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../pipeline/domain/errors.ts";
import { cameraFromUnknown, loadCameraFile, parseCameraFile } from "./camera-file.ts";

const fixture = (name: string) => new URL(`../test-fixtures/cameras/${name}`, import.meta.url).pathname;
const minimal = (): Record<string, unknown> => JSON.parse(readFileSync(fixture("minimal.json"), "utf8"));

function faultsOf(value: unknown): { path: string; message: string }[] {
  try {
    cameraFromUnknown(value, "test");
  } catch (error) {
    if (error instanceof InvalidInputError) return [...error.faults];
    throw error;
  }
  return [];
}

describe("camera file", () => {
  it("fills in defaults, those of rules from the catalogue", async () => {
    const camera = await loadCameraFile(fixture("minimal.json"));
    expect(camera.analysis).toEqual({ model: "default", fps: 2, watch: "keyframes" });
    expect(camera.privacyMasks).toEqual([]);
    expect(camera).not.toHaveProperty("source");
    expect(camera.rules).toEqual([
      {
        id: "parking",
        violation: "vehicle_sidewalk",
        zone: "kerb",
        labels: ["car", "truck", "bus", "motorcycle"],
        minScore: 0.35,
        dwellSeconds: 300,
        stationary: true,
        minCount: 1,
        graceSeconds: 600,
        schedule: [],
      },
    ]);
  });

  it("keeps what the file says", async () => {
    const camera = await loadCameraFile(fixture("pavement.yaml"));
    expect(camera.source).toEqual({
      url: "rtsp://viewer:secret@192.0.2.10/stream1",
      transport: "tcp",
      pace: "live",
      loop: false,
    });
    expect(camera.rules[0]).toMatchObject({
      minScore: 0.4,
      dwellSeconds: 120,
      schedule: [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 360, toMinute: 1320 }],
      effectiveFrom: "2026-01-01",
      effectiveTo: "2027-01-01",
    });
    expect(camera.rules[1]?.schedule).toEqual([
      { days: [1, 3], fromMinute: 1320, toMinute: 360 },
      { days: [1, 6, 7], fromMinute: 480, toMinute: 720 },
    ]);
    // A first point repeated at the end closes the polygon and is no corner of it.
    expect(camera.zones[1]?.polygon).toHaveLength(4);
  });

  it("reports every fault at once, with its path, and never a password", async () => {
    const error = await loadCameraFile(fixture("faulty.yaml")).catch((fault: unknown) => fault);
    if (!(error instanceof InvalidInputError)) throw new Error("expected InvalidInputError");
    expect(error.faults.map(({ path }) => path).sort()).toEqual(
      [
        "analysis.fps",
        "colour",
        "id",
        "location.lat",
        "name",
        "region",
        "rules[0].minScore",
        "rules[0].zone",
        "rules[1].schedule[0]",
        "rules[1].violation",
        "rules[2].effectiveFrom",
        "rules[2].id",
        "rules[2].violation",
        "rules[3].effectiveTo",
        "source.url",
        "zones[0].polygon",
        "zones[1].id",
        "zones[1].polygon",
        "zones[2].polygon[1][0]",
      ].sort(),
    );
    expect(error.message).toContain("faulty.yaml");
    expect(error.message).not.toContain("secret");
  });

  it("says why a disabled violation cannot be used", () => {
    const camera = minimal();
    camera.rules = [{ id: "spill", violation: "road_spill", zone: "kerb" }];
    expect(faultsOf(camera)).toMatchObject([
      { path: "rules[0].violation", message: expect.stringContaining("disabled") },
    ]);
  });

  it.each([
    ["rtsp://192.0.2.1/a", true],
    ["rtmp://192.0.2.1/a", true],
    ["https://example.org/a.m3u8", true],
    ["file:///clips/a.mp4", true],
    ["clips/a.mp4", true],
    ["/clips/a b.mp4", true],
    ["ftp://192.0.2.1/a", false],
    ["http://", false],
    ["", false],
  ])("source %s: accepted %s", (url, accepted) => {
    expect(faultsOf({ ...minimal(), source: { url } }).length === 0).toBe(accepted);
  });

  it.each([["510107"], ["110101"], ["820000"]])("accepts region %s", (region) => {
    expect(faultsOf({ ...minimal(), region })).toEqual([]);
  });

  it.each([["990101"], ["51010"], ["51010a"]])("refuses region %s", (region) => {
    expect(faultsOf({ ...minimal(), region })).toMatchObject([{ path: "region" }]);
  });

  it("refuses what is no document of ours at all", () => {
    for (const text of ["", "[]", "just words", "{", "a: 1\na: 2"]) {
      expect(() => parseCameraFile(text, "x.yaml")).toThrow(InvalidInputError);
    }
  });

  it("names a file that cannot be read", async () => {
    await expect(loadCameraFile(fixture("missing.yaml"))).rejects.toThrow(/missing\.yaml/);
  });
});
