import { z } from "zod";
import { type CaseState, caseStates } from "../../casework/case/case-states.ts";
import {
  type EscalationGround,
  escalationGrounds,
  type IncidentAction,
  type IncidentState,
  incidentActions,
  incidentStates,
} from "../../casework/incident/incident-lifecycle.ts";
import { type RejectReason, rejectReasons } from "../../casework/incident/review-input.ts";
import { type WarningState, warningStates } from "../../casework/warning/warning.ts";
import { incidentFacts } from "../../store/incident-facts.ts";
import { enumOf, instant, pageQuery, plainText, timelineEntry } from "./common.ts";

const bothLanguages = z.object({ zh: z.string(), en: z.string() });
const state = enumOf<IncidentState>(incidentStates);

export const incidentIdParams = z.object({ id: plainText().min(1).max(80) });
export const incidentListQuery = pageQuery.extend({ state: state.default("review_pending") });

const summary = z.object({
  incidentId: z.string(),
  candidateId: z.string(),
  state,
  violation: z.string(),
  violationName: bothLanguages,
  cameraId: z.string(),
  cameraName: z.string(),
  place: z.string(),
  region: z.string(),
  occurredAt: instant,
  triggeredAt: instant,
  graceUntil: instant.nullable(),
  claimedBy: z.string().nullable(),
  claimedByName: z.string().nullable(),
  claimedUntil: instant.nullable(),
});
export const incidentListItem = summary.extend({ thumbnail: z.string() }).meta({ id: "IncidentListItem" });
export const incidentListReply = z
  .object({ items: z.array(incidentListItem), nextCursor: z.string().nullable() })
  .meta({ id: "IncidentList" });

const evidenceFile = z
  .object({
    role: z.string(),
    path: z.string(),
    url: z.string(),
    mediaType: z.string(),
    sizeBytes: z.number(),
    sha256: z.string(),
    masked: z.boolean(),
  })
  .meta({ id: "EvidenceFile" });

export const incidentReply = incidentListItem
  .extend({
    facts: incidentFacts,
    minorFirst: z.boolean(),
    legalBasis: z.array(z.string()),
    manifestSha256: z.string(),
    files: z.array(evidenceFile),
    actions: z
      .array(z.enum(["claim", "release", ...(incidentActions as [IncidentAction, ...IncidentAction[]])]))
      .meta({ description: "What the asking user could do now" }),
    reviews: z.array(
      z.object({
        reviewerName: z.string(),
        verdict: z.enum(["confirmed", "rejected"]),
        reason: z.string().nullable(),
        reasonText: z.string().nullable(),
        at: instant,
      }),
    ),
    warnings: z.array(
      z.object({
        warningId: z.string(),
        level: z.number().int(),
        state: enumOf<WarningState>(warningStates),
        graceUntil: instant,
        createdAt: instant,
        openedAt: instant.nullable(),
        audience: z.enum(["place", "responsible_party", "vehicle_owner"]),
        result: z.enum(["corrected", "not_corrected"]).nullable(),
        deliveries: z.array(z.object({ channel: z.string(), state: z.string(), attempts: z.number().int() })),
      }),
    ),
    recheck: z
      .object({
        recheckId: z.string(),
        state: z.enum(["pending", "running", "done", "failed", "cancelled"]),
        result: z.enum(["gone", "still_there", "unclear"]).nullable(),
        proposes: z.enum(["corrected", "not_corrected"]).nullable(),
        seenAt: instant.nullable(),
        fault: z.string().nullable(),
      })
      .nullable()
      .meta({ description: "The latest second look: it proposes, an officer decides" }),
    case: z
      .object({ caseId: z.string(), caseNo: z.string().nullable(), state: enumOf<CaseState>(caseStates) })
      .nullable(),
    timeline: z.array(timelineEntry),
  })
  .meta({ id: "Incident" });

const testAnswer = z.discriminatedUnion("answer", [
  z.strictObject({ answer: z.literal("yes") }),
  z.strictObject({ answer: z.literal("no"), reason: plainText().trim().max(1000) }),
]);
const answers = z.strictObject({
  true: testAnswer.optional(),
  clear: testAnswer.optional(),
  complete: testAnswer.optional(),
  accurate: testAnswer.optional(),
});

export const noBody = z.strictObject({});
export const confirmBody = z.strictObject({ tests: answers.default({}) });
export const rejectBody = z.strictObject({
  reason: enumOf<RejectReason>(rejectReasons),
  text: plainText().trim().max(1000).nullable().default(null),
  tests: answers.default({}),
});
export const openCaseBody = z.strictObject({
  ground: enumOf<EscalationGround>(escalationGrounds),
  note: plainText().trim().max(1000),
});
export const openCaseReply = z.object({ caseId: z.string() }).meta({ id: "CaseOpened" });

export type IncidentReply = z.infer<typeof incidentReply>;
export type IncidentListReply = z.infer<typeof incidentListReply>;
export type OpenCaseReply = z.infer<typeof openCaseReply>;
