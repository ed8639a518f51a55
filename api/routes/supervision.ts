import { localDate } from "../../casework/local-time.ts";
import { findCheck } from "../../casework/supervision/checks.ts";
import { violationOf } from "../../config/legal-basis.ts";
import { InvalidInputError } from "../../pipeline/domain/errors.ts";
import type { Act } from "../../store/act.ts";
import { NotFoundError } from "../../store/errors.ts";
import { readParameterSettings } from "../../store/parameter-store.ts";
import { withTx } from "../../store/pool.ts";
import { closeItem, raiseItem, replyToItem } from "../../store/supervision-item-store.ts";
import { issueLetterOf } from "../../store/supervision-letter.ts";
import {
  findSupervisionItem,
  listSupervisionItems,
  type SupervisionItem,
} from "../../store/supervision-read-model.ts";
import { replyDue } from "../../store/supervision-store.ts";
import type { ApiContext } from "../context.ts";
import { actOf } from "../http/act.ts";
import { defineRoute } from "../http/route.ts";
import {
  closeItemBody,
  raiseItemBody,
  replyBody,
  type SupervisionItemReply,
  supervisionItemParams,
  supervisionItemReply,
  supervisionListQuery,
  supervisionListReply,
} from "../schemas/supervision.ts";

const tag = "supervision";

function shown(item: SupervisionItem, today: string): SupervisionItemReply {
  const check = findCheck(item.checkCode);
  return {
    ...item,
    evidence: { ...item.evidence },
    violationName: violationOf(item.violation).name,
    check: check === undefined ? null : { zh: check.zh, en: check.en, basis: [...check.basis] },
    overdue: item.state === "open" && item.dueOn !== null && today > item.dueOn,
  };
}

async function replyOf(context: ApiContext, act: Act, itemId: string): Promise<SupervisionItemReply> {
  const item = await findSupervisionItem(context.pool, act.scope, itemId);
  if (item === undefined) throw new NotFoundError("supervision item", itemId);
  return shown(item, localDate(act.at));
}

/** The day that was asked for, or the end of the usual period. */
async function dueOf(context: ApiContext, act: Act, asked: string | undefined): Promise<string | null> {
  const today = localDate(act.at);
  if (asked !== undefined && asked <= today)
    throw new InvalidInputError("body", [{ path: "dueOn", message: "lies after today" }]);
  if (asked !== undefined) return asked;
  const { book } = context.casework;
  const parameters = book.parametersOn(today, await readParameterSettings(context.pool));
  return replyDue({ today, parameters, calendar: book.calendar });
}

export const supervisionRoutes = [
  defineRoute({
    method: "get",
    path: "/supervision",
    summary: "Supervision items (督办事项) of cases in the user's regions, longest open first",
    tag,
    access: "supervision.read",
    query: supervisionListQuery,
    reply: supervisionListReply,
    async handle({ context, user, query }) {
      const { state = null, code = null, caseId = null, limit, cursor = null } = query;
      const asked = { scope: user.regions, state, checkCode: code, caseId, limit, cursor };
      const page = await listSupervisionItems(context.pool, asked);
      const today = localDate(context.clock.now());
      return { items: page.items.map((item) => shown(item, today)), nextCursor: page.nextCursor };
    },
  }),
  defineRoute({
    method: "get",
    path: "/supervision/{id}",
    summary: "One item with its evidence, reply and outcome",
    tag,
    access: "supervision.read",
    params: supervisionItemParams,
    reply: supervisionItemReply,
    handle: ({ context, user, params }) => replyOf(context, actOf(context, user), params.id),
  }),
  defineRoute({
    method: "post",
    path: "/supervision",
    summary: "Raise an item about a case (提出督办); the case itself stays as it is",
    tag,
    access: "supervision.raise",
    body: raiseItemBody,
    reply: supervisionItemReply,
    status: 201,
    async handle({ context, user, body }) {
      const act = actOf(context, user);
      const { dueOn: asked, ...item } = body;
      const dueOn = await dueOf(context, act, asked);
      const itemId = await withTx(context.pool, async (tx) => {
        const raised = await raiseItem(tx, act, { ...item, dueOn });
        await issueLetterOf(tx, act, context.casework, { itemId: raised, caseId: item.caseId });
        return raised;
      });
      return replyOf(context, act, itemId);
    },
  }),
  defineRoute({
    method: "post",
    path: "/supervision/{id}/reply",
    summary: "Answer an item (答复): an officer of the case or the head of the unit",
    tag,
    access: "supervision.answer",
    params: supervisionItemParams,
    body: replyBody,
    reply: supervisionItemReply,
    async handle({ context, user, params, body }) {
      const act = actOf(context, user);
      await withTx(context.pool, (tx) => replyToItem(tx, act, params.id, body.reply));
      return replyOf(context, act, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/supervision/{id}/close",
    summary: "Close an item (销号) with its outcome",
    tag,
    access: "supervision.close",
    params: supervisionItemParams,
    body: closeItemBody,
    reply: supervisionItemReply,
    async handle({ context, user, params, body }) {
      const act = actOf(context, user);
      await withTx(context.pool, (tx) => closeItem(tx, act, params.id, body));
      return replyOf(context, act, params.id);
    },
  }),
];
