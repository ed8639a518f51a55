import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { z } from "zod";
import type { Camera, Polygon } from "../../pipeline/domain/types.ts";
import { copyLines } from "../../pipeline/evidence/copy-lines.ts";
import { writeNewFile } from "../../pipeline/evidence/durable-fs.ts";
import { digestBytes } from "../../pipeline/evidence/node-digest.ts";
import { makeMaskedCopies, readStill } from "../../pipeline/evidence/stills.ts";
import { makeTempFolder } from "../../pipeline/evidence/temp-bundles.ts";
import { ObjectMissingError } from "../../store/object-store.ts";
import type { RecheckTask } from "../../store/recheck-read-model.ts";
import type { WorkerContext } from "../context.ts";

const FILE = "look.json";
const ORIGINAL = "originals/after.jpg";
const MASKED = "masked/after.jpg";
const MAX_BYTES = 4 * 1024 * 1024;

const file = z.strictObject({ path: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

const schema = z.strictObject({
  schema: z.literal("forewarn-recheck/1"),
  recheckId: z.string(),
  incidentId: z.string(),
  result: z.enum(["gone", "still_there", "unclear"]),
  /** When the kept picture was taken. */
  seenAt: z.int(),
  model: z.strictObject({ id: z.string(), sha256: z.string() }),
  masking: z.strictObject({ mode: z.string(), reason: z.string().nullable() }),
  frames: z.array(
    z.strictObject({
      takenAt: z.int(),
      sight: z.enum(["there", "elsewhere", "hidden", "nothing", "unreadable"]),
      detections: z.array(
        z.strictObject({
          label: z.string(),
          score: z.number(),
          box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
        }),
      ),
    }),
  ),
  original: file,
  masked: file,
});

/** What one look showed, with its pictures in the object store. */
export type StoredLook = z.infer<typeof schema>;

/** The look that was stored under this id; undefined where none is: a look is stored whole or not at all. */
export async function readStoredLook(
  { objects }: Pick<WorkerContext, "objects">,
  recheckId: string,
): Promise<StoredLook | undefined> {
  const bytes = await text(objects.read(recheckId, FILE, { start: 0, end: MAX_BYTES - 1 })).catch(
    (error: unknown) => {
      if (error instanceof ObjectMissingError) return undefined;
      throw error;
    },
  );
  return bytes === undefined ? undefined : schema.parse(JSON.parse(bytes));
}

export interface NewLook extends Pick<StoredLook, "result" | "seenAt" | "model" | "frames"> {
  /** The full picture to keep, as it was taken. */
  readonly picturePath: string;
}

/**
 * Keeps a look: the picture as it is (black where the camera's privacy masks are), its masked copy and what was seen.
 * Who comes second keeps nothing: what is stored first stays. Returns what is stored.
 */
export async function storeLook(
  context: WorkerContext,
  task: RecheckTask,
  look: NewLook,
): Promise<StoredLook> {
  const { picturePath, ...seen } = look;
  const { camera, facts, recheckId, incidentId } = task;
  const still = await readStill(picturePath, camera.privacyMasks);
  const copies = await context.desk.models.lend(camera.analysis.model, ({ masking }) =>
    makeMaskedCopies(
      still,
      { box: facts.box, label: facts.label },
      { zone: facts.zone.polygon, lines: linesOf(camera, facts.zone, look.seenAt, recheckId) },
      masking,
    ),
  );
  const dir = await makeTempFolder(context.spoolDir);
  try {
    await mkdir(join(dir, "originals"));
    await mkdir(join(dir, "masked"));
    await writeNewFile(join(dir, ORIGINAL), still.jpeg);
    await writeNewFile(join(dir, MASKED), copies.wide);
    const stored: StoredLook = {
      schema: "forewarn-recheck/1",
      recheckId,
      incidentId,
      ...seen,
      masking: { mode: copies.masking.mode, reason: copies.masking.reason },
      original: { path: ORIGINAL, sha256: (await digestBytes(still.jpeg)).sha256 },
      masked: { path: MASKED, sha256: (await digestBytes(copies.wide)).sha256 },
    };
    await writeNewFile(join(dir, FILE), Buffer.from(JSON.stringify(stored)));
    await context.objects.takeIn(recheckId, dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
  const kept = await readStoredLook(context, recheckId);
  if (kept === undefined) throw new ObjectMissingError(`the look ${recheckId} was stored and is not there`);
  return kept;
}

function linesOf(
  camera: Camera,
  zone: { readonly id: string; readonly polygon: Polygon },
  capturedAt: number,
  bundleId: string,
): string[] {
  const [when = "", ...rest] = copyLines({ capturedAt, camera, zone, bundleId });
  return [`${when} 宽限期满复查`, ...rest];
}
