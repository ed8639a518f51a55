import type { WarningResult } from "../../casework/warning/ladder.ts";
import { NotFoundError } from "../../store/errors.ts";
import { refuseIfDeleted } from "../../store/evidence-record.ts";
import { moveIncident } from "../../store/incident-store.ts";
import { withTx } from "../../store/pool.ts";
import { findRecheck, listRechecks, type RecheckView } from "../../store/recheck-read-model.ts";
import { decideCorrection, requestRecheck } from "../../store/recheck-store.ts";
import { recordWarnings } from "../documents/forms.ts";
import { actOf } from "../http/act.ts";
import { type AnyRoute, defineRoute } from "../http/route.ts";
import { sendFile } from "../http/send-file.ts";
import { incidentIdParams, incidentReply, noBody } from "../schemas/incidents.ts";
import {
  correctionBody,
  noteBody,
  recheckAsked,
  recheckListReply,
  recheckPictureParams,
  targetBody,
} from "../schemas/warnings.ts";
import { incidentStep, readIncident } from "./incidents.ts";

const tag = "warnings";

export const recheckRoutes = [
  defineRoute({
    method: "get",
    path: "/incidents/{id}/rechecks",
    summary: "Every second look at an incident, with the pictures from before and after",
    tag,
    access: "incident.read",
    params: incidentIdParams,
    reply: recheckListReply,
    async handle({ context, user, params }) {
      await readIncident(context, actOf(context, user), params.id);
      return { items: (await listRechecks(context.pool, params.id)).map(shown) };
    },
  }),
  defineRoute({
    method: "post",
    path: "/incidents/{id}/recheck",
    summary: "Look again now, without waiting for the end of the grace",
    tag,
    access: "incident.dispose",
    params: incidentIdParams,
    body: noBody,
    reply: recheckAsked,
    status: 202,
    async handle({ context, user, params }) {
      const { producer, log, pool } = context;
      const asked = await withTx(pool, (tx) => requestRecheck(tx, actOf(context, user), params.id));
      producer
        .lookAgain(asked.recheckId, 0)
        .catch((err: unknown) => log.warn({ err, ...asked }, "look not queued yet"));
      return asked;
    },
  }),
  defineRoute({
    method: "get",
    path: "/rechecks/{id}/{which}",
    summary: "Masked picture from before or after",
    tag,
    access: "incident.read",
    params: recheckPictureParams,
    reply: null,
    async handle({ context, user, params, req, res }) {
      const found = await findRecheck(context.pool, user.regions, params.id);
      const pair = found?.[params.which];
      if (found === undefined || pair === null || pair === undefined)
        throw new NotFoundError("picture of recheck", params.id);
      await refuseIfDeleted(context.pool, found.incidentId);
      const { bundlePath, masked } = pair;
      await sendFile(context.objects, { bundlePath, ...masked, mediaType: "image/jpeg" }, req, res);
    },
  }),
  correctionRoute("corrected", "It was put right (I8): the matter ends with education"),
  correctionRoute("not_corrected", "It was not put right in time (I9)"),
  defineRoute({
    method: "post",
    path: "/incidents/{id}/dispatch",
    summary: "Send somebody there (转现场核实, I10)",
    tag,
    access: "incident.dispose",
    params: incidentIdParams,
    body: noteBody,
    reply: incidentReply,
    handle: ({ context, user, params, body }) =>
      incidentStep(context, user, params.id, (tx, act) =>
        moveIncident(tx, act, params.id, { action: "dispatch", note: body.note }),
      ),
  }),
  targetRoute("transfer", "transfer", "Hand it to the authority it belongs to (移送, I12)"),
  targetRoute("work-order", "order_work", "Have it cleared or repaired (派遣处置, I12)"),
];

function correctionRoute(result: WarningResult, summary: string): AnyRoute {
  return defineRoute({
    method: "post",
    path: `/incidents/{id}/${result.replace("_", "-")}`,
    summary,
    tag,
    access: "incident.dispose",
    params: incidentIdParams,
    body: correctionBody,
    reply: incidentReply,
    handle: ({ context, user, params, body }) =>
      incidentStep(context, user, params.id, async (tx, act) => {
        await decideCorrection(tx, act, params.id, { result, ...body });
        await recordWarnings(context, tx, act, params.id);
      }),
  });
}

function targetRoute(path: string, action: "transfer" | "order_work", summary: string): AnyRoute {
  return defineRoute({
    method: "post",
    path: `/incidents/{id}/${path}`,
    summary,
    tag,
    access: "incident.dispose",
    params: incidentIdParams,
    body: targetBody,
    reply: incidentReply,
    handle: ({ context, user, params, body }) =>
      incidentStep(context, user, params.id, (tx, act) =>
        moveIncident(tx, act, params.id, { action, target: body.target }),
      ),
  });
}

function shown(view: RecheckView) {
  const { before, after, detections: _, ...rest } = view;
  const url = (which: "before" | "after") => `/api/v1/rechecks/${view.recheckId}/${which}`;
  return {
    ...rest,
    before: before === null ? null : url("before"),
    after: after === null ? null : url("after"),
    sha256: { before: before?.original.sha256 ?? null, after: after?.original.sha256 ?? null },
  };
}
