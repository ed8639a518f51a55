import { z } from "zod";
import { listCameras } from "../../store/camera-read-model.ts";
import { defineRoute } from "../http/route.ts";

const cameraReply = z
  .object({
    cameraId: z.string(),
    name: z.string(),
    region: z.string(),
    place: z.string(),
    enabled: z.boolean(),
    useAuthority: z.enum(["lead_only", "corroborative", "sole_evidence"]),
    version: z.number().int(),
    rules: z.number().int(),
  })
  .meta({ id: "Camera" });

export const cameraRoutes = [
  defineRoute({
    method: "get",
    path: "/cameras",
    summary: "Cameras in the user's regions; never where their streams come from",
    tag: "cameras",
    access: "camera.read",
    reply: z.object({ items: z.array(cameraReply) }),
    async handle({ context, user }) {
      const cameras = await listCameras(context.pool, user.regions);
      return {
        items: cameras.map((view) => ({
          ...view,
          name: view.camera.name,
          region: view.camera.region,
          place: view.camera.location.place,
          rules: view.camera.rules.length,
        })),
      };
    },
  }),
];
