import { z } from "zod";
import { caseSources, overlays } from "../../casework/case/case-file.ts";
import { type CaseState, caseStates } from "../../casework/case/case-states.ts";
import { stepNames } from "../../casework/case/case-table.ts";
import type { StepName } from "../../casework/case/step-input.ts";
import { clockKinds } from "../../casework/clocks/clock.ts";
import { type DocumentCode, documentCodes } from "../../casework/documents/document-codes.ts";
import { roleIds } from "../../casework/roles.ts";
import { enumOf, instant, pageQuery, plainText, timelineEntry } from "./common.ts";

export const caseIdParams = z.object({ id: plainText().min(1).max(80) });
export const caseListQuery = pageQuery.extend({ state: enumOf<CaseState>(caseStates).optional() });

const date = z.string().meta({ format: "date" });

const summary = z.object({
  caseId: z.string(),
  caseNo: z.string().nullable().meta({ description: "案号; null until the case is filed" }),
  incidentId: z.string().nullable(),
  region: z.string(),
  violation: z.string(),
  state: enumOf<CaseState>(caseStates),
  procedure: z.enum(["ordinary", "simplified"]),
  overlays: z.array(enumOf(overlays)),
  openedAt: instant,
  filedOn: date.nullable(),
  decidedOn: date.nullable(),
  nextClock: z
    .object({
      kind: enumOf(clockKinds),
      strictDue: date,
      legalDue: date.nullable(),
      duty: z.enum(["agency", "party", "court"]),
    })
    .nullable()
    .meta({ description: "The running clock to mind: the agency's own that ends first, else anybody's" }),
});
const person = z.object({ userId: z.string(), displayName: z.string() });

export const caseClock = z
  .object({
    kind: enumOf(clockKinds),
    subject: z.string(),
    startedOn: date,
    strictDue: date.meta({ description: "Not rolled over days off: agencies are warned against it" }),
    legalDue: date.nullable().meta({ description: "Rolled forward; null while the calendar is not loaded" }),
    basis: z.string(),
    duty: z.enum(["agency", "party", "court"]),
    state: z.enum(["running", "met", "lapsed", "stopped"]),
    endedOn: date.nullable(),
  })
  .meta({ id: "CaseClock" });

export const issuedDocument = z
  .object({
    docId: z.string(),
    code: enumOf<DocumentCode>(documentCodes),
    number: z.string().nullable(),
    title: z.string(),
    pdfSha256: z.string(),
  })
  .meta({ id: "IssuedDocument" });

export const caseListReply = z
  .object({ items: z.array(summary), nextCursor: z.string().nullable() })
  .meta({ id: "CaseList" });

const caseTimelineEntry = timelineEntry.extend({ detail: z.record(z.string(), z.unknown()) });

export const timelineQuery = z.object({
  cursor: z.coerce
    .number()
    .int()
    .min(1)
    .max(2_147_483_647)
    .optional()
    .meta({ description: "Number of an entry: what came before it" }),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export const timelineReply = z
  .object({ items: z.array(caseTimelineEntry), nextCursor: z.number().int().nullable() })
  .meta({ id: "CaseTimeline" });

export const caseReply = summary
  .extend({
    version: z.number().int().meta({ description: "Also the ETag: send it as If-Match with a step" }),
    file: z.record(z.string(), z.unknown()).meta({ description: "The whole file of the case" }),
    steps: z
      .array(z.enum(stepNames as [StepName, ...StepName[]]))
      .meta({ description: "Steps this person could start now; their guards are asked when one is taken" }),
    people: z.array(person).meta({ description: "Everybody the file names" }),
    colleagues: z
      .array(person.extend({ roles: z.array(z.enum(roleIds)) }))
      .meta({ description: "Who may be named in a step: officers, hearing hosts and leaders of its region" }),
    timeline: z.array(caseTimelineEntry).meta({ description: "The last 500 entries, oldest first" }),
    timelineTruncated: z.boolean().meta({ description: "There are earlier ones: GET /cases/{id}/timeline" }),
  })
  .meta({ id: "Case" });

export const newClueBody = z.strictObject({
  source: enumOf(caseSources).exclude(["video"]),
  region: z.string().regex(/^[1-9]\d{5}$/),
  violation: plainText().min(1).max(60),
  note: plainText().trim().min(1).max(5000),
  startedAt: z.iso.datetime({ offset: true }),
  endedAt: z.iso.datetime({ offset: true }),
  place: plainText().trim().min(1).max(256),
});

export const stepReply = z
  .object({
    caseId: z.string(),
    state: enumOf<CaseState>(caseStates),
    version: z.number().int(),
    documents: z.array(issuedDocument),
  })
  .meta({ id: "StepOutcome" });

export type CaseReply = z.infer<typeof caseReply>;
