import { z } from "zod";
import { checks } from "../../casework/supervision/checks.ts";
import { itemOutcomes, itemStates, MANUAL } from "../../casework/supervision/item.ts";
import { enumOf, instant, pageQuery, plainText } from "./common.ts";

const date = z.string().meta({ format: "date" });
const checkCode = z.enum([...checks.map(({ code }) => code), MANUAL]);

export const supervisionItemParams = z.object({ id: plainText().min(1).max(80) });
export const supervisionListQuery = pageQuery.extend({
  state: enumOf(itemStates).optional(),
  code: checkCode.optional(),
  caseId: plainText().min(1).max(80).optional(),
});

export const raiseItemBody = z.strictObject({
  caseId: plainText().min(1).max(80),
  finding: plainText().trim().min(5).max(2_000).meta({ description: "What was seen, in full sentences" }),
  references: z
    .array(plainText().trim().min(1).max(200))
    .max(20)
    .default([])
    .meta({ description: "Where it can be verified: ids of evidence and documents, dates" }),
  dueOn: z.iso.date().optional().meta({ description: "Left out: the usual period" }),
});
export const replyBody = z.strictObject({ reply: plainText().trim().min(5).max(4_000) });
export const closeItemBody = z.strictObject({
  outcome: enumOf(itemOutcomes).meta({
    description: "`unfounded` may come without an answer, the others only after one",
  }),
  note: plainText().trim().min(2).max(2_000),
});

const names = z.string().nullable();

export const supervisionItemReply = z
  .object({
    itemId: z.string(),
    caseId: z.string(),
    caseNo: z.string().nullable(),
    region: z.string(),
    violation: z.string(),
    violationName: z.object({ zh: z.string(), en: z.string() }),
    checkCode: z.string().meta({ description: "SP01 … SU05, or `manual`" }),
    check: z
      .object({ zh: z.string(), en: z.string(), basis: z.array(z.string()) })
      .nullable()
      .meta({ description: "What the check is about; null of what a person raised" }),
    messageZh: z.string(),
    messageEn: z.string(),
    evidence: z.record(z.string(), z.unknown()).meta({ description: "Ids, dates and amounts" }),
    state: enumOf(itemStates),
    owner: names,
    ownerName: names,
    dueOn: date.nullable(),
    overdue: z.boolean().meta({ description: "Not answered, and the day is over" }),
    raisedBy: names.meta({ description: "Null: a check did" }),
    raisedByName: names,
    raisedAt: instant,
    reply: z.string().nullable(),
    repliedBy: names,
    repliedByName: names,
    repliedAt: instant.nullable(),
    outcome: enumOf(itemOutcomes).nullable(),
    outcomeNote: z.string().nullable(),
    closedBy: names,
    closedByName: names,
    closedAt: instant.nullable(),
  })
  .meta({ id: "SupervisionItem" });
export type SupervisionItemReply = z.input<typeof supervisionItemReply>;

export const supervisionListReply = z
  .object({ items: z.array(supervisionItemReply), nextCursor: z.string().nullable() })
  .meta({ id: "SupervisionItemList" });
