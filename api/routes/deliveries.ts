import { violationOf } from "../../config/legal-basis.ts";
import { type DeliveryItem, findDeliveryItem, listDeliveries } from "../../store/delivery-read-model.ts";
import { retryDelivery } from "../../store/delivery-retry.ts";
import { NotFoundError } from "../../store/errors.ts";
import { withTx } from "../../store/pool.ts";
import { actOf } from "../http/act.ts";
import { defineRoute } from "../http/route.ts";
import {
  type DeliveryReply,
  deliveryIdParams,
  deliveryListQuery,
  deliveryListReply,
  deliveryReply,
} from "../schemas/deliveries.ts";
import { noBody } from "../schemas/incidents.ts";

function shown(item: DeliveryItem): DeliveryReply {
  return { ...item, violationName: violationOf(item.violation).name };
}

export const deliveryRoutes = [
  defineRoute({
    method: "get",
    path: "/deliveries",
    summary: "Deliveries of warnings in the user's regions, dead letters unless another state is asked for",
    tag: "warnings",
    access: "delivery.read",
    query: deliveryListQuery,
    reply: deliveryListReply,
    async handle({ context, user, query }) {
      const { state, limit, cursor = null } = query;
      const page = await listDeliveries(context.pool, { scope: user.regions, state, limit, cursor });
      return { items: page.items.map(shown), nextCursor: page.nextCursor };
    },
  }),
  defineRoute({
    method: "post",
    path: "/deliveries/{id}/retry",
    summary: "Send a dead letter once more; of one that may have been sent this is a person's decision",
    tag: "warnings",
    access: "delivery.retry",
    params: deliveryIdParams,
    body: noBody,
    reply: deliveryReply,
    async handle({ context, user, params }) {
      const act = actOf(context, user);
      await withTx(context.pool, (tx) => retryDelivery(tx, act, params.id));
      // Redis may be away: the delivery waits in Postgres and the queue is re-armed from there.
      context.producer
        .sendNotice(params.id)
        .catch((err: unknown) => context.log.warn({ err, deliveryId: params.id }, "notice not queued yet"));
      const item = await findDeliveryItem(context.pool, act.scope, params.id);
      if (item === undefined) throw new NotFoundError("delivery", params.id);
      return shown(item);
    },
  }),
];
