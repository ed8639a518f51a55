import type { Camera, CameraSource } from "../../pipeline/domain/types.ts";

/** What the rules of a street ask for. */
export const BENCH_LABELS = ["person", "bicycle", "car", "motorcycle", "bus", "truck"] as const;

/** Longer than any run: everything is judged, nothing is sealed. */
const DWELL_SEC = 3_600;

/** A camera as an operator would set it up: one zone over most of the picture, one rule. */
export function benchCamera(
  id: string,
  source: CameraSource,
  analysis: Camera["analysis"],
): Camera & { readonly source: CameraSource } {
  return {
    id,
    name: id,
    region: "510107",
    location: { lat: 30.6419, lon: 104.0668, place: "bench" },
    source,
    analysis,
    privacyMasks: [],
    zones: [
      {
        id: "pavement",
        polygon: [
          [0.02, 0.3],
          [0.98, 0.3],
          [0.98, 0.98],
          [0.02, 0.98],
        ],
      },
    ],
    rules: [
      {
        id: "parking",
        violation: "vehicle_sidewalk",
        zone: "pavement",
        labels: [...BENCH_LABELS],
        minScore: 0.35,
        dwellSeconds: DWELL_SEC,
        stationary: true,
        minCount: 1,
        graceSeconds: 600,
        schedule: [],
      },
    ],
  };
}
