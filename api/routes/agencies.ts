import { isInScope } from "../../store/act.ts";
import { listAgencies, putAgency } from "../../store/agency-store.ts";
import { recordCertificate, recordLegalQualification } from "../../store/certificate-store.ts";
import { withTx } from "../../store/pool.ts";
import { actOf } from "../http/act.ts";
import { ForbiddenError } from "../http/errors.ts";
import { defineRoute } from "../http/route.ts";
import {
  agencyBody,
  agencyListReply,
  agencyParams,
  agencyReply,
  certificateBody,
  certificateParams,
  doneReply,
  qualificationBody,
} from "../schemas/law.ts";

const tag = "agencies";

export const agencyRoutes = [
  defineRoute({
    method: "get",
    path: "/agencies",
    summary: "The agencies of the user's regions: what documents are headed with, whom they name",
    tag,
    access: "agency.read",
    reply: agencyListReply,
    async handle({ context, user }) {
      const items = await listAgencies(context.pool, user.regions);
      return { items: items.map((item) => ({ ...item, powers: [...item.powers] })) };
    },
  }),
  defineRoute({
    method: "put",
    path: "/agencies/{id}",
    summary: "Register an agency, or change what is known of it; documents issued before stay as they are",
    tag,
    access: "agency.manage",
    params: agencyParams,
    body: agencyBody,
    conditional: "required",
    reply: agencyReply,
    async handle({ context, user, params, body, ifVersion, res }) {
      const act = actOf(context, user);
      if (!isInScope(act.scope, body.region))
        throw new ForbiddenError(`Region ${body.region} is not one of yours 该地区不在您的管辖范围内`);
      const { version } = await withTx(context.pool, (tx) =>
        putAgency(tx, act, { agency: params.id, ...body }, ifVersion),
      );
      res.set("etag", `"${version}"`);
      return { agency: params.id, version, ...body };
    },
  }),
  defineRoute({
    method: "post",
    path: "/users/{id}/certificates",
    summary: "Record an enforcement certificate (执法证); the newest counts, earlier ones stay on record",
    tag,
    access: "user.manage",
    params: certificateParams,
    body: certificateBody,
    reply: doneReply,
    status: 201,
    async handle({ context, user, params, body }) {
      const act = actOf(context, user);
      await withTx(context.pool, (tx) => recordCertificate(tx, act, { userId: params.id, ...body }));
      return { done: true as const };
    },
  }),
  defineRoute({
    method: "post",
    path: "/users/{id}/legal-qualification",
    summary: "Record whether somebody holds the legal professional qualification (行政处罚法 58)",
    tag,
    access: "user.manage",
    params: certificateParams,
    body: qualificationBody,
    reply: doneReply,
    async handle({ context, user, params, body }) {
      const act = actOf(context, user);
      await withTx(context.pool, (tx) => recordLegalQualification(tx, act, params.id, body.holds));
      return { done: true as const };
    },
  }),
];
