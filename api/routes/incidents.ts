import type { Act } from "../../store/act.ts";
import { NotFoundError } from "../../store/errors.ts";
import { findIncident, type IncidentDetail, listIncidents } from "../../store/incident-read-model.ts";
import { type Tx, withTx } from "../../store/pool.ts";
import { claimIncident, confirmIncident, rejectIncident, releaseIncident } from "../../store/review-store.ts";
import type { ApiContext } from "../context.ts";
import { actOf } from "../http/act.ts";
import { defineRoute } from "../http/route.ts";
import type { SignedInUser } from "../http/session.ts";
import {
  confirmBody,
  incidentIdParams,
  incidentListQuery,
  incidentListReply,
  incidentReply,
  noBody,
  rejectBody,
} from "../schemas/incidents.ts";
import { itemOf, replyOf } from "./incident-reply.ts";

const tag = "incidents";

/** Throws `NotFoundError` when there is none or it lies outside the user's regions. */
export async function readIncident(context: ApiContext, act: Act, id: string): Promise<IncidentDetail> {
  const incident = await findIncident(context.pool, act.scope, id);
  if (!incident) throw new NotFoundError("incident", id);
  return incident;
}

/** One step on an incident in one transaction; replies with the incident as it is then. */
export async function incidentStep(
  context: ApiContext,
  user: SignedInUser,
  id: string,
  take: (tx: Tx, act: Act) => Promise<unknown>,
) {
  const act = actOf(context, user);
  await withTx(context.pool, (tx) => take(tx, act));
  return replyOf(await readIncident(context, act, id), act);
}

export const incidentRoutes = [
  defineRoute({
    method: "get",
    path: "/incidents",
    summary: "The queue of one state, longest waiting first",
    tag,
    access: "incident.read",
    query: incidentListQuery,
    reply: incidentListReply,
    async handle({ context, user, query }) {
      const { state, limit, cursor = null } = query;
      const page = await listIncidents(context.pool, { scope: user.regions, states: [state], limit, cursor });
      return { items: page.items.map(itemOf), nextCursor: page.nextCursor };
    },
  }),
  defineRoute({
    method: "get",
    path: "/incidents/{id}",
    summary: "One incident with its evidence, reviews, warnings, case and timeline",
    tag,
    access: "incident.read",
    params: incidentIdParams,
    reply: incidentReply,
    async handle({ context, user, params }) {
      const act = actOf(context, user);
      return replyOf(await readIncident(context, act, params.id), act);
    },
  }),
  defineRoute({
    method: "post",
    path: "/incidents/{id}/claim",
    summary: "Take it to look at for fifteen minutes, or renew one's claim",
    tag,
    access: "incident.claim",
    params: incidentIdParams,
    body: noBody,
    reply: incidentReply,
    handle: ({ context, user, params }) =>
      incidentStep(context, user, params.id, (tx, act) => claimIncident(tx, act, params.id)),
  }),
  defineRoute({
    method: "post",
    path: "/incidents/{id}/release",
    summary: "Put a claimed incident back",
    tag,
    access: "incident.claim",
    params: incidentIdParams,
    body: noBody,
    reply: incidentReply,
    handle: ({ context, user, params }) =>
      incidentStep(context, user, params.id, (tx, act) => releaseIncident(tx, act, params.id)),
  }),
  defineRoute({
    method: "post",
    path: "/incidents/{id}/confirm",
    summary: "Confirm: the record is true, clear, complete and accurate (行政处罚法 41)",
    tag,
    access: "incident.review",
    params: incidentIdParams,
    body: confirmBody,
    reply: incidentReply,
    handle: ({ context, user, params, body }) =>
      incidentStep(context, user, params.id, (tx, act) => confirmIncident(tx, act, params.id, body.tests)),
  }),
  defineRoute({
    method: "post",
    path: "/incidents/{id}/reject",
    summary: "Reject, with a reason; the record can never be evidence",
    tag,
    access: "incident.review",
    params: incidentIdParams,
    body: rejectBody,
    reply: incidentReply,
    handle: ({ context, user, params, body }) =>
      incidentStep(context, user, params.id, (tx, act) => rejectIncident(tx, act, params.id, body)),
  }),
];
