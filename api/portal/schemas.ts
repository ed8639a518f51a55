import { z } from "zod";
import { clockKinds } from "../../casework/clocks/clock.ts";
import { type DocumentCode, documentCodes } from "../../casework/documents/document-codes.ts";
import { objectionGrounds } from "../../casework/portal/objection.ts";
import { partySteps } from "../../casework/portal/party-steps.ts";
import { factorKinds } from "../../casework/portal/second-factor.ts";
import { received } from "../../store/portal-receipt-store.ts";
import { enumOf, instant, plainText } from "../schemas/common.ts";

const date = z.string().meta({ format: "date" });
const words = (longest: number) => plainText().trim().min(1).max(longest);
const id = plainText().min(1).max(80);

// What comes in. Nothing here, nor anywhere else in the portal, asks anybody to give up a right (B-10).

export const sessionBody = z.strictObject({
  token: plainText().max(100).meta({ description: "From the link" }),
  factor: z.string().min(1).max(20).meta({ description: "What the link asks for" }),
});

export const questionBody = sessionBody.pick({ token: true });

export const answerBody = z.strictObject({
  text: words(5_000),
  ground: enumOf(objectionGrounds)
    .optional()
    .meta({ description: "Given: an objection against the record, for this reason" }),
});

export const statementBody = z.strictObject({
  text: words(5_000),
  about: z
    .enum(["notice", "urging", "record"])
    .optional()
    .meta({ description: "Not given: what was served last" }),
});

export const hearingBody = z.strictObject({ note: words(2_000).optional() });

export const humanBody = z.strictObject({
  topic: z.enum(["explanation", "human_decision", "help"]),
  text: words(2_000).optional(),
});

export const reviewBody = z.strictObject({
  demand: words(1_000).meta({ description: "复议请求" }),
  reasons: words(10_000).meta({ description: "事实和理由" }),
  contact: words(200).optional(),
});

export const addressBody = z.strictObject({
  channels: z
    .array(z.strictObject({ channel: z.enum(["sms", "email"]), address: words(200) }))
    .min(1)
    .max(3),
  agreed: z.literal(true).meta({ description: "Agrees to be served this way; can be taken back any time" }),
  signedName: words(100),
});

export const revocationBody = z.strictObject({});

export const uploadQuery = z.strictObject({
  name: plainText().trim().min(1).max(120),
  note: plainText().trim().max(500).optional(),
});

export const documentParams = z.object({ docId: id });
export const recordParams = z.object({ incidentId: id });
export const recordFileParams = recordParams.extend({ name: plainText().max(200) });
export const receiptParams = z.object({ receiptId: id });

// What goes out.

export const sessionReply = z
  .object({ bearer: z.string(), expiresAt: instant, opens: z.enum(["case", "record"]) })
  .meta({ id: "PortalSession" });

export const questionReply = z
  .object({
    factorKind: enumOf(factorKinds),
    asksZh: z.string(),
    asksEn: z.string(),
    length: z.number().int(),
  })
  .meta({ id: "PortalQuestion" });

const file = z.object({
  path: z.string(),
  role: z.string(),
  mediaType: z.string(),
  sha256: z.string(),
  sizeBytes: z.number().int(),
});
const record = z.object({ incidentId: z.string(), occurredAt: instant, files: z.array(file) });

const amount = z.object({
  asOf: date,
  fineFen: z.number().int(),
  surchargeFen: z.number().int(),
  paidFen: z.number().int(),
  unpaidFen: z.number().int(),
});

const agency = z.object({ zh: z.string(), address: z.string(), phone: z.string() });

export const caseReply = z
  .object({
    caseNo: z.string().nullable(),
    agency,
    violationZh: z.string(),
    place: z.string(),
    startedAt: instant,
    partyName: z.string().nullable(),
    stateZh: z.string(),
    plainZh: z.string(),
    clocks: z.array(
      z.object({
        kind: enumOf(clockKinds),
        zh: z.string(),
        startedOn: date,
        lastDay: date,
        daysLeft: z.number().int(),
      }),
    ),
    documents: z.array(
      z.object({
        docId: z.string(),
        code: enumOf<DocumentCode>(documentCodes),
        title: z.string(),
        number: z.string().nullable(),
        servedOn: date,
      }),
    ),
    records: z.array(record),
    statements: z.array(z.object({ receivedOn: date, text: z.string(), reviewedOn: date.nullable() })),
    hearing: z.object({ on: date, time: z.string(), place: z.string(), public: z.boolean() }).nullable(),
    amount: amount.nullable(),
    remedies: z.object({ reviewBody: z.string(), court: z.string() }).nullable(),
    mayNow: z.array(enumOf(partySteps)),
  })
  .meta({ id: "PortalCase" });

export const recordReply = z
  .object({
    violationZh: z.string(),
    place: z.string(),
    stateZh: z.string(),
    plainZh: z.string(),
    graceUntil: instant.nullable(),
    letters: z.array(z.object({ title: z.string(), paragraphs: z.array(z.string()) })),
    record: record.nullable(),
    objectionGrounds: z.array(z.object({ ground: enumOf(objectionGrounds), zh: z.string() })),
  })
  .meta({ id: "PortalRecord" });

export const evidenceReply = z.object({ items: z.array(record) }).meta({ id: "PortalEvidence" });

export const paymentReply = z
  .object({
    due: z.boolean(),
    code: z.string().nullable().meta({ description: "Given to the bank; the agency takes no money" }),
    payee: z.string().nullable(),
    amount: amount.nullable(),
  })
  .meta({ id: "PortalPayment" });

export const receiptReply = z
  .object({
    receiptId: z.string(),
    at: instant,
    what: enumOf(received),
    whatZh: z.string(),
    sha256: z.string().meta({ description: "Of the bytes as they came in" }),
    content: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "PortalReceipt" });
export const receiptListReply = z.object({ items: z.array(receiptReply) }).meta({ id: "PortalReceiptList" });
