import type { Detector } from "../../pipeline/domain/ports.ts";
import type { Camera } from "../../pipeline/domain/types.ts";
import { matrixOf } from "../../pipeline/media/ffmpeg-args.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import type { WorkerContext } from "../context.ts";

/** The detector that fits a camera's stream and rules; to be closed when it is no longer needed. */
export function detectorFor(
  context: WorkerContext,
  camera: Pick<Camera, "id" | "analysis" | "rules">,
  probe: Probe,
): Promise<Detector> {
  return context.detectors.get({
    modelId: camera.analysis.model,
    // Planar frames are asked of ffmpeg in limited range, whatever the camera gives.
    stream: { width: probe.width, height: probe.height, matrix: matrixOf(probe), range: "limited" },
    labelsInUse: labelsLookedAt(camera),
    key: camera.id,
  });
}

/** What the rules ask for, and everything else on the street that may hide it or be taken for it. */
function labelsLookedAt({ rules }: Pick<Camera, "rules">): string[] {
  return [...new Set([...rules.flatMap((rule) => rule.labels), ...STREET])].sort();
}

/** Seen in front of what stands: without them an object that is hidden would count as gone. */
const STREET = ["person", "bicycle", "car", "motorcycle", "bus", "truck"];
