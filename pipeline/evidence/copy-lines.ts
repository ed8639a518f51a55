import type { Camera, EpochMs, Zone } from "../domain/types.ts";
import { shanghaiTime } from "./time-text.ts";

const MOMENTS = { first: "首次发现", middle: "持续中", trigger: "触发时" } as const;

/** What domain B.3 wants written on a copy: time, camera, place, coordinates, zone, package. */
export function copyLines(about: {
  readonly capturedAt: EpochMs;
  /** Left out: none of the three moments, such as a frame of the clip. */
  readonly role?: keyof typeof MOMENTS;
  readonly camera: Pick<Camera, "id" | "name" | "location">;
  readonly zone: Zone;
  readonly bundleId: string;
}): string[] {
  const { camera, zone } = about;
  const { lat, lon, place } = camera.location;
  const moment = about.role === undefined ? "" : ` ${MOMENTS[about.role]}`;
  return [
    `${shanghaiTime(about.capturedAt)}${moment}`,
    `摄像机 ${camera.name}（${camera.id}）`,
    `${place} ${lat.toFixed(6)}, ${lon.toFixed(6)} 区域 ${zone.name ?? zone.id}`,
    `证据包 ${about.bundleId}`,
  ];
}
