import { composeWarning, graceEnd } from "../../casework/warning/warning.ts";
import { citationsOf, violationOf } from "../../config/legal-basis.ts";
import { hashToken, warningLink, warningToken } from "../../runtime/warning-link.ts";
import { incidentFacts } from "../../store/incident-facts.ts";
import { withTx } from "../../store/pool.ts";
import { createWarning } from "../../store/warning-store.ts";
import { actOf } from "../http/act.ts";
import { defineRoute } from "../http/route.ts";
import { incidentIdParams, noBody, warnReply } from "../schemas/incidents.ts";
import { readIncident } from "./incidents.ts";

/** 远端劝导 is the ladder's first step. */
const LEVEL = 0;

export const warningRoutes = [
  defineRoute({
    method: "post",
    path: "/incidents/{id}/warning",
    summary: "Warn about a confirmed incident (远端劝导); one warning per incident and level",
    tag: "warnings",
    access: "warning.send",
    params: incidentIdParams,
    body: noBody,
    reply: warnReply,
    status: 201,
    async handle({ context, user, params }) {
      const act = actOf(context, user);
      const incident = await readIncident(context, act, params.id);
      const violation = violationOf(incident.violation);
      const citations = citationsOf(violation);
      const { graceSeconds } = incidentFacts.parse(incident.facts).rule;
      const graceUntil = graceEnd(act.at, graceSeconds);
      const letters = composeWarning({
        place: incident.place,
        occurredAt: Date.parse(incident.occurredAt),
        violationZh: violation.name.zh,
        violationEn: violation.name.en,
        requestZh: violation.request?.zh ?? "自行改正",
        requestEn: violation.request?.en ?? "put it right",
        basisZh: citations.map((citation) => citation.zh).join("、"),
        basisEn: citations.map((citation) => citation.en).join("; "),
        agencyZh: "城市管理行政执法部门",
        agencyEn: "City management and law enforcement",
        graceUntil,
        writtenAt: act.at,
      });
      const token = warningToken(context.linkSecret, params.id, LEVEL);
      const { warningId, deliveryIds } = await withTx(context.pool, (tx) =>
        createWarning(tx, act, {
          incidentId: params.id,
          letters,
          linkTokenHash: hashToken(token),
          graceUntil,
          channels: context.config.webhookUrl === undefined ? ["log"] : ["log", "webhook"],
          minorFirst: violation.minorFirst,
          namesSomeone: false,
        }),
      );
      // Redis may be away: the deliveries are in Postgres and the queue is re-armed from there.
      for (const deliveryId of deliveryIds) {
        context.producer
          .sendNotice(deliveryId)
          .catch((err: unknown) => context.log.warn({ err, deliveryId }, "notice not queued yet"));
      }
      return {
        warningId,
        link: warningLink(context.config.publicUrl, token),
        graceUntil: new Date(graceUntil).toISOString(),
      };
    },
  }),
];
