import { violationOf } from "../../config/legal-basis.ts";
import { readCureStatistics } from "../../store/cure-read-model.ts";
import { defineRoute } from "../http/route.ts";
import { cureQuery, cureReply } from "../schemas/warnings.ts";

export const cureRoutes = [
  defineRoute({
    method: "get",
    path: "/statistics/cure",
    summary: "How asking worked, by matter and camera: warnings, cured, not cured, time to cure",
    tag: "statistics",
    access: "statistics.read",
    query: cureQuery,
    reply: cureReply,
    async handle({ context, user, query }) {
      const rows = await readCureStatistics(context.pool, {
        scope: user.regions,
        from: new Date(`${query.from}T00:00:00+08:00`),
        to: new Date(`${query.to}T24:00:00+08:00`),
        violation: query.violation ?? null,
        cameraId: query.cameraId ?? null,
      });
      return { items: rows.map((row) => ({ ...row, violationName: violationOf(row.violation).name })) };
    },
  }),
];
