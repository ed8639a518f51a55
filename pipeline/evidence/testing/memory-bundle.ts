import { createHash } from "node:crypto";
import type { BundleInput } from "../bundle-input.ts";
import type { BundleSource } from "../bundle-source.ts";
import { canonicalBytes } from "../canonical-json.ts";
import { CAPTURE_FAULTS } from "../capture-gate.ts";
import { sha256Hex, sm3Hex } from "../hash.ts";
import { type BundleParts, buildManifest } from "../manifest.ts";
import type { ChainLink, Manifest, ManifestFile, ManifestFrame } from "../manifest-schema.ts";
import { digestBytes } from "../node-digest.ts";
import { makeSeal } from "../seal.ts";
import type { SiteKey } from "../site-key.ts";
import { makeCamera, makeCandidate, STREAM_START } from "./bundle-fixture.ts";
import { pick, type Random } from "./seeded.ts";

/** A whole bundle in memory: path → bytes. Its pictures are noise; everything around them is real. */
export interface MemoryBundle {
  readonly files: Map<string, Buffer>;
  readonly manifest: Manifest;
}

export interface MemoryBundleOptions {
  readonly random: Random;
  readonly siteKey: SiteKey;
  readonly chain?: ChainLink;
  readonly cameraId?: string;
}

const NAMES = [
  "人民南路二段 12 号门前",
  "𠮷祥里",
  'quotes " and \\ back',
  "line\u2028separator",
  "émoji 🚗",
  "a",
];

/** A bundle like those that are written, with whatever may differ from one to the next chosen at random. */
export function makeMemoryBundle({ random, siteKey, chain, cameraId }: MemoryBundleOptions): MemoryBundle {
  const files = new Map<string, Buffer>();
  const entries: ManifestFile[] = [];
  const add = (path: string, role: ManifestFile["role"], mediaType: string, derivedFrom: string | null) => {
    const bytes = noise(random);
    files.set(path, bytes);
    const digests = { sha256: sha256Hex(bytes), sm3: sm3Hex(bytes), sizeBytes: bytes.length };
    entries.push({ path, role, mediaType, derivedFrom, ...digests });
    return path;
  };
  const moments = ["first", "middle", "trigger"] as const;
  const frames = moments.map((role, index): ManifestFrame => {
    const wide = add(`originals/still-${index + 1}-${role}.jpg`, "wide", "image/jpeg", null);
    add(`originals/close-${index + 1}-${role}.jpg`, "close", "image/jpeg", wide);
    add(`masked/still-${index + 1}-${role}.jpg`, "wide", "image/jpeg", wide);
    return {
      role,
      file: wide,
      ptsSec: fraction(random, 1000),
      capturedAt: new Date(STREAM_START + random(1_000_000)).toISOString(),
      clockOffsetMs: random(2) === 0 ? null : fraction(random, 10),
      sightingPtsSec: fraction(random, 1000),
      box: [fraction(random, 1), fraction(random, 1), 1, 1e-7 * random(10)],
      score: fraction(random, 1),
      encoding: pick(random, ["as_grabbed", "converted_to_jpeg", "masked_at_capture"] as const),
    };
  });
  const clip = add("originals/clip.mp4", "clip", "video/mp4", null);
  const masked = random(2) === 0 ? null : add("masked/clip.mp4", "clip", "video/mp4", clip);
  const plateFile =
    random(2) === 0 ? null : add("originals/plate.jpg", "plate", "image/jpeg", frames[0]?.file ?? clip);
  const parts: BundleParts = {
    frames,
    clip: {
      file: clip,
      codec: pick(random, ["h264", "hevc", "mpeg4"]),
      encoding: pick(random, ["stream_copied", "masked_at_capture"] as const),
      startSec: fraction(random, 100),
      endSec: fraction(random, 1000),
      startAt: "2026-01-01T04:00:00.000Z",
      endAt: "2026-01-01T04:10:00.000Z",
      beforeTriggerSec: fraction(random, 20),
      afterTriggerSec: fraction(random, 20),
    },
    capture: {
      grade: pick(random, ["evidence", "lead"] as const),
      shortfalls: [{ fault: pick(random, CAPTURE_FAULTS), wanted: fraction(random, 1000), found: null }],
      widthPx: 1 + random(4000),
      heightPx: 1 + random(3000),
    },
    plate:
      plateFile === null
        ? null
        : {
            status: "suggestion_unconfirmed",
            text: "川A12345",
            kind: "blue",
            confidence: fraction(random, 1),
            grammatical: true,
            box: [0, 0, 1, 1],
            readFrom: frames[0]?.file ?? clip,
            file: plateFile,
            reader: { id: "reader", sha256: "ab".repeat(32) },
          },
    masks: {
      copies: pick(random, ["private_regions", "all_but_subject"] as const),
      detectors: [],
      hidden:
        masked === null ? [] : [{ file: masked, face: random(99), head: 0, person: 0, plate: 0, vehicle: 7 }],
    },
    files: entries,
  };
  const manifest = buildManifest(inputOf(random, siteKey, chain, cameraId), parts);
  const bytes = canonicalBytes(manifest);
  files.set("manifest.json", bytes);
  files.set(
    "seal.json",
    canonicalBytes(makeSeal(manifest, bytes, siteKey, STREAM_START + random(1_000_000))),
  );
  return { files, manifest };
}

