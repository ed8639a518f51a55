import { localDate } from "../../casework/local-time.ts";
import { InvalidInputError } from "../../pipeline/domain/errors.ts";
import type { Act } from "../../store/act.ts";
import { findCamera, listCameras } from "../../store/camera-read-model.ts";
import { putCamera, setCameraEnabled } from "../../store/camera-store.ts";
import { NotFoundError } from "../../store/errors.ts";
import { withTx } from "../../store/pool.ts";
import type { ApiContext } from "../context.ts";
import { actOf } from "../http/act.ts";
import { type AnyRoute, defineRoute } from "../http/route.ts";
import {
  type CameraReply,
  cameraIdParams,
  cameraListReply,
  cameraReply,
  putCameraBody,
  putCameraReply,
} from "../schemas/cameras.ts";
import { noBody } from "../schemas/incidents.ts";
import { replyOfCamera } from "./camera-reply.ts";

const tag = "cameras";

async function readCamera(
  context: ApiContext,
  { scope }: Pick<Act, "scope">,
  id: string,
): Promise<CameraReply> {
  const found = await findCamera(context.pool, scope, id, localDate(context.clock.now()));
  if (!found) throw new NotFoundError("camera", id);
  return replyOfCamera(found);
}

/** Not waited for: while Redis is away the workers find the camera in Postgres within half a minute. */
function queueWatch({ producer, log }: ApiContext, cameraId: string): void {
  producer
    .watchCamera(cameraId)
    .catch((err: unknown) => log.warn({ err, cameraId }, "camera not queued yet"));
}

export const cameraRoutes = [
  defineRoute({
    method: "get",
    path: "/cameras",
    summary: "Cameras in the user's regions; never where their streams come from",
    tag,
    access: "camera.read",
    reply: cameraListReply,
    async handle({ context, user }) {
      const cameras = await listCameras(context.pool, user.regions, localDate(context.clock.now()));
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
  defineRoute({
    method: "get",
    path: "/cameras/{id}",
    summary: "One camera as a camera file, without the address of its stream",
    tag,
    access: "camera.read",
    params: cameraIdParams,
    reply: cameraReply,
    handle: ({ context, user, params }) => readCamera(context, { scope: user.regions }, params.id),
  }),
  defineRoute({
    method: "put",
    path: "/cameras/{id}",
    summary: "Add a camera or change it; a running worker takes it up within seconds",
    tag,
    access: "camera.manage",
    params: cameraIdParams,
    body: putCameraBody,
    reply: putCameraReply,
    async handle({ context, user, params, body }) {
      if (body.camera.id !== params.id) {
        const message = `"${body.camera.id}" is not the camera of this address, "${params.id}"`;
        throw new InvalidInputError("body", [{ path: "camera.id", message }]);
      }
      const act = actOf(context, user);
      const { outcome, enabled } = await withTx(context.pool, (tx) => putCamera(tx, act, body));
      if (enabled) queueWatch(context, params.id);
      return { ...(await readCamera(context, act, params.id)), outcome };
    },
  }),
  switchRoute("enable", true, "Watch this camera from now on"),
  switchRoute("disable", false, "Stop watching this camera; its worker lets go of it within seconds"),
];

function switchRoute(step: string, enabled: boolean, summary: string): AnyRoute {
  return defineRoute({
    method: "post",
    path: `/cameras/{id}/${step}`,
    summary,
    tag,
    access: "camera.manage",
    params: cameraIdParams,
    body: noBody,
    reply: cameraReply,
    async handle({ context, user, params }) {
      const act = actOf(context, user);
      await withTx(context.pool, (tx) => setCameraEnabled(tx, act, params.id, enabled));
      if (enabled) queueWatch(context, params.id);
      return readCamera(context, act, params.id);
    },
  });
}
