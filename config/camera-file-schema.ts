import { z } from "zod";
import { findSelfIntersection, polygonArea } from "../pipeline/domain/geometry.ts";
import { startOfLocalDate } from "../pipeline/domain/local-time.ts";
import type { Point, Polygon, ScheduleWindow } from "../pipeline/domain/types.ts";
import { isRegionCode } from "./regions.ts";
import { parseSchedule } from "./schedule-text.ts";
import { findViolation } from "./violations.ts";

/** The camera file of docs: YAML or JSON, defaults not yet filled in where they come from the catalogue. */

export const SOURCE_SCHEMES = ["rtsp", "rtsps", "http", "https", "rtmp", "rtmps", "file"] as const;

const id = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, "letters, digits, - and _ only, at most 64, e.g. pavement-1");

const text = z.string().trim().min(1, "must not be empty").max(200);

const share = z.number().min(0, "coordinates are 0–1").max(1, "coordinates are 0–1");
const point = z.tuple([share, share], "a point is [x, y], each 0–1");

/** Slivers of a line are drawing mistakes: nothing could ever stand in them. */
const LEAST_AREA = 1e-5;

const polygon = z
  .array(point)
  .transform(withoutClosingPoint)
  .superRefine((points, context) => {
    const fault = polygonFault(points);
    if (fault !== null) context.addIssue({ code: "custom", message: fault });
  });

const localDate = z
  .string("a date as text, YYYY-MM-DD")
  .refine((date) => Number.isFinite(startOfLocalDate(date)), "not a calendar date; write YYYY-MM-DD");

const schedule = z.string().transform((value, context): ScheduleWindow => {
  const window = parseSchedule(value);
  if (window !== null) return window;
  context.addIssue({
    code: "custom",
    message: `"${value}" is no schedule; write e.g. "Mon-Sun 06:00-22:00" or "Mon,Wed 22:00-06:00"`,
  });
  return z.NEVER;
});

const violation = z.string().superRefine((key, context) => {
  const row = findViolation(key);
  if (row === undefined) {
    context.addIssue({ code: "custom", message: `the violation catalogue has no "${key}"` });
  } else if (row.disabledReason !== null) {
    context.addIssue({
      code: "custom",
      message: `${key} (${row.name.zh}) is disabled: ${row.disabledReason}`,
    });
  }
});

const labels = z
  .array(z.string().regex(/^[A-Za-z][A-Za-z0-9 _-]*$/, "a label of the model, e.g. car"))
  .min(1, "name at least one label, or leave labels out for the catalogue's")
  .refine((names) => new Set(names).size === names.length, "a label is named twice");

const rule = z.strictObject({
  id,
  violation,
  zone: z.string(),
  labels: labels.optional(),
  minScore: z.number().min(0).max(1).default(0.35),
  dwellSeconds: z
    .number()
    .positive()
    .max(7 * 86_400)
    .optional(),
  stationary: z.boolean().optional(),
  minCount: z.int().min(1).max(100).optional(),
  graceSeconds: z.number().nonnegative().optional(),
  schedule: z.array(schedule).min(1, "leave schedule out for always").optional(),
  effectiveFrom: localDate.optional(),
  effectiveTo: localDate.optional(),
});

const sourceUrl = z.string().superRefine((url, context) => {
  const fault = urlFault(url);
  if (fault !== null) context.addIssue({ code: "custom", message: fault });
});

const source = z.strictObject({
  url: sourceUrl,
  subUrl: sourceUrl.optional(),
  transport: z.enum(["tcp", "udp"]).default("tcp"),
  pace: z.enum(["live", "fast"]).default("live"),
  loop: z.boolean().default(false),
});

const analysis = z.strictObject({
  model: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "a model id in kebab-case, e.g. yolox-nano")
    .default("default"),
  fps: z.number().positive().max(60).default(2),
  watch: z.enum(["full", "keyframes"]).default("keyframes"),
});

export const cameraFileSchema = z.strictObject({
  id,
  name: text,
  region: z
    .string('six digits of GB/T 2260, in quotes: "510107"')
    .refine(isRegionCode, 'no region code; six digits of GB/T 2260, e.g. "510107"'),
  location: z.strictObject({
    lat: z.number().min(-90).max(90),
    lon: z.number().min(-180).max(180),
    place: text,
  }),
  source: source.optional(),
  analysis: analysis.prefault({}),
  privacyMasks: z.array(polygon).default([]),
  zones: z.array(z.strictObject({ id, name: text.optional(), polygon })),
  rules: z.array(rule),
});

export type CameraFile = z.infer<typeof cameraFileSchema>;

/** Many drawing tools repeat the first point at the end. */
function withoutClosingPoint(points: readonly Point[]): Polygon {
  const first = points[0];
  const last = points.at(-1);
  const closed = points.length > 3 && first?.[0] === last?.[0] && first?.[1] === last?.[1];
  return closed ? points.slice(0, -1) : points;
}

function polygonFault(points: Polygon): string | null {
  if (points.length < 3) return "a polygon needs at least three points";
  const crossing = findSelfIntersection(points);
  if (crossing !== null) {
    return `the polygon crosses itself: the edges after points ${crossing[0]} and ${crossing[1]} meet`;
  }
  return polygonArea(points) < LEAST_AREA ? "the polygon encloses next to nothing" : null;
}

/** Never repeats the URL: it may hold a password. */
function urlFault(url: string): string | null {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) return url.trim() === "" ? "must not be empty" : null;
  if (!SOURCE_SCHEMES.some((known) => known === scheme)) {
    return `the scheme ${scheme} is not supported; use ${SOURCE_SCHEMES.join(", ")} or a plain path`;
  }
  return URL.canParse(url) ? null : "not a valid URL";
}
