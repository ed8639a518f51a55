import { z } from "zod";

/** Version of the whole format; a reader refuses any other. */
export const BUNDLE_SCHEMA = "forewarn-bundle/1";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hex digits");
/** Why a camera saw nothing (`SpanKind` without `watched`). */
const GAP_KINDS = ["blind", "offline", "view_moved", "covered", "frozen", "clock_off", "unwatched"] as const;

const instant = z.iso.datetime({ precision: 3 });
const ms = z.number().min(0);
const point = z.tuple([z.number(), z.number()]);
const polygon = z.array(point).min(3);
const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);

/** Folder names and file names that are safe on every system and in every shell line of docs/verify.md. */
export const bundleIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/);
const filePath = z.string().regex(/^(originals|masked)\/[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/);

const file = z.strictObject({
  path: filePath,
  sha256,
  sizeBytes: z.int().min(1),
  role: z.enum(["clip", "wide", "close"]),
  mediaType: z.string().min(3),
  /** The file it was made from; null for what came from the camera's stream. */
  derivedFrom: filePath.nullable(),
});

const frame = z.strictObject({
  role: z.enum(["first", "middle", "trigger"]),
  file: filePath,
  /** Of the picture that is stored. */
  ptsSec: z.number(),
  capturedAt: instant,
  /** Measured deviation of the clock, null when nobody measured it. */
  clockOffsetMs: z.number().nullable(),
  /** The analysed frame the box belongs to; differs from `ptsSec` when the recording lacks just that frame. */
  sightingPtsSec: z.number(),
  box,
  score: z.number(),
  /** `as_grabbed`: the bytes as decoded from the recording, untouched. */
  encoding: z.enum(["as_grabbed", "converted_to_jpeg", "privacy_masked"]),
});

const clip = z.discriminatedUnion("stored", [
  z.strictObject({
    stored: z.literal(true),
    file: filePath,
    codec: z.string().min(1),
    /** Packets exactly as received, never encoded again. */
    streamCopied: z.literal(true),
    startSec: z.number(),
    endSec: z.number(),
    startAt: instant,
    endAt: instant,
    beforeTriggerSec: z.number(),
    afterTriggerSec: z.number(),
  }),
  z.strictObject({ stored: z.literal(false), reason: z.literal("privacy_masks") }),
]);

const masks = z.strictObject({
  /** What the copies in `masked/` hide: everything but the subject. */
  copies: z.literal("all_but_subject_pixelated"),
  subjectHead: z.enum(["pixelated", "not_applicable"]),
  faces: z.literal("not_done"),
  plates: z.literal("not_done"),
  /** Blacked in every picture before it was stored; a camera's own polygons. */
  privacy: z.strictObject({ state: z.enum(["none", "blacked_before_storage"]), polygons: z.array(polygon) }),
});

/** What domain B.3 asks of a package and this version does not hold; said rather than left to be guessed. */
export const NOT_INCLUDED = [
  "camera_review_ids",
  "operator",
  "plate_text",
  "recheck_still",
  "access_log",
  "trusted_timestamp",
] as const;

const link = { sequence: z.int().min(1), previousManifestSha256: sha256.nullable() };

const shape = z.strictObject({
  schema: z.literal(BUNDLE_SCHEMA),
  bundleId: bundleIdSchema,
  createdAt: instant,
  ...link,
  software: z.strictObject({ name: z.string().min(1), version: z.string().min(1) }),
  model: z.strictObject({ id: z.string().min(1), sha256, minScore: z.number() }),
  clock: z.strictObject({ source: z.string().min(1), offsetMs: z.number().nullable() }),
  camera: z.strictObject({
    id: z.string().min(1),
    name: z.string(),
    region: z.string(),
    location: z.strictObject({ lat: z.number(), lon: z.number(), place: z.string() }),
  }),
  zone: z.strictObject({ id: z.string().min(1), name: z.string().nullable(), polygon, version: z.string() }),
  rule: z.strictObject({
    id: z.string().min(1),
    violation: z.string().min(1),
    zone: z.string().min(1),
    labels: z.array(z.string()),
    minScore: z.number(),
    dwellSeconds: z.number(),
    stationary: z.boolean(),
    minCount: z.number(),
    graceSeconds: z.number(),
    schedule: z.array(
      z.strictObject({ days: z.array(z.number()), fromMinute: z.number(), toMinute: z.number() }),
    ),
    effectiveFrom: z.string().nullable(),
    effectiveTo: z.string().nullable(),
    version: z.string(),
  }),
  violation: z.string().min(1),
  legalBasisIds: z.array(z.string().min(1)),
  candidate: z.strictObject({
    id: bundleIdSchema,
    label: z.string().min(1),
    score: z.number(),
    box,
    trackIds: z.array(z.string()),
    startedAt: instant,
    startedPtsSec: z.number(),
    triggeredAt: instant,
    triggeredPtsSec: z.number(),
    endedAt: instant.nullable(),
    endedPtsSec: z.number().nullable(),
    dwellMs: ms,
    unobservedMs: ms,
  }),
  ledger: z.array(
    z.strictObject({ kind: z.enum(["observed", "unobserved"]), from: instant, to: instant, durationMs: ms }),
  ),
  /** Stretches of the stay in which the camera saw nothing, and why; absent where nobody kept account of it. */
  gaps: z
    .array(z.strictObject({ kind: z.enum(GAP_KINDS), from: instant, to: instant, durationMs: ms }))
    .optional(),
  frames: z.array(frame).length(3),
  clip,
  masks,
  /** What the package is meant to prove and how it came about; Chinese, for people. */
  proof: z.strictObject({ method: z.string().min(1), object: z.string().min(1) }),
  notIncluded: z.array(z.enum(NOT_INCLUDED)),
  files: z.array(file).min(1),
});

/** manifest.json, checked also for what one field says about another. */
export const manifestSchema = shape.superRefine((manifest, context) => {
  const refuse = (path: (string | number)[], message: string) =>
    context.addIssue({ code: "custom", path, message });
  const paths = new Set(manifest.files.map((entry) => entry.path));
  if (paths.size !== manifest.files.length) refuse(["files"], "a path is listed twice");
  manifest.files.forEach((entry, index) => {
    if (entry.derivedFrom !== null && !paths.has(entry.derivedFrom))
      refuse(["files", index, "derivedFrom"], `${entry.derivedFrom} is not in the list of files`);
  });
  manifest.frames.forEach((entry, index) => {
    if (!paths.has(entry.file))
      refuse(["frames", index, "file"], `${entry.file} is not in the list of files`);
  });
  if (manifest.clip.stored && !paths.has(manifest.clip.file))
    refuse(["clip", "file"], `${manifest.clip.file} is not in the list of files`);
  if (manifest.candidate.id !== manifest.bundleId) refuse(["candidate", "id"], "must be the bundle's own id");
  if ((manifest.sequence === 1) !== (manifest.previousManifestSha256 === null))
    refuse(["previousManifestSha256"], "is null for the first bundle of a camera, and only for that one");
});

export type Manifest = z.infer<typeof shape>;
export type ManifestFile = z.infer<typeof file>;
export type ManifestFrame = z.infer<typeof frame>;
export type ManifestClip = z.infer<typeof clip>;

/** Place of a bundle in its camera's chain. */
export interface ChainLink {
  /** 1 for the camera's first bundle, then without gaps. */
  readonly sequence: number;
  /** sha256 of the manifest before this one; null for the first. */
  readonly previousManifestSha256: string | null;
}

export const sealSchema = z.strictObject({
  schema: z.literal("forewarn-seal/1"),
  algorithm: z.literal("Ed25519"),
  bundleId: bundleIdSchema,
  cameraId: z.string().min(1),
  ...link,
  manifestSha256: sha256,
  keyId: z.string().regex(/^[0-9a-f]{16}$/, "16 lower-case hex digits"),
  /** SPKI, PEM. */
  publicKey: z.string().min(1),
  /** By the clock of the machine that sealed: not a trusted timestamp. */
  signedAt: instant,
  /** 64 bytes, base64. */
  signature: z.base64().length(88),
});

export type Seal = z.infer<typeof sealSchema>;
