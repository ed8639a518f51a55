import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Box, Camera, Point } from "../../pipeline/domain/types.ts";

/** What detectors call a vehicle; the three-class models know only "vehicle". */
export const VEHICLES = ["car", "truck", "bus", "vehicle"];

const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const clipSchema = z.object({
  file: z.string(),
  width: z.number(),
  height: z.number(),
  durationSec: z.number(),
  zones: z.record(z.string(), z.array(z.tuple([z.number(), z.number()]))),
  events: z.array(
    z.looseObject({
      type: z.string(),
      zone: z.string().optional(),
      what: z.string().optional(),
      box: box.optional(),
      startSec: z.number().optional(),
      endSec: z.number().optional(),
      mustNotFireIfThresholdSecAtLeast: z.number().optional(),
    }),
  ),
});

export interface Clip {
  readonly file: string;
  readonly path: string;
  readonly camera: Camera;
  readonly parked: readonly { what: string; box: Box; startSec: number; endSec: number; dwellSec: number }[];
  /** What must not fire at this dwell; no box: nothing may fire that is not labelled as parked. */
  readonly quiet: readonly { what: string; box: Box | null; dwellSec: number }[];
}

const QUIET_TYPES = ["queue_stop", "short_stop", "vehicle_pass", "must_not_fire"];
/** Where no stop is labelled with a threshold of its own. */
const DEFAULT_DWELL_SEC = 20;

/** The labelled clips, each with a camera whose rule watches every zone for standing vehicles. */
export async function loadFootage(folder: string): Promise<Clip[]> {
  const listed = z.array(clipSchema).parse(JSON.parse(await readFile(join(folder, "footage.json"), "utf8")));
  return listed.filter((clip) => clip.durationSec > 5).map((clip) => toClip(clip, folder));
}

function toClip(clip: z.infer<typeof clipSchema>, folder: string): Clip {
  const size = [clip.width, clip.height, clip.width, clip.height] as const;
  const scaled = (pixels: z.infer<typeof box>): Box => [
    pixels[0] / size[0],
    pixels[1] / size[1],
    pixels[2] / size[2],
    pixels[3] / size[3],
  ];
  // One dwell per zone, at or above every labelled stop's own threshold there.
  const dwellOf = (zone: string | undefined) =>
    Math.max(
      DEFAULT_DWELL_SEC,
      ...clip.events
        .filter((event) => event.zone === zone)
        .map((event) => event.mustNotFireIfThresholdSecAtLeast ?? 0),
    );
  const zones = Object.entries(clip.zones).map(([id, polygon]) => ({
    id,
    polygon: polygon.map(([x, y]): Point => [x / clip.width, y / clip.height]),
  }));
  return {
    file: clip.file.replace(/^clips\//, ""),
    path: join(folder, clip.file),
    camera: {
      id: "labelled-clip",
      name: clip.file,
      region: "510107",
      location: { lat: 30.64, lon: 104.04, place: clip.file },
      analysis: { model: "default", fps: 2, watch: "full" },
      privacyMasks: [],
      zones,
      rules: zones.map(({ id }) => ({
        id: `${id}-parking`,
        violation: "vehicle_sidewalk",
        zone: id,
        labels: VEHICLES,
        minScore: 0.3,
        dwellSeconds: dwellOf(id),
        stationary: true,
        minCount: 1,
        graceSeconds: 600,
        schedule: [],
      })),
    },
    parked: clip.events.flatMap((event) =>
      event.type === "parked_vehicle" && event.box
        ? [
            {
              what: event.what ?? "vehicle",
              box: scaled(event.box),
              startSec: event.startSec ?? 0,
              endSec: event.endSec ?? clip.durationSec,
              dwellSec: dwellOf(event.zone),
            },
          ]
        : [],
    ),
    quiet: clip.events
      .filter((event) => QUIET_TYPES.includes(event.type))
      .map((event) => ({
        what: `${event.type}: ${event.what ?? ""}`,
        box: event.box ? scaled(event.box) : null,
        dwellSec: dwellOf(event.zone),
      })),
  };
}
