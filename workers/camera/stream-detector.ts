import type { Detector } from "../../pipeline/domain/ports.ts";
import type { Camera } from "../../pipeline/domain/types.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import type { WorkerContext } from "../context.ts";

/** The detector that fits a camera's stream. */
export async function detectorFor(
  context: WorkerContext,
  camera: Pick<Camera, "id" | "analysis" | "rules">,
  _probe: Probe,
): Promise<Pick<Detector, "modelId" | "modelSha256" | "format" | "labels" | "detect" | "close">> {
  const detector = await context.detectors.get(camera.analysis.model);
  return { ...detector, close: async () => undefined };
}
