import { z } from "zod";
import { type CaseAction, caseActions } from "../../casework/case/case-lifecycle.ts";
import { type CaseState, caseStates } from "../../casework/case/case-states.ts";
import { enumOf, instant, pageQuery, timelineEntry } from "./common.ts";

export const caseIdParams = z.object({ id: z.string().min(1).max(80) });
export const caseListQuery = pageQuery.extend({ state: enumOf<CaseState>(caseStates).optional() });

const summary = z.object({
  caseId: z.string(),
  caseNo: z.string().nullable().meta({ description: "案号; null until the case is filed" }),
  incidentId: z.string().nullable(),
  region: z.string(),
  violation: z.string(),
  state: enumOf<CaseState>(caseStates),
  openedAt: instant,
  filedAt: instant.nullable(),
});
const person = z.object({ userId: z.string(), displayName: z.string() });

export const caseListReply = z
  .object({ items: z.array(summary), nextCursor: z.string().nullable() })
  .meta({ id: "CaseList" });
export const caseReply = summary
  .extend({
    ground: z.string(),
    groundNote: z.string(),
    officers: z.array(person),
    officerRecord: z.string().nullable(),
    actEndedAt: instant,
    endorsedBy: z.string().nullable(),
    notFiledReason: z.string().nullable(),
    actions: z.array(z.enum(caseActions as [CaseAction, ...CaseAction[]])),
    colleagues: z.array(person).meta({ description: "Officers who may handle it" }),
    timeline: z.array(timelineEntry),
  })
  .meta({ id: "Case" });

export const submitFilingBody = z.strictObject({
  officers: z.array(z.string().min(1).max(80)).max(20),
  officerRecord: z.string().trim().max(5000).nullable().default(null),
});
export const declineFilingBody = z.strictObject({ reason: z.string().trim().max(1000) });

export type CaseReply = z.infer<typeof caseReply>;
