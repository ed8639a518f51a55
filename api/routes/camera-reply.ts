import { scheduleText } from "../../config/schedule-text.ts";
import type { Camera, Rule } from "../../pipeline/domain/types.ts";
import type { CameraView } from "../../store/camera-read-model.ts";
import type { CameraReply } from "../schemas/cameras.ts";

/** The camera in the shape of a camera file: what is sent back unchanged changes nothing. */
export function replyOfCamera(view: CameraView): CameraReply {
  return { ...view, source: view.source && { ...view.source }, camera: cameraFileOf(view.camera) };
}

function cameraFileOf(camera: Omit<Camera, "source">): Record<string, unknown> {
  return { ...camera, rules: camera.rules.map(ruleOf) };
}

function ruleOf({ schedule, ...rule }: Rule): Record<string, unknown> {
  // Always is written by leaving the schedule out.
  return schedule.length === 0 ? rule : { ...rule, schedule: schedule.map(scheduleText) };
}
