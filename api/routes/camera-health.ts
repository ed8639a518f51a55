import { localDate } from "../../casework/local-time.ts";
import { type Fault, InvalidInputError } from "../../pipeline/domain/errors.ts";
import { type HealthSpan, totalsOf } from "../../pipeline/domain/health/kinds.ts";
import { findCameraTask, listCameraTasks, spansOf } from "../../store/camera-health-read-model.ts";
import { findCamera } from "../../store/camera-read-model.ts";
import { resolveCameraTask } from "../../store/camera-task-store.ts";
import { NotFoundError } from "../../store/errors.ts";
import { withTx } from "../../store/pool.ts";
import { actOf } from "../http/act.ts";
import { defineRoute } from "../http/route.ts";
import {
  cameraHealthReply,
  cameraIdParams,
  cameraTask,
  cameraTaskIdParams,
  cameraTaskListReply,
  cameraTaskQuery,
  healthQuery,
  resolveTaskBody,
} from "../schemas/camera-health.ts";

/** A month and a day: no page shows more at once. */
const LONGEST_MS = 32 * 86_400_000;

export const cameraHealthRoutes = [
  defineRoute({
    method: "get",
    path: "/cameras/{id}/health",
    summary: "When a camera saw and when it did not, without a hole",
    tag: "cameras",
    access: "camera.read",
    params: cameraIdParams,
    query: healthQuery,
    reply: cameraHealthReply,
    async handle({ context, user, params, query }) {
      const now = context.clock.now();
      const { from, to } = periodOf(query, now);
      const camera = await findCamera(context.pool, user.regions, params.id, localDate(now));
      if (camera === undefined) throw new NotFoundError("camera", params.id);
      const spans = await spansOf(context.pool, camera.cameraId, from, to);
      return {
        cameraId: camera.cameraId,
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        spans: spans.map(toReply),
        totals: totalsOf(spans),
      };
    },
  }),
  defineRoute({
    method: "get",
    path: "/camera-tasks",
    summary: "Cameras in the user's regions that do not see and want somebody, newest first",
    tag: "cameras",
    access: "camera.read",
    query: cameraTaskQuery,
    reply: cameraTaskListReply,
    async handle({ context, user, query }) {
      return { items: await listCameraTasks(context.pool, user.regions, query) };
    },
  }),
  defineRoute({
    method: "post",
    path: "/camera-tasks/{id}/resolve",
    summary: "Somebody has seen to a camera; with acceptView its view is the right one from now on",
    tag: "cameras",
    access: "camera.manage",
    params: cameraTaskIdParams,
    body: resolveTaskBody,
    reply: cameraTask,
    async handle({ context, user, params, body }) {
      const act = actOf(context, user);
      await withTx(context.pool, (tx) => resolveCameraTask(tx, act, { taskId: params.id, ...body }));
      const task = await findCameraTask(context.pool, act.scope, params.id);
      if (task === undefined) throw new NotFoundError("camera task", params.id);
      return task;
    },
  }),
];

/** What has not happened yet was not missed either. */
function periodOf(query: { from: string; to: string }, now: number): { from: number; to: number } {
  const from = Date.parse(query.from);
  const until = Date.parse(query.to);
  const to = Math.max(from, Math.min(until, now));
  const faults: Fault[] = [];
  if (until <= from) faults.push({ path: "to", message: "must be later than `from`" });
  if (until - from > LONGEST_MS) faults.push({ path: "to", message: "must be within 32 days of `from`" });
  if (faults.length > 0) throw new InvalidInputError("the query", faults);
  return { from, to };
}

function toReply({ kind, from, to }: HealthSpan): { kind: HealthSpan["kind"]; from: string; to: string } {
  return { kind, from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
