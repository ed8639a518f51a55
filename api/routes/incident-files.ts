import { z } from "zod";
import { holdsPermission } from "../../casework/roles.ts";
import type { Act } from "../../store/act.ts";
import { NotFoundError } from "../../store/errors.ts";
import type { IncidentDetail } from "../../store/incident-read-model.ts";
import { withTx } from "../../store/pool.ts";
import { appendTimeline, readTimeline, type TimelineEntry } from "../../store/timeline-store.ts";
import type { ApiContext } from "../context.ts";
import { actOf } from "../http/act.ts";
import { ForbiddenError } from "../http/errors.ts";
import { defineRoute } from "../http/route.ts";
import { sendFile } from "../http/send-file.ts";
import type { SignedInUser } from "../http/session.ts";
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
      if (params.folder === "originals") await noteUnmaskedView(context, act, user, incident, path);
      await sendFile(context.objects, { ...file, bundlePath: incident.bundlePath }, req, res);
    },
  }),
];

/** Opening the same picture again while working on the incident is the same look. */
const ONE_LOOK_MS = 60 * 60_000;

/** Who reviews sees the original, not only the machine's drawing; everybody else sees masked copies. */
async function noteUnmaskedView(
  context: ApiContext,
  act: Act,
  user: SignedInUser,
  incident: IncidentDetail,
  path: string,
): Promise<void> {
  if (!holdsPermission(user.roles, "incident.review") && !holdsPermission(user.roles, "incident.dispose")) {
    throw new ForbiddenError("Only masked copies are open to your roles 您的角色只能查看遮挡后的副本");
  }
  const isNoted = (timeline: readonly TimelineEntry[]) =>
    timeline.some(
      ({ action, actorId, at, detail }) =>
        action === "view_original" &&
        actorId === user.userId &&
        detail.path === path &&
        act.at - Date.parse(at) < ONE_LOOK_MS,
    );
  // A player asks for one clip in many ranges, in any order: all of them are one look.
  if (isNoted(incident.timeline)) return;
  await withTx(context.pool, async (tx) => {
    await tx.query("select 1 from incidents where incidents.id = $1 for update", [incident.incidentId]);
    if (isNoted(await readTimeline(tx, "incident", incident.incidentId))) return;
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
