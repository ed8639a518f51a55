import { localDate } from "../../../casework/local-time.ts";
import { regionName } from "../../../config/regions.ts";
import { systemClock } from "../../../runtime/clock.ts";
import { type CameraView, listCameras } from "../../../store/camera-read-model.ts";
import { type Column, textTable } from "../../text-table.ts";
import { withInstallation } from "./installation.ts";

const COLUMNS: readonly Column[] = [
  { title: "CAMERA", maxWidth: 24 },
  { title: "NAME", maxWidth: 40 },
  { title: "REGION" },
  { title: "SWITCHED" },
  { title: "VERSION", align: "right" },
];

/** `forewarn camera list`: every camera, switched on or not. */
export async function list(options: { readonly json?: true }): Promise<void> {
  const today = localDate(systemClock.now());
  const cameras = await withInstallation(({ pool }) => listCameras(pool, "every", today));
  if (options.json) for (const view of cameras) console.log(JSON.stringify(lineOf(view)));
  else if (cameras.length === 0) console.log("no cameras yet: forewarn camera add FILE");
  else console.log(textTable(COLUMNS, cameras.map(cellsOf)).join("\n"));
}

function lineOf({ camera, cameraId, ...view }: CameraView): object {
  const { name, region, location, rules } = camera;
  return { type: "camera", cameraId, name, region, place: location.place, rules: rules.length, ...view };
}

function cellsOf({ cameraId, camera, enabled, version }: CameraView): string[] {
  const region = `${camera.region} ${regionName(camera.region)}`;
  return [cameraId, camera.name, region, enabled ? "on" : "off", String(version)];
}
