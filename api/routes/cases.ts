import { openCaseActions } from "../../casework/case/case-lifecycle.ts";
import type { Act } from "../../store/act.ts";
import { findCase, listCases } from "../../store/case-read-model.ts";
import { readCaseFacts } from "../../store/case-row.ts";
import {
  approveFiling,
  declineFiling,
  endorseFiling,
  openCaseFromIncident,
  submitFiling,
} from "../../store/case-store.ts";
import { NotFoundError } from "../../store/errors.ts";
import { type Tx, withTx } from "../../store/pool.ts";
import { listOfficersFor } from "../../store/user-read-model.ts";
import type { ApiContext } from "../context.ts";
import { actOf } from "../http/act.ts";
import { defineRoute } from "../http/route.ts";
import type { SignedInUser } from "../http/session.ts";
import {
  type CaseReply,
  caseIdParams,
  caseListQuery,
  caseListReply,
  caseReply,
  declineFilingBody,
  submitFilingBody,
} from "../schemas/cases.ts";
import { incidentIdParams, noBody, openCaseBody, openCaseReply } from "../schemas/incidents.ts";

const tag = "cases";

async function replyOf(context: ApiContext, act: Act, id: string): Promise<CaseReply> {
  const found = await findCase(context.pool, act.scope, id);
  if (!found) throw new NotFoundError("case", id);
  const facts = await readCaseFacts(context.pool, act, id);
  return {
    ...found,
    officers: [...found.officers],
    timeline: [...found.timeline],
    actions: facts === undefined ? [] : openCaseActions(facts, act.actor),
    colleagues: await listOfficersFor(context.pool, found.region),
  };
}

async function step(
  context: ApiContext,
  user: SignedInUser,
  id: string,
  take: (tx: Tx, act: Act) => Promise<unknown>,
) {
  const act = actOf(context, user);
  await withTx(context.pool, (tx) => take(tx, act));
  return replyOf(context, act, id);
}

export const caseRoutes = [
  defineRoute({
    method: "post",
    path: "/incidents/{id}/case",
    summary:
      "Turn a confirmed incident into a case clue (线索登记), with the ground why a warning is not enough",
    tag,
    access: "case.open",
    params: incidentIdParams,
    body: openCaseBody,
    reply: openCaseReply,
    status: 201,
    handle: ({ context, user, params, body }) =>
      withTx(context.pool, (tx) =>
        openCaseFromIncident(tx, actOf(context, user), { incidentId: params.id, ...body }),
      ),
  }),
  defineRoute({
    method: "get",
    path: "/cases",
    summary: "Cases in the user's regions, longest open first",
    tag,
    access: "case.read",
    query: caseListQuery,
    reply: caseListReply,
    async handle({ context, user, query }) {
      const { state, limit, cursor = null } = query;
      const states = state === undefined ? [] : [state];
      const page = await listCases(context.pool, { scope: user.regions, states, limit, cursor });
      return { items: [...page.items], nextCursor: page.nextCursor };
    },
  }),
  defineRoute({
    method: "get",
    path: "/cases/{id}",
    summary: "One case with its timeline",
    tag,
    access: "case.read",
    params: caseIdParams,
    reply: caseReply,
    handle: ({ context, user, params }) => replyOf(context, actOf(context, user), params.id),
  }),
  defineRoute({
    method: "post",
    path: "/cases/{id}/submit-filing",
    summary:
      "Ask for filing (立案申请): two officers and, where the camera is only a lead, an officer's own record",
    tag,
    access: "case.submit_filing",
    params: caseIdParams,
    body: submitFilingBody,
    reply: caseReply,
    handle: ({ context, user, params, body }) =>
      step(context, user, params.id, (tx, act) => submitFiling(tx, act, { caseId: params.id, ...body })),
  }),
  defineRoute({
    method: "post",
    path: "/cases/{id}/endorse-filing",
    summary: "First level of approval: the head of the handling unit",
    tag,
    access: "case.endorse_filing",
    params: caseIdParams,
    body: noBody,
    reply: caseReply,
    handle: ({ context, user, params }) =>
      step(context, user, params.id, (tx, act) => endorseFiling(tx, act, params.id)),
  }),
  defineRoute({
    method: "post",
    path: "/cases/{id}/approve-filing",
    summary: "File the case (立案): the agency leader; gives the case its number",
    tag,
    access: "case.approve_filing",
    params: caseIdParams,
    body: noBody,
    reply: caseReply,
    handle: ({ context, user, params }) =>
      step(context, user, params.id, (tx, act) => approveFiling(tx, act, params.id)),
  }),
  defineRoute({
    method: "post",
    path: "/cases/{id}/decline-filing",
    summary: "Do not file (不予立案), with a reason",
    tag,
    access: "case.decline_filing",
    params: caseIdParams,
    body: declineFilingBody,
    reply: caseReply,
    handle: ({ context, user, params, body }) =>
      step(context, user, params.id, (tx, act) => declineFiling(tx, act, params.id, body.reason)),
  }),
];
