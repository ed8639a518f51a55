import type pg from "pg";
import { z } from "zod";
import { type EventKind, eventKinds } from "../../store/event-read-model.ts";
import { decodeCursor } from "../../store/page.ts";
import type { ApiContext } from "../context.ts";
import { ForbiddenError } from "../http/errors.ts";
import { EventHub } from "../http/event-hub.ts";
import { audibleKinds } from "../http/event-view.ts";
import { defineRoute } from "../http/route.ts";
import { SseStream } from "../http/sse.ts";

const eventsQuery = z.object({
  kinds: z
    .string()
    .regex(new RegExp(`^(${eventKinds.join("|")})(,(${eventKinds.join("|")}))*$`))
    .optional()
    .meta({ description: "`incident,case`; all that the roles allow where it is left out" }),
});

/** One for all streams of this process. */
const hubs = new WeakMap<pg.Pool, EventHub>();

function hubOf({ pool, log }: ApiContext): EventHub {
  const hub = hubs.get(pool) ?? new EventHub(pool, log);
  hubs.set(pool, hub);
  return hub;
}

export const eventRoutes = [
  defineRoute({
    method: "get",
    path: "/events",
    summary: "What happens in the user's regions, as it happens: a stream of server-sent events",
    description: [
      "`timeline`: `{kind, id, action, from, to, at}` of an incident, a warning or a case.",
      "`counts`: `{review_pending, persuading, dead_letters, cases_by_state}`, as far as the roles allow; when one of them changes, at most once a second.",
      "`reset`: more was missed than is kept; read everything again.",
      "Who comes back with `Last-Event-ID` is told what happened meanwhile; an event may come twice. The stream ends with the session.",
    ].join("\n\n"),
    tag: "events",
    access: "signed-in",
    query: eventsQuery,
    reply: null,
    mediaType: "text/event-stream",
    async handle({ context, user, query, req, res }) {
      const audible = audibleKinds(user.roles);
      const kinds = (query.kinds?.split(",") ?? eventKinds) as readonly EventKind[];
      if (!kinds.some((kind) => audible.includes(kind)))
        throw new ForbiddenError("Your roles do not allow this (events) 您的角色无此权限");
      const lastEventId = req.get("last-event-id");
      hubOf(context).join({
        sid: req.sessionID,
        rights: user,
        kinds,
        after: lastEventId === undefined || lastEventId === "" ? null : decodeCursor(lastEventId),
        stream: new SseStream(res),
      });
    },
  }),
];
