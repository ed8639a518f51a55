import { z } from "zod";
import { cameraStatusSchema, countWall, listWall, wallKinds } from "../../store/camera-status-read-model.ts";
import { defineRoute } from "../http/route.ts";

const kind = z.enum(wallKinds);

const wallCamera = z
  .object({
    cameraId: z.string(),
    name: z.string(),
    region: z.string(),
    place: z.string(),
    kind,
    workerId: z.string().nullable(),
    since: z.iso.datetime().nullable(),
    lastFrameAgeMs: z.number().nullable(),
    candidatesToday: z.number().int(),
    unconfirmedToday: z.number().int(),
    watchedToday: z.number(),
    openTasks: z.array(z.string()).readonly(),
    status: cameraStatusSchema.nullable(),
  })
  .meta({ id: "WallCamera" });

export const wallRoutes = [
  defineRoute({
    method: "get",
    path: "/wall",
    summary:
      "How each camera in the user's regions fares right now: seeing nothing is not the same as no violation",
    tag: "cameras",
    access: "camera.read",
    reply: z.object({ items: z.array(wallCamera), counts: z.record(kind, z.number().int()) }),
    async handle({ context, user }) {
      const items = await listWall(context.pool, user.regions, context.clock.now());
      return { items, counts: countWall(items) };
    },
  }),
];
