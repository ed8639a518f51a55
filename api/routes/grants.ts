import { groundForView } from "../../casework/evidence/evidence-access.ts";
import { holdsPermission, type Permission } from "../../casework/roles.ts";
import { violationOf } from "../../config/legal-basis.ts";
import type { Act } from "../../store/act.ts";
import { NotFoundError } from "../../store/errors.ts";
import { findGrant, type Grant, listGrants, listGrantsOf } from "../../store/grant-read-model.ts";
import { approveAccess, declineAccess, requestAccess, revokeAccess } from "../../store/grant-store.ts";
import { incidentFactsOf } from "../../store/incident-read-model.ts";
import { type Tx, withTx } from "../../store/pool.ts";
import { findTombstone, listTombstones } from "../../store/tombstone-read-model.ts";
import type { ApiContext } from "../context.ts";
import { recordCallUp } from "../documents/forms.ts";
import { actOf } from "../http/act.ts";
import { type Access, defineRoute } from "../http/route.ts";
import type { SignedInUser } from "../http/session.ts";
import {
  accessReply,
  type GrantReply,
  grantIdParams,
  grantListQuery,
  grantListReply,
  grantReply,
  noteBody,
  requestAccessBody,
  tombstoneListQuery,
  tombstoneListReply,
} from "../schemas/evidence-access.ts";
import { incidentIdParams, noBody } from "../schemas/incidents.ts";
import { readIncident } from "./incidents.ts";

const tag = "evidence access";

function shown(grant: Grant): GrantReply {
  return { ...grant, violationName: violationOf(grant.violation).name };
}

/** One step on a request in one transaction; replies with the request as it is then. */
async function step(
  context: ApiContext,
  user: SignedInUser,
  id: string,
  take: (tx: Tx, act: Act) => Promise<unknown>,
): Promise<GrantReply> {
  const act = actOf(context, user);
  await withTx(context.pool, (tx) => take(tx, act));
  return replyOf(context, act, id);
}

async function replyOf(context: ApiContext, act: Act, id: string): Promise<GrantReply> {
  const grant = await findGrant(context.pool, act.scope, id);
  if (grant === undefined) throw new NotFoundError("access request", id);
  return shown(grant);
}

/** A step that ends a request or a grant, and says why. */
function noteRoute(
  name: "decline" | "revoke",
  take: (tx: Tx, act: Act, grantId: string, note: string) => Promise<void>,
  described: { summary: string; access: Access },
) {
  return defineRoute({
    method: "post",
    path: `/access-requests/{id}/${name}`,
    ...described,
    tag,
    params: grantIdParams,
    body: noteBody,
    reply: grantReply,
    handle: ({ context, user, params, body }) =>
      step(context, user, params.id, (tx, act) => take(tx, act, params.id, body.note)),
  });
}

export const grantRoutes = [
  defineRoute({
    method: "get",
    path: "/incidents/{id}/access",
    summary: "Whether the asking user may see this incident's originals, until when, and what they asked for",
    tag,
    access: "incident.read",
    params: incidentIdParams,
    reply: accessReply,
    async handle({ context, user, params }) {
      const act = actOf(context, user);
      const incident = await readIncident(context, act, params.id);
      const grants = await listGrantsOf(context.pool, params.id, user.userId);
      const facts = grants.map(({ expiresAt, ...grant }) => ({
        ...grant,
        expiresAt: expiresAt === null ? null : Date.parse(expiresAt),
      }));
      const view = groundForView(incidentFactsOf(incident), facts, act.actor, act.at);
      const tombstone = await findTombstone(context.pool, params.id);
      const may = (permission: Permission) => holdsPermission(user.roles, permission);
      return {
        ground:
          view.ok && tombstone === null
            ? {
                kind: view.ground.kind,
                grantId: view.ground.kind === "grant" ? view.ground.grantId : null,
                until: new Date(view.ground.until).toISOString(),
              }
            : null,
        grants: grants.map(shown),
        mayRequest: may("evidence.request_access"),
        mayHold: may("evidence.place_hold"),
        mayReleaseHold: may("evidence.release_hold"),
        deletion: tombstone,
      };
    },
  }),
  defineRoute({
    method: "post",
    path: "/incidents/{id}/access-requests",
    summary: "Ask to see the originals: for what, why, and for how many hours (24 unless said, 168 at most)",
    tag,
    access: "evidence.request_access",
    params: incidentIdParams,
    body: requestAccessBody,
    reply: grantReply,
    status: 201,
    async handle({ context, user, params, body }) {
      const act = actOf(context, user);
      const { grantId } = await withTx(context.pool, (tx) =>
        requestAccess(tx, act, { incidentId: params.id, ...body }),
      );
      return replyOf(context, act, grantId);
    },
  }),
  defineRoute({
    method: "get",
    path: "/access-requests",
    summary: "Requests to see originals in the user's regions, longest waiting first",
    tag,
    access: "evidence.approve_access",
    query: grantListQuery,
    reply: grantListReply,
    async handle({ context, user, query }) {
      const { state, limit, cursor = null } = query;
      const page = await listGrants(context.pool, { scope: user.regions, state, limit, cursor });
      return { items: page.items.map(shown), nextCursor: page.nextCursor };
    },
  }),
  defineRoute({
    method: "post",
    path: "/access-requests/{id}/approve",
    summary: "Approve somebody else's request; its time runs from now",
    tag,
    access: "evidence.approve_access",
    params: grantIdParams,
    body: noBody,
    reply: grantReply,
    handle: ({ context, user, params }) =>
      step(context, user, params.id, async (tx, act) => {
        await approveAccess(tx, act, params.id);
        await recordCallUp(context, tx, act, params.id);
      }),
  }),
  noteRoute("decline", declineAccess, {
    summary: "Decline somebody else's request, with a reason",
    access: "evidence.approve_access",
  }),
  noteRoute("revoke", revokeAccess, {
    summary: "End a grant before its time or take a request back: whoever may approve, or whoever asked",
    access: "signed-in",
  }),
  defineRoute({
    method: "get",
    path: "/tombstones",
    summary: "What is left of deleted evidence, with the seals that explain the gaps in the cameras' chains",
    tag,
    access: "evidence.read_tombstones",
    query: tombstoneListQuery,
    reply: tombstoneListReply,
    async handle({ context, user, query }) {
      const { cameraId = null, limit, cursor = null } = query;
      const page = await listTombstones(context.pool, { scope: user.regions, cameraId, limit, cursor });
      return { items: [...page.items], nextCursor: page.nextCursor };
    },
  }),
];
