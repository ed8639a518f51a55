import { z } from "zod";
import { audienceKinds, channelNames } from "../../casework/warning/audience.ts";
import { lookResults } from "../../casework/warning/recheck-verdict.ts";
import { enumOf, instant, plainText } from "./common.ts";

const channel = enumOf(channelNames);
const note = plainText().trim().max(1000);

const plate = plainText()
  .trim()
  .min(6)
  .max(12)
  .meta({ description: "As a person has read and confirmed it; kept nowhere" });

export const warnBody = z.strictObject({
  level: z
    .union([z.literal(0), z.literal(1)])
    .default(0)
    .meta({ description: "0 asks, 1 orders in writing" }),
  audience: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("place") }),
      z.strictObject({ kind: z.literal("responsible_party"), partyId: plainText().min(1).max(80) }),
      z.strictObject({
        kind: z.literal("vehicle_owner"),
        plate,
        otherPlateReason: note.optional().meta({
          description:
            "Why it is not the plate on the record; needed where it is another one, never the plate",
        }),
      }),
    ])
    .default({ kind: "place" }),
  channels: z.array(channel).min(1).max(6).optional().meta({ description: "Left out: every way there is" }),
  text: plainText()
    .trim()
    .min(1)
    .max(300)
    .optional()
    .meta({ description: "Instead of the template; never a whole plate" }),
  dueAt: z.iso
    .datetime()
    .optional()
    .meta({ description: "End of the time for putting it right; left out: the rule's grace" }),
  colleague: plainText()
    .min(1)
    .max(80)
    .optional()
    .meta({ description: "The second officer of a written order; needed for one" }),
  reason: note.optional().meta({ description: "Why a written order; needed for one" }),
});

export const warnReply = z
  .object({
    warningId: z.string(),
    link: z.string().meta({ description: "Unguessable link to the letter" }),
    graceUntil: instant,
    channels: z.array(z.string()),
    owner: z
      .enum(["found", "not_found", "unavailable"])
      .nullable()
      .meta({ description: "What the vehicle registry said; null: nobody asked it" }),
  })
  .meta({ id: "WarningMade" });

export const ladderQuery = z.object({
  partyId: plainText()
    .max(80)
    .optional()
    .meta({ description: "Whose repeats count; a plate is in no address" }),
  harm: z.stringbool().default(false),
});

const reason = z.object({ code: z.string(), zh: z.string(), en: z.string() });
export const ladderReply = z
  .object({
    next: z.enum([
      ...["persuade", "written_order", "case", "work_order", "dispatch", "transfer", "look_again", "done"],
    ] as [string, ...string[]]),
    level: z.number().int().nullable(),
    ground: z.string().nullable(),
    reasons: z.array(reason),
    repeats: z.number().int().meta({ description: "Earlier incidents of the same subject and matter" }),
    parties: z.array(z.object({ partyId: z.string(), name: z.string(), kind: z.enum(["shop", "unit"]) })),
    speakers: z.number().int(),
    alone: z
      .object({
        allowed: z.boolean(),
        reviewed: z.number().int(),
        confirmed: z.number().int(),
        why: z.string().nullable(),
      })
      .meta({ description: "Whether an anonymous broadcast may go out without an officer's click" }),
  })
  .meta({ id: "Ladder" });

export const correctionBody = z.strictObject({
  note: note.meta({ description: "What was seen, and what was explained to the party" }),
  recheckId: plainText()
    .max(80)
    .nullable()
    .default(null)
    .meta({ description: "The look it rests on; null: what the officer saw" }),
});
export const noteBody = z.strictObject({ note });
export const targetBody = z.strictObject({ target: plainText().trim().max(200) });

export const recheckView = z
  .object({
    recheckId: z.string(),
    warningId: z.string(),
    state: z.enum(["pending", "running", "done", "failed", "cancelled"]),
    askedByName: z.string().nullable(),
    dueAt: instant,
    nextAt: instant,
    attempts: z.number().int(),
    fault: z.string().nullable(),
    seenAt: instant.nullable(),
    result: enumOf(lookResults).nullable(),
    before: z.string().nullable().meta({ description: "Masked picture from when it was seen" }),
    after: z.string().nullable().meta({ description: "Masked picture from the look" }),
    sha256: z.object({ before: z.string().nullable(), after: z.string().nullable() }),
  })
  .meta({ id: "Recheck" });
