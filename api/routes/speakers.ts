import type { Act } from "../../store/act.ts";
import { NotFoundError } from "../../store/errors.ts";
import { withTx } from "../../store/pool.ts";
import { addSpeaker, changeSpeaker, listSpeakers } from "../../store/speaker-store.ts";
import type { ApiContext } from "../context.ts";
import { actOf } from "../http/act.ts";
import { defineRoute } from "../http/route.ts";
import {
  registryIdParams,
  registryQuery,
  speakerBody,
  speakerListReply,
  speakerReply,
} from "../schemas/warnings.ts";

const tag = "registry";

async function read({ pool }: ApiContext, { scope }: Act, id: string) {
  const found = (await listSpeakers(pool, scope, null)).find(({ speakerId }) => speakerId === id);
  if (found === undefined) throw new NotFoundError("loudspeaker", id);
  return found;
}

export const speakerRoutes = [
  defineRoute({
    method: "get",
    path: "/speakers",
    summary: "Loudspeakers in the user's regions",
    tag,
    access: "registry.read",
    query: registryQuery,
    reply: speakerListReply,
    async handle({ context, user, query }) {
      return { items: await listSpeakers(context.pool, user.regions, query.cameraId ?? null) };
    },
  }),
  defineRoute({
    method: "post",
    path: "/speakers",
    summary: "Register a loudspeaker of a camera or of one of its zones",
    tag,
    access: "registry.manage",
    body: speakerBody,
    reply: speakerReply,
    status: 201,
    async handle({ context, user, body }) {
      const act = actOf(context, user);
      const { speakerId } = await withTx(context.pool, (tx) => addSpeaker(tx, act, body));
      return read(context, act, speakerId);
    },
  }),
  defineRoute({
    method: "put",
    path: "/speakers/{id}",
    summary: "Change a loudspeaker, or switch it off",
    tag,
    access: "registry.manage",
    params: registryIdParams,
    body: speakerBody,
    conditional: "required",
    reply: speakerReply,
    async handle({ context, user, params, body, ifVersion, res }) {
      const act = actOf(context, user);
      await withTx(context.pool, (tx) => changeSpeaker(tx, act, params.id, body, ifVersion));
      const speaker = await read(context, act, params.id);
      res.set("etag", `"${speaker.version}"`);
      return speaker;
    },
  }),
];
