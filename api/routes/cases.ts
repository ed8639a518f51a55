import { openSteps } from "../../casework/case/take-step.ts";
import { type Act, isInScope } from "../../store/act.ts";
import { findCaseSummary, listCases } from "../../store/case-read-model.ts";
import { readCaseRecord } from "../../store/case-record.ts";
import { openCaseFromClue, openCaseFromIncident, takeCaseStep } from "../../store/case-store.ts";
import { checkFilesFor } from "../../store/file-check.ts";
import { withTx } from "../../store/pool.ts";
import { peopleOf, readPeople } from "../../store/step-facts.ts";
import { readTimeline } from "../../store/timeline-store.ts";
import { listColleagues } from "../../store/user-read-model.ts";
import type { ApiContext } from "../context.ts";
import { actOf } from "../http/act.ts";
import { ForbiddenError, NotFoundError } from "../http/errors.ts";
import { defineRoute } from "../http/route.ts";
import { caseStepBody } from "../schemas/case-steps.ts";
import {
  type CaseReply,
  caseIdParams,
  caseListQuery,
  caseListReply,
  caseReply,
  newClueBody,
  stepReply,
  timelineQuery,
  timelineReply,
} from "../schemas/cases.ts";
import { incidentIdParams, openCaseBody } from "../schemas/incidents.ts";

const tag = "cases";
/** Of a case's timeline in its own reply; earlier ones come in pages. */
const MOST_ENTRIES = 500;

async function replyOf(context: ApiContext, act: Act, id: string): Promise<CaseReply> {
  const [summary, record] = await Promise.all([
    findCaseSummary(context.pool, act.scope, id),
    readCaseRecord(context.pool, act, id),
  ]);
  if (!summary || !record) throw new NotFoundError(`There is no case ${id} in your regions.`);
  const { file, version } = record;
  // One more than is shown tells whether there are more.
  const timeline = await readTimeline(context.pool, "case", id, { limit: MOST_ENTRIES + 1 });
  const people = await readPeople(context.pool, peopleOf(file), file.region);
  return {
    ...summary,
    overlays: [...summary.overlays],
    version,
    file: { ...file },
    steps: openSteps(file, act.actor),
    people: [...people.values()].map(({ userId, displayName }) => ({ userId, displayName })),
    colleagues: (await listColleagues(context.pool, file.region)).map(({ userId, displayName, roles }) => ({
      ...{ userId, displayName },
      roles: [...roles],
    })),
    timeline: timeline.slice(-MOST_ENTRIES),
    timelineTruncated: timeline.length > MOST_ENTRIES,
  };
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
    reply: stepReply,
    status: 201,
    handle: ({ context, user, params, body }) =>
      withTx(context.pool, async (tx) => {
        const outcome = await openCaseFromIncident(tx, actOf(context, user), context.casework, {
          incidentId: params.id,
          ...body,
        });
        return { ...outcome, documents: [...outcome.documents] };
      }),
  }),
  defineRoute({
    method: "post",
    path: "/cases",
    summary: "Register a clue that no camera saw (线索登记): patrol, complaint, transfer, upper level",
    tag,
    access: "case.open",
    body: newClueBody,
    reply: stepReply,
    status: 201,
    async handle({ context, user, body }) {
      const act = actOf(context, user);
      const { startedAt, endedAt, ...clue } = body;
      if (!isInScope(act.scope, clue.region))
        throw new ForbiddenError(`Region ${clue.region} is not one of yours 该地区不在您的管辖范围内`);
      const times = { startedAt: Date.parse(startedAt), endedAt: Date.parse(endedAt) };
      const outcome = await withTx(context.pool, (tx) =>
        openCaseFromClue(tx, act, context.casework, { ...clue, ...times }),
      );
      return { ...outcome, documents: [...outcome.documents] };
    },
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
      const items = page.items.map((item) => ({ ...item, overlays: [...item.overlays] }));
      return { items, nextCursor: page.nextCursor };
    },
  }),
  defineRoute({
    method: "get",
    path: "/cases/{id}",
    summary: "One case: its file, clocks, people, open steps and timeline",
    tag,
    access: "case.read",
    params: caseIdParams,
    reply: caseReply,
    async handle({ context, user, params, res }) {
      const reply = await replyOf(context, actOf(context, user), params.id);
      res.set("etag", `"${reply.version}"`);
      return reply;
    },
  }),
  defineRoute({
    method: "get",
    path: "/cases/{id}/timeline",
    summary: "A case's timeline from its latest entry backwards; each page is oldest first",
    tag,
    access: "case.read",
    params: caseIdParams,
    query: timelineQuery,
    reply: timelineReply,
    async handle({ context, user, params, query }) {
      const { id } = params;
      if ((await findCaseSummary(context.pool, user.regions, id)) === undefined)
        throw new NotFoundError(`There is no case ${id} in your regions.`);
      const { cursor: before = null, limit } = query;
      const entries = await readTimeline(context.pool, "case", id, { limit: limit + 1, before });
      const items = entries.slice(-limit);
      return { items, nextCursor: entries.length > limit ? (items[0]?.seq ?? null) : null };
    },
  }),
  defineRoute({
    method: "post",
    path: "/cases/{id}/steps",
    summary:
      "Take a step (办理): guards, documents, clocks and timeline in one transaction; refusals name the article",
    tag,
    access: "case.read",
    params: caseIdParams,
    body: caseStepBody,
    conditional: "optional",
    reply: stepReply,
    async handle({ context, user, params, body, ifVersion, res }) {
      const act = actOf(context, user);
      const { filesVerified, version } = await checkFilesFor(context.pool, context.casework.objects, act, {
        ...{ caseId: params.id, step: body, ifVersion },
      });
      const outcome = await withTx(context.pool, (tx) =>
        takeCaseStep(tx, act, context.casework, {
          caseId: params.id,
          step: body,
          // Where no file was looked at, nothing may be done to a case that changed meanwhile.
          ifVersion: ifVersion ?? (filesVerified === null ? version : undefined),
          filesVerified,
        }),
      );
      res.set("etag", `"${outcome.version}"`);
      return { ...outcome, documents: [...outcome.documents] };
    },
  }),
];
