import type { Act } from "../../store/act.ts";
import { NotFoundError } from "../../store/errors.ts";
import { withTx } from "../../store/pool.ts";
import {
  addResponsibleParty,
  changeResponsibleParty,
  findResponsibleParty,
  listResponsibleParties,
} from "../../store/responsible-party-store.ts";
import type { ApiContext } from "../context.ts";
import { actOf } from "../http/act.ts";
import { defineRoute } from "../http/route.ts";
import {
  partyBody,
  partyListReply,
  partyReply,
  registryIdParams,
  registryQuery,
} from "../schemas/warnings.ts";

const tag = "registry";

async function read({ pool }: ApiContext, { scope }: Act, id: string) {
  const found = await findResponsibleParty(pool, scope, id);
  if (found === undefined) throw new NotFoundError("responsible party", id);
  return found;
}

export const responsiblePartyRoutes = [
  defineRoute({
    method: "get",
    path: "/responsible-parties",
    summary: "Shops and units answerable for the ground before their doors (门前三包), in the user's regions",
    tag,
    access: "registry.read",
    query: registryQuery,
    reply: partyListReply,
    async handle({ context, user, query }) {
      return {
        items: await listResponsibleParties(context.pool, user.regions, query.cameraId ?? null),
      };
    },
  }),
  defineRoute({
    method: "get",
    path: "/responsible-parties/{id}",
    summary: "One of them",
    tag,
    access: "registry.read",
    params: registryIdParams,
    reply: partyReply,
    async handle({ context, user, params, res }) {
      const party = await read(context, actOf(context, user), params.id);
      res.set("etag", `"${party.version}"`);
      return party;
    },
  }),
  defineRoute({
    method: "post",
    path: "/responsible-parties",
    summary: "Register who answers for a zone",
    tag,
    access: "registry.manage",
    body: partyBody,
    reply: partyReply,
    status: 201,
    async handle({ context, user, body }) {
      const act = actOf(context, user);
      const { partyId } = await withTx(context.pool, (tx) => addResponsibleParty(tx, act, body));
      return read(context, act, partyId);
    },
  }),
  defineRoute({
    method: "put",
    path: "/responsible-parties/{id}",
    summary: "Change it; whoever no longer answers gets a last day and stays on record",
    tag,
    access: "registry.manage",
    params: registryIdParams,
    body: partyBody,
    conditional: "required",
    reply: partyReply,
    async handle({ context, user, params, body, ifVersion, res }) {
      const act = actOf(context, user);
      await withTx(context.pool, (tx) => changeResponsibleParty(tx, act, params.id, body, ifVersion));
      const party = await read(context, act, params.id);
      res.set("etag", `"${party.version}"`);
      return party;
    },
  }),
];
