import { type HoldSubject, listHolds, placeHold, releaseHold } from "../../store/hold-store.ts";
import { withTx } from "../../store/pool.ts";
import { actOf } from "../http/act.ts";
import { defineRoute } from "../http/route.ts";
import { holdBody, holdIdParams, holdListReply, holdReply } from "../schemas/evidence-access.ts";
import { incidentIdParams } from "../schemas/incidents.ts";
import { readIncident } from "./incidents.ts";

const tag = "evidence access";

function placeRoute(kind: HoldSubject["kind"], summary: string) {
  return defineRoute({
    method: "post",
    path: `/${kind}s/{id}/holds`,
    summary,
    tag,
    access: "evidence.place_hold",
    params: incidentIdParams,
    body: holdBody,
    reply: holdReply,
    status: 201,
    handle: ({ context, user, params, body }) =>
      withTx(context.pool, (tx) => placeHold(tx, actOf(context, user), { kind, id: params.id }, body.reason)),
  });
}

export const holdRoutes = [
  defineRoute({
    method: "get",
    path: "/incidents/{id}/holds",
    summary: "What keeps this incident's evidence from deletion, and what did",
    tag,
    access: "incident.read",
    params: incidentIdParams,
    reply: holdListReply,
    async handle({ context, user, params }) {
      const incident = await readIncident(context, actOf(context, user), params.id);
      return { items: await listHolds(context.pool, params.id), heldByCase: incident.case !== null };
    },
  }),
  placeRoute("incident", "Keep this incident's evidence from deletion (保全), with a reason"),
  placeRoute("case", "Keep the evidence of this case from deletion, beyond the case's own hold"),
  defineRoute({
    method: "post",
    path: "/holds/{id}/release",
    summary: "Release a hold, with a reason; the rules of retention apply again",
    tag,
    access: "evidence.release_hold",
    params: holdIdParams,
    body: holdBody,
    reply: holdReply,
    async handle({ context, user, params, body }) {
      await withTx(context.pool, (tx) => releaseHold(tx, actOf(context, user), params.id, body.reason));
      return { holdId: params.id };
    },
  }),
];
