import { z } from "zod";
import type { Act } from "../../store/act.ts";
import { NotFoundError, RefusedError } from "../../store/errors.ts";
import { refuseIfDeleted } from "../../store/evidence-record.ts";
import { type Look, noteUnmaskedView } from "../../store/grant-store.ts";
import { withTx } from "../../store/pool.ts";
import type { ApiContext } from "../context.ts";
import { actOf } from "../http/act.ts";
import { ForbiddenError } from "../http/errors.ts";
import { defineRoute } from "../http/route.ts";
import { sendFile } from "../http/send-file.ts";
import { plainText } from "../schemas/common.ts";
import { incidentIdParams } from "../schemas/incidents.ts";
import { readIncident } from "./incidents.ts";

const tag = "incidents";

const fileParams = incidentIdParams.extend({
  folder: z.enum(["originals", "masked"]),
  name: plainText().max(200),
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
      await refuseIfDeleted(context.pool, params.id);
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
      "One file of the bundle. Originals only by a running review claim or an approved grant, and it is logged",
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
      await refuseIfDeleted(context.pool, params.id);
      if (params.folder === "originals") {
        const check = () => context.objects.sizeOf(incident.bundlePath, path);
        await noteView(context, act, { incidentId: params.id, path, sha256: file.sha256, check });
      }
      await sendFile(context.objects, { ...file, bundlePath: incident.bundlePath }, req, res);
    },
  }),
];

/** Who looks at an original has a ground for it, and is on record before the first byte leaves. */
async function noteView(context: ApiContext, act: Act, look: Look): Promise<void> {
  try {
    await withTx(context.pool, (tx) => noteUnmaskedView(tx, act, look));
  } catch (error) {
    if (!(error instanceof RefusedError) || error.code !== "evidence.grant_required") throw error;
    throw new ForbiddenError(`${error.refusal.messageEn} ${error.refusal.messageZh}`, { cause: error });
  }
}
