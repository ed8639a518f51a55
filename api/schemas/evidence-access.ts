import { z } from "zod";
import {
  DEFAULT_GRANT_HOURS,
  type GrantState,
  grantStates,
  MAX_GRANT_HOURS,
  type ViewPurpose,
  viewPurposes,
} from "../../casework/evidence/evidence-access.ts";
import { type DeletionRule, deletionRules } from "../../casework/evidence/retention.ts";
import { enumOf, instant, pageQuery, plainText } from "./common.ts";

const id = plainText().min(1).max(80);
const words = plainText().trim().max(1000);
const localDate = z.string().meta({ format: "date", description: "Asia/Shanghai" });

export const grantIdParams = z.object({ id });
export const requestAccessBody = z.strictObject({
  purpose: enumOf<ViewPurpose>(viewPurposes),
  reason: words,
  hours: z.int().min(1).max(MAX_GRANT_HOURS).default(DEFAULT_GRANT_HOURS),
  caseId: id.nullable().default(null),
});
export const noteBody = z.strictObject({ note: words });
export const grantListQuery = pageQuery.extend({
  state: enumOf<GrantState>(grantStates).default("pending"),
});

const grant = z
  .object({
    grantId: z.string(),
    incidentId: z.string(),
    caseId: z.string().nullable(),
    violation: z.string(),
    violationName: z.object({ zh: z.string(), en: z.string() }),
    place: z.string(),
    triggeredAt: instant,
    purpose: enumOf<ViewPurpose>(viewPurposes),
    reason: z.string(),
    hours: z.int(),
    state: enumOf<GrantState>(grantStates).meta({
      description: "`approved` also once it has run out: compare expiresAt",
    }),
    requestedBy: z.string(),
    requestedByName: z.string(),
    requestedAt: instant,
    decidedByName: z.string().nullable(),
    decidedAt: instant.nullable(),
    decisionNote: z.string().nullable(),
    expiresAt: instant.nullable(),
    revokedAt: instant.nullable(),
  })
  .meta({ id: "AccessGrant" });
export const grantReply = grant;
export const grantListReply = z
  .object({ items: z.array(grant), nextCursor: z.string().nullable() })
  .meta({ id: "AccessGrantList" });

const tombstone = z
  .object({
    incidentId: z.string(),
    bundleId: z.string(),
    cameraId: z.string(),
    manifestSha256: z.string(),
    sequence: z
      .int()
      .nullable()
      .meta({ description: "Place in the camera's chain; null when the seal was lost" }),
    seal: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: "The bundle's seal.json as it was" }),
    rule: enumOf<DeletionRule>(deletionRules),
    keptThrough: localDate,
    decidedBy: z.string(),
    decidedAt: instant,
    deletedAt: instant.nullable().meta({ description: "null while the files are being removed" }),
  })
  .meta({ id: "Tombstone" });
export const tombstoneListQuery = pageQuery.extend({ cameraId: id.optional() });
export const tombstoneListReply = z
  .object({ items: z.array(tombstone), nextCursor: z.string().nullable() })
  .meta({ id: "TombstoneList" });

export const accessReply = z
  .object({
    ground: z
      .object({ kind: z.enum(["review_claim", "grant"]), grantId: z.string().nullable(), until: instant })
      .nullable()
      .meta({ description: "By what right the asking user may see originals now; null: masked copies only" }),
    grants: z
      .array(grant)
      .meta({ description: "The asking user's requests for this incident, newest first" }),
    mayRequest: z.boolean(),
    mayHold: z.boolean(),
    mayReleaseHold: z.boolean(),
    deletion: tombstone.pick({ rule: true, keptThrough: true, decidedAt: true }).nullable(),
  })
  .meta({ id: "EvidenceAccess" });

export const holdIdParams = z.object({ id });
export const holdReply = z.object({ holdId: z.string() }).meta({ id: "HoldMade" });
export const holdBody = z.strictObject({ reason: words });
const hold = z
  .object({
    holdId: z.string(),
    incidentId: z.string(),
    caseId: z.string().nullable(),
    reason: z.string(),
    placedByName: z.string(),
    placedAt: instant,
    releasedByName: z.string().nullable(),
    releasedAt: instant.nullable(),
    releaseReason: z.string().nullable(),
  })
  .meta({ id: "Hold" });
export const holdListReply = z
  .object({
    items: z.array(hold),
    heldByCase: z
      .boolean()
      .meta({ description: "A case was made of it: the case file holds the evidence by itself" }),
  })
  .meta({ id: "HoldList" });

export type AccessReply = z.infer<typeof accessReply>;
export type GrantReply = z.infer<typeof grantReply>;
export type GrantListReply = z.infer<typeof grantListReply>;
export type HoldListReply = z.infer<typeof holdListReply>;
