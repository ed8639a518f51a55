import { z } from "zod";
import { complianceRules } from "../../casework/camera/compliance.ts";
import { inspectionKinds, reviewPoints } from "../../casework/camera/compliance-records.ts";
import { useAuthorities } from "../../casework/case/step-facts.ts";
import { localDateSchema } from "../../config/validity.ts";
import { enumOf, instant, plainText } from "./common.ts";

const text = plainText().trim().min(1).max(2000);
const useAuthority = enumOf(useAuthorities);
const finding = z.object({ ok: z.boolean(), note: plainText().trim().max(2000) });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

function findingsOf<Point extends string>(points: Record<Point, string>) {
  const shape = Object.fromEntries(
    Object.entries<string>(points).map(([point, zh]) => [
      point,
      z.strictObject(finding.shape).meta({ description: zh }),
    ]),
  ) as Record<Point, typeof finding>;
  return z.strictObject(shape);
}

const review = { opinion: text, validFrom: localDateSchema, validTo: localDateSchema.optional() };

export const reviewBody = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("legal"), findings: findingsOf(reviewPoints.legal), ...review }),
  z.strictObject({ kind: z.literal("technical"), findings: findingsOf(reviewPoints.technical), ...review }),
]);

export const listingBody = z.discriminatedUnion("listed", [
  z.strictObject({
    listed: z.literal(true),
    purpose: text,
    responsibleBody: text,
    publishedOn: localDateSchema,
    useFrom: localDateSchema,
    proof: text.optional().meta({ description: "Where it was published, when that was before today" }),
  }),
  z.strictObject({ listed: z.literal(false), removedOn: localDateSchema, reason: text }),
]);

export const inspectionBody = z.strictObject({
  kind: enumOf(inspectionKinds),
  passed: z.boolean(),
  doneOn: localDateSchema,
  nextDue: localDateSchema.optional().meta({ description: "Of maintenance that was passed" }),
  fileSha256: sha256.optional().meta({ description: "Of a sign its photo, of an assessment its report" }),
  note: text,
});

const citation = z.strictObject({
  law: plainText()
    .max(20)
    .meta({ description: "Id in the law registry: a law or an administrative regulation" }),
  article: z.string().regex(/^\d+(\(\d+\))*$/),
});

export const authorityBody = z.strictObject({
  authority: useAuthority,
  citation: citation.optional(),
  reason: text,
  validFrom: localDateSchema,
  validTo: localDateSchema.optional(),
});

export const reviewReply = z
  .object({
    reviewId: z.string(),
    passed: z.boolean(),
    docId: z
      .string()
      .nullable()
      .meta({ description: "Its form (N21, N22); null while no agency is on record" }),
  })
  .meta({ id: "CameraReviewed" });
export const listingReply = z.object({ listingId: z.string() }).meta({ id: "CameraListed" });
export const inspectionReply = z.object({ inspectionId: z.string() }).meta({ id: "CameraInspected" });
export const authorityReply = z.object({ authorityId: z.string() }).meta({ id: "CameraAuthorised" });

export const complianceQuery = z.object({
  on: localDateSchema.optional().meta({ description: "Left out: today" }),
});

const date = z.string().meta({ format: "date" });

export const complianceReply = z
  .object({
    cameraId: z.string(),
    on: date,
    usable: z.boolean().meta({ description: "Its records of that day may become evidence" }),
    useAuthority,
    rules: z.array(
      z.object({
        rule: enumOf(complianceRules),
        zh: z.string(),
        en: z.string(),
        article: z.string(),
        ok: z.boolean(),
        /** What is wrong and what is needed. */
        faults: z.array(z.object({ zh: z.string(), en: z.string() })),
      }),
    ),
    reviews: z.array(
      z.object({
        reviewId: z.string(),
        kind: enumOf(reviewPoints),
        passed: z.boolean(),
        validFrom: date,
        validTo: date.nullable(),
        findings: z.partialRecord(z.string(), finding),
        opinion: z.string(),
        reviewerName: z.string(),
        at: instant,
      }),
    ),
    listings: z.array(
      z.object({
        listingId: z.string(),
        listed: z.boolean(),
        purpose: z.string(),
        responsibleBody: z.string(),
        publishedOn: date,
        useFrom: date,
        proof: z.string().nullable(),
        at: instant,
      }),
    ),
    inspections: z.array(
      z.object({
        inspectionId: z.string(),
        kind: enumOf(inspectionKinds),
        passed: z.boolean(),
        doneOn: date,
        nextDue: date.nullable(),
        fileSha256: z.string().nullable(),
        note: z.string(),
        at: instant,
      }),
    ),
    authorities: z.array(
      z.object({
        authorityId: z.string(),
        authority: useAuthority,
        citation: z.object({ law: z.string(), article: z.string(), zh: z.string() }).nullable(),
        reason: z.string(),
        validFrom: date,
        validTo: date.nullable(),
        grantedByName: z.string(),
        at: instant,
      }),
    ),
  })
  .meta({ id: "CameraCompliance" });

/** What counts as abnormal is the product's own choice; whoever looks may choose otherwise. */
export const abnormalQuery = z.object({
  days: z.coerce.number().int().min(1).max(366).default(30),
  times: z.coerce.number().min(1).max(100).default(3),
});

export const abnormalReply = z.object({
  days: z.number(),
  times: z.number(),
  items: z.array(
    z
      .object({
        cameraId: z.string(),
        name: z.string(),
        violation: z.string(),
        captures: z.number().int(),
        median: z.number().meta({ description: "Of all cameras that watch for the same matter" }),
      })
      .meta({ id: "AbnormalCamera" }),
  ),
});

export const publicCameraQuery = z.object({
  region: z
    .string()
    .regex(/^[1-9]\d{5}$/)
    .optional(),
  cursor: plainText().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});

export const publicCameraReply = z.object({
  items: z.array(
    z
      .object({
        cameraId: z.string(),
        name: z.string(),
        region: z.string(),
        place: z.string(),
        purpose: z.string(),
        responsibleBody: z.string(),
        publishedOn: date,
        useFrom: date,
      })
      .meta({ id: "PublicCamera" }),
  ),
  nextCursor: z.string().nullable(),
});
