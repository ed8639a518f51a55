import { z } from "zod";
import { CAPTURE_FAULTS } from "./capture-gate.ts";

/** Version of the whole format; a reader refuses any other. */
export const BUNDLE_SCHEMA = "forewarn-bundle/2";
export const SEAL_SCHEMA = "forewarn-seal/2";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hex digits");
const sm3 = sha256;
const count = z.int().min(0);
/** Why a camera saw nothing (`SpanKind` without `watched`). */
const GAP_KINDS = [
  "blind",
  "offline",
  "view_moved",
  "covered",
  "frozen",
  "clock_off",
  "disk_full",
  "unwatched",
] as const;

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
  sm3,
  sizeBytes: z.int().min(1),
  role: z.enum(["clip", "wide", "close", "plate"]),
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
  encoding: z.enum(["as_grabbed", "converted_to_jpeg", "masked_at_capture"]),
});

const clip = z.strictObject({
  file: filePath,
  codec: z.string().min(1),
  /** `stream_copied`: packets exactly as received. `masked_at_capture`: coded anew with the camera's masks burnt in. */
  encoding: z.enum(["stream_copied", "masked_at_capture"]),
  startSec: z.number(),
  endSec: z.number(),
  startAt: instant,
  endAt: instant,
  beforeTriggerSec: z.number(),
  afterTriggerSec: z.number(),
});

/** A model that was asked, and from which score on it was believed. */
const detector = z.strictObject({
  id: z.string().min(1),
  sha256,
  minScore: z.number(),
});

const masks = z.strictObject({
  /** What the copies in `masked/` hide: what was found private, or, where nobody could look, all but the subject. */
  copies: z.enum(["private_regions", "all_but_subject"]),
  /** Who looked for faces, heads, plates and vehicles; empty where nobody could. */
  detectors: z.array(detector),
  /** How many places each copy hides; of a clip, of all its frames together. */
  hidden: z.array(
    z.strictObject({
      file: filePath,
      face: count,
      head: count,
      person: count,
      plate: count,
      vehicle: count,
    }),
  ),
  /** Blacked in everything before it was kept (domain C-03); a camera's own polygons. */
  privacy: z.strictObject({ state: z.enum(["none", "masked_at_capture"]), polygons: z.array(polygon) }),
});

/** Whether it may be offered as evidence or is a lead only, and what it lacks; see capture-gate.ts. */
const capture = z.strictObject({
  grade: z.enum(["evidence", "lead"]),
  shortfalls: z.array(
    z.strictObject({ fault: z.enum(CAPTURE_FAULTS), wanted: z.number(), found: z.number().nullable() }),
  ),
  widthPx: z.int().min(1),
  heightPx: z.int().min(1),
});

/** What a machine read. It says nothing until a person has looked at the plate and confirmed it. */
const plate = z.strictObject({
  status: z.literal("suggestion_unconfirmed"),
  text: z.string().min(1),
  kind: z.enum(["blue", "yellow", "green", "white", "black", "unknown"]),
  confidence: z.number().min(0).max(1),
  /** Whether the recogniser spelt it so by itself, before the rules of GA 36. */
  grammatical: z.boolean(),
  /** In the wide picture it was read from. */
  box,
  readFrom: filePath,
  file: filePath,
  reader: z.strictObject({ id: z.string().min(1), sha256 }),
});

/** What domain B.3 asks of a package and this version does not hold; said rather than left to be guessed. */
export const NOT_INCLUDED = ["camera_review_ids", "operator", "recheck_still"] as const;

const link = { sequence: z.int().min(1), previousManifestSha256: sha256.nullable() };

const shape = z.strictObject({
  schema: z.literal(BUNDLE_SCHEMA),
  bundleId: bundleIdSchema,
  createdAt: instant,
  ...link,
  software: z.strictObject({ name: z.string().min(1), version: z.string().min(1) }),
  model: z.strictObject({ id: z.string().min(1), sha256, minScore: z.number() }),
  clock: z.strictObject({
    source: z.string().min(1),
    /** Against an independent clock, and how far that comparison may be off; null when nobody compared. */
    offsetMs: z.number().nullable(),
    uncertaintyMs: z.number().min(0).nullable(),
  }),
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
  capture,
  plate: plate.nullable(),
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
  if (!paths.has(manifest.clip.file))
    refuse(["clip", "file"], `${manifest.clip.file} is not in the list of files`);
  const { plate: suggestion } = manifest;
  for (const [field, path] of suggestion === null
    ? []
    : Object.entries({ file: suggestion.file, readFrom: suggestion.readFrom }))
    if (!paths.has(path)) refuse(["plate", field], `${path} is not in the list of files`);
  manifest.masks.hidden.forEach((entry, index) => {
    if (!paths.has(entry.file))
      refuse(["masks", "hidden", index, "file"], `${entry.file} is not in the list of files`);
  });
  if (manifest.candidate.id !== manifest.bundleId) refuse(["candidate", "id"], "must be the bundle's own id");
  if ((manifest.sequence === 1) !== (manifest.previousManifestSha256 === null))
    refuse(["previousManifestSha256"], "is null for the first bundle of a camera, and only for that one");
});

export type Manifest = z.infer<typeof shape>;
export type ManifestFile = z.infer<typeof file>;
export type ManifestFrame = z.infer<typeof frame>;
export type ManifestClip = z.infer<typeof clip>;
export type ManifestMasks = z.infer<typeof masks>;
export type ManifestPlate = z.infer<typeof plate>;

/** Place of a bundle in its camera's chain. */
export interface ChainLink {
  /** 1 for the camera's first bundle, then without gaps. */
  readonly sequence: number;
  /** sha256 of the manifest before this one; null for the first. */
  readonly previousManifestSha256: string | null;
}

export const sealSchema = z.strictObject({
  schema: z.literal(SEAL_SCHEMA),
  algorithm: z.enum(["Ed25519", "SM2"]),
  bundleId: bundleIdSchema,
  cameraId: z.string().min(1),
  ...link,
  manifestSha256: sha256,
  manifestSm3: sm3,
  keyId: z.string().regex(/^[0-9a-f]{16}$/, "16 lower-case hex digits"),
  /** SPKI, PEM. */
  publicKey: z.string().min(1),
  /** By the clock of the machine that sealed: not a trusted timestamp. */
  signedAt: instant,
  /** Base64. Ed25519: 64 bytes; SM2: DER of two numbers, up to 72 bytes. */
  signature: z.base64().min(88).max(96),
});

export type Seal = z.infer<typeof sealSchema>;