export const recheckListReply = z.object({ items: z.array(recheckView) }).meta({ id: "RecheckList" });
export const recheckAsked = z.object({ recheckId: z.string() }).meta({ id: "RecheckAsked" });
export const recheckIdParams = z.object({ id: plainText().min(1).max(80) });
export const recheckPictureParams = recheckIdParams.extend({ which: z.enum(["before", "after"]) });

export const templateKey = z.object({
  violation: plainText().max(60).nullable(),
  channel,
  audience: enumOf(audienceKinds),
});
export const templateBody = z.strictObject({
  ...templateKey.shape,
  textZh: plainText().trim().min(1).max(1000),
  textEn: plainText().trim().min(1).max(1000),
  validFrom: z.iso.date().optional(),
});
export const templateView = templateKey
  .extend({
    templateId: z.string().nullable(),
    version: z.number().int().meta({ description: "0: the default that comes with the product" }),
    textZh: z.string(),
    textEn: z.string(),
    createdByName: z.string().nullable(),
    createdAt: instant.nullable(),
    validFrom: z.string().nullable(),
  })
  .meta({ id: "WarningTemplate" });
export const templateListReply = z
  .object({ items: z.array(templateView), placeholders: z.record(z.string(), z.string()) })
  .meta({ id: "WarningTemplateList" });

const optional = (schema: z.ZodString) => schema.nullable().default(null);
export const partyBody = z.strictObject({
  cameraId: plainText().min(1).max(80),
  zoneId: plainText().trim().min(1).max(80),
  kind: z.enum(["shop", "unit"]),
  name: plainText().trim().min(1).max(200),
  phone: optional(
    plainText()
      .trim()
      .regex(/^\+?[\d-]{5,20}$/),
  ),
  email: z.email().max(200).nullable().default(null),
  speakerId: optional(plainText().max(80)),
  unifiedCode: optional(z.string().regex(/^[0-9A-HJ-NPQRTUWXY]{18}$/)),
  validFrom: z.iso.date(),
  validTo: z.iso.date().nullable().default(null),
});
export const partyReply = partyBody
  .extend({ partyId: z.string(), region: z.string(), version: z.number().int(), updatedAt: instant })
  .meta({ id: "ResponsibleParty" });
export const partyListReply = z.object({ items: z.array(partyReply) }).meta({ id: "ResponsiblePartyList" });
export const registryQuery = z.object({ cameraId: plainText().max(80).optional() });
export const registryIdParams = z.object({ id: plainText().min(1).max(80) });

export const speakerBody = z.strictObject({
  cameraId: plainText().min(1).max(80),
  zoneId: optional(plainText().trim().min(1).max(80)),
  transport: z.enum(["mqtt", "http"]),
  address: plainText()
    .trim()
    .regex(/^[\w-]{1,64}$/)
    .meta({ description: "What the broker or the gateway calls it" }),
  alone: z.boolean().default(false).meta({
    description: "May say anonymous requests by itself where the detector was measured good enough",
  }),
  enabled: z.boolean().default(true),
});
export const speakerReply = speakerBody
  .extend({ speakerId: z.string(), region: z.string(), version: z.number().int(), updatedAt: instant })
  .meta({ id: "Speaker" });
export const speakerListReply = z.object({ items: z.array(speakerReply) }).meta({ id: "SpeakerList" });

export const cureQuery = z.object({
  from: z.iso.date(),
  to: z.iso.date().meta({ description: "Last local day" }),
  violation: plainText().max(60).optional(),
  cameraId: plainText().max(80).optional(),
});
export const cureReply = z
  .object({
    items: z.array(
      z.object({
        violation: z.string(),
        violationName: z.object({ zh: z.string(), en: z.string() }),
        cameraId: z.string(),
        cameraName: z.string(),
        warnings: z.number().int(),
        corrected: z.number().int(),
        notCorrected: z.number().int(),
        open: z.number().int(),
        curePermille: z.number().int().nullable(),
        medianSecondsToCure: z.number().int().nullable(),
        deliveryFailures: z.number().int(),
      }),
    ),
  })
  .meta({ id: "CureStatistics" });
