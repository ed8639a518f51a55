import { z } from "zod";
import { holdsPermission } from "../../casework/roles.ts";
import type { Act } from "../../store/act.ts";
import { NotFoundError } from "../../store/errors.ts";
import type { IncidentDetail } from "../../store/incident-read-model.ts";
import { withTx } from "../../store/pool.ts";
import { appendTimeline } from "../../store/timeline-store.ts";
import type { ApiContext } from "../context.ts";
import { actOf } from "../http/act.ts";
import { ForbiddenError } from "../http/errors.ts";
import { defineRoute } from "../http/route.ts";
import { sendFile } from "../http/send-file.ts";
import { incidentIdParams } from "../schemas/incidents.ts";
import { readIncident } from "./incidents.ts";

const tag = "incidents";

const fileParams = incidentIdParams.extend({
  folder: z.enum(["originals", "masked"]),
  name: z.string().max(200),
});

export const incidentFileRoutes = [
  defineRoute({
    method: "get",
    path: "/incidents/{id}/thumbnail",
    summary: "Masked picture of the trigger",
    tag,
    access: "incident.read",
    params: incidentIdParams,
    reply: null,
    async handle({ context, user, params, req, res }) {
      const incident = await readIncident(context, actOf(context, user), params.id);
      const pictures = incident.evidence.filter(
        ({ path, role }) => path.startsWith("masked/") && role === "wide",
      );
      const picture = pictures.at(-1);
      if (!picture) throw new NotFoundError("picture of incident", params.id);
      await sendFile(context.objects, { ...picture, bundlePath: incident.bundlePath }, req, res);
    },
  }),
  defineRoute({
    method: "get",
    path: "/incidents/{id}/files/{folder}/{name}",
    summary:
      "One file of the bundle. Originals only for whoever reviews or handles it, and it is written down",
    tag,
    access: "incident.read",
    params: fileParams,
    reply: null,
    async handle({ context, user, params, req, res }) {
      const act = actOf(context, user);
      const incident = await readIncident(context, act, params.id);
      const path = `${params.folder}/${params.name}`;
      const file = incident.evidence.find((item) => item.path === path);
      if (!file) throw new NotFoundError("file", path);
      if (params.folder === "originals")
        await noteUnmaskedView(context, act, user.roles, incident, path, req.headers.range);
      await sendFile(context.objects, { ...file, bundlePath: incident.bundlePath }, req, res);
    },
  }),
];

/** Who reviews sees the original, not only the machine's drawing; everybody else sees masked copies. */
async function noteUnmaskedView(
  context: ApiContext,
  act: Act,
  roles: Parameters<typeof holdsPermission>[0],
  incident: IncidentDetail,
  path: string,
  range: string | undefined,
): Promise<void> {
  if (!holdsPermission(roles, "incident.review") && !holdsPermission(roles, "incident.dispose")) {
    throw new ForbiddenError("Only masked copies are open to your roles 您的角色只能查看遮挡后的副本");
  }
  // A player asks for one clip in many ranges; the first of them is the view.
  if (range !== undefined && !range.startsWith("bytes=0-")) return;
  const userId = act.actor.kind === "user" ? act.actor.userId : null;
  const last = incident.timeline.findLast(
    (entry) => entry.action === "view_original" && entry.actorId === userId && entry.detail.path === path,
  );
  if (last && act.at - Date.parse(last.at) < ONE_LOOK_MS) return;
  await withTx(context.pool, async (tx) => {
    await tx.query("select 1 from incidents where incidents.id = $1 for update", [incident.incidentId]);
    await appendTimeline(tx, act, {
      kind: "incident",
      id: incident.incidentId,
      action: "view_original",
      from: null,
      to: null,
      detail: { path },
    });
  });
}

/** Opening the same picture again while working on the incident is the same look. */
const ONE_LOOK_MS = 60 * 60_000;