/** The bundle as what checks it sees it. */
export function memorySource(files: ReadonlyMap<string, Buffer>): BundleSource {
  const folders = [
    ...new Set(
      [...files.keys()].filter((path) => path.includes("/")).map((path) => path.split("/")[0] ?? ""),
    ),
  ];
  const read = (path: string): Buffer => {
    const bytes = files.get(path);
    if (bytes === undefined) throw new Error(`${path} was read and is not listed`);
    return bytes;
  };
  return {
    entries: [
      ...folders.map((path) => ({ path, kind: "folder" as const, sizeBytes: 0 })),
      ...[...files].map(([path, bytes]) => ({ path, kind: "file" as const, sizeBytes: bytes.length })),
    ],
    problems: [],
    read: async (path) => read(path),
    digest: (path) => digestBytes(read(path)),
  };
}

function inputOf(
  random: Random,
  siteKey: SiteKey,
  chain: ChainLink = { sequence: 1, previousManifestSha256: null },
  cameraId = `cam-${random(1000)}`,
): Omit<BundleInput, "sources" | "outDir" | "scratchDir" | "log"> {
  const name = pick(random, NAMES);
  const location = { lat: fraction(random, 90), lon: fraction(random, 180), place: pick(random, NAMES) };
  return {
    candidate: makeCandidate({
      candidateId: `cnd_${createHash("sha256")
        .update(`${random(2 ** 31)}`)
        .digest("hex")
        .slice(0, 26)}`,
      cameraId,
      score: fraction(random, 1),
      dwellMs: random(2) === 0 ? random(1e9) : fraction(random, 1e6),
      unobservedMs: random(1e6),
    }),
    camera: makeCamera({ id: cameraId, name, location }),
    model: { id: "yolox-nano", sha256: "ab".repeat(32), minScore: 0.35 },
    software: { name: "forewarn", version: "0.1.0" },
    clock: { source: "system", offsetMs: fraction(random, 100), uncertaintyMs: fraction(random, 10) },
    ...(random(2) === 0 ? {} : { gaps: [{ kind: "offline", from: STREAM_START, to: STREAM_START + 1 }] }),
    legalBasisIds: ["道路交通安全法-56"],
    masking: null,
    plateReader: null,
    siteKey,
    siteKeys: [siteKey.publicKeyPem],
    chain,
    createdAt: STREAM_START + random(1_000_000),
  };
}

/** Every length of decimal expansion there is. */
function fraction(random: Random, below: number): number {
  return (random(2 ** 31) / 2 ** 31) * below;
}

function noise(random: Random): Buffer {
  const bytes = Buffer.alloc(1 + random(400));
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = random(256);
  return bytes;
}
