import { z } from "zod";
import { LINK_DAYS } from "../../casework/portal/party-link.ts";
import { factorKinds } from "../../casework/portal/second-factor.ts";
import { received } from "../../store/portal-receipt-store.ts";
import { enumOf, instant, plainText } from "./common.ts";

const days = z.number().int().min(1).max(LINK_DAYS.most).default(LINK_DAYS.usual);

export const newCaseLinkBody = z.strictObject({
  factor: enumOf(factorKinds)
    .default("phone")
    .meta({ description: "What the party is asked for; read from what is on file of them" }),
  days: days.meta({ description: "Longer where one of the party's own deadlines runs longer" }),
});
export const newRecordLinkBody = z.strictObject({
  factor: enumOf(factorKinds),
  number: plainText()
    .trim()
    .min(3)
    .max(30)
    .meta({ description: "The phone or plate; only its end is kept, hashed" }),
  days,
});

export const newLinkReply = z
  .object({
    linkId: z.string(),
    url: z.string().meta({ description: "Said once: only a hash of it is kept" }),
    factorKind: enumOf(factorKinds),
    asksZh: z.string(),
    expiresAt: instant,
    notice: z.object({ docId: z.string(), number: z.string().nullable() }).nullable().meta({
      description: "The notice of the record (D16) to hand over; it names the link, never its token",
    }),
  })
  .meta({ id: "NewPartyLink" });

export const linkListReply = z
  .object({
    items: z.array(
      z.object({
        linkId: z.string(),
        factorKind: enumOf(factorKinds),
        standing: z.enum(["open", "locked", "revoked", "expired"]),
        expiresAt: instant,
        createdBy: z.string(),
        createdAt: instant,
        lastUsedAt: instant.nullable(),
      }),
    ),
  })
  .meta({ id: "PartyLinkList" });

export const linkParams = z.object({ linkId: plainText().min(1).max(80) });
export const revokeLinkBody = z.strictObject({ reason: plainText().trim().min(1).max(500) });
export const revokeLinkReply = z.object({ revoked: z.literal(true) }).meta({ id: "PartyLinkRevoked" });

export const submissionListReply = z
  .object({
    items: z.array(
      z.object({
        receiptId: z.string(),
        at: instant,
        what: enumOf(received),
        whatZh: z.string(),
        sha256: z.string(),
        content: z.record(z.string(), z.unknown()),
      }),
    ),
  })
  .meta({ id: "PartySubmissionList" });

export const uploadParams = z.object({ uploadId: plainText().min(1).max(80) });
export const uploadFileQuery = z.object({
  variant: z
    .enum(["received", "copy"])
    .default("received")
    .meta({ description: "`copy`: the picture written anew; only pictures have one" }),
});
