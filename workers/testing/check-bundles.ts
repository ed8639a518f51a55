import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Pool } from "pg";
import { type Manifest, manifestSchema } from "../../pipeline/evidence/manifest-schema.ts";

/** What became of what cameras saw. */
export interface BundleCount {
  readonly incidents: number;
  readonly bundles: number;
  /** Cameras with more or fewer incidents than things that stand in their zone. */
  readonly wrongCameras: Readonly<Record<string, number>>;
  /** In words: what is lost, doubled or not as it was sealed. Empty is right. */
  readonly faults: readonly string[];
}

interface Stored {
  readonly candidateId: string;
  readonly sha256: string;
  readonly manifest: Manifest;
}

/**
 * Counts what is on record and in the object store of a worker that rests: each candidate exactly one incident and
 * one bundle, each camera's chain without gap or fork, nothing half done left over.
 *
 * @param expected incidents of each camera
 */
export async function countBundles(pool: Pool, dataDir: string, expected: number): Promise<BundleCount> {
  const faults: string[] = [];
  const stored = await storedBundles(join(dataDir, "objects"), faults);
  const { rows: incidents } = await pool.query<{ id: string; sha256: string }>(
    "select incidents.candidate_id as id, incidents.manifest_sha256 as sha256 from incidents",
  );
  const byId = new Map(stored.map((bundle) => [bundle.candidateId, bundle]));
  for (const { id, sha256 } of incidents)
    if (byId.get(id)?.sha256 !== sha256)
      faults.push(`incident of ${id}: its bundle is missing or another one`);
  const onRecord = new Set(incidents.map(({ id }) => id));
  for (const { candidateId } of stored)
    if (!onRecord.has(candidateId)) faults.push(`bundle ${candidateId} has no incident`);
  const { rows: sealed } = await pool.query<{ id: string }>(
    "select candidate_id as id from camera_candidates where outcome = 'sealed'",
  );
  for (const { id } of sealed) if (!onRecord.has(id)) faults.push(`candidate ${id} was sealed and is lost`);
  faults.push(...chainFaults(stored));
  for (const name of await readdir(join(dataDir, "spool"))) faults.push(`left in the spool: ${name}`);
  for (const name of await readdir(join(dataDir, "chains")))
    if (name.endsWith(".claim.json")) faults.push(`left open: ${name}`);
  const { rows: cameras } = await pool.query<{ id: string; count: number }>(
    `select cameras.id, count(incidents.id)::int as count from cameras
     left join incidents on incidents.camera_id = cameras.id group by cameras.id order by cameras.id`,
  );
  const wrong = cameras
    .filter(({ count }) => count !== expected)
    .map(({ id, count }) => [id, count] as const);
  return {
    incidents: incidents.length,
    bundles: stored.length,
    wrongCameras: Object.fromEntries(wrong),
    faults,
  };
}

async function storedBundles(objects: string, faults: string[]): Promise<Stored[]> {
  const stored: Stored[] = [];
  for (const fanOut of await readdir(objects))
    for (const name of await readdir(join(objects, fanOut))) {
      if (!name.startsWith("cnd_") || name.includes(".")) {
        faults.push(`left in the object store: ${fanOut}/${name}`);
        continue;
      }
      const bytes = await readFile(join(objects, fanOut, name, "manifest.json"));
      const manifest = manifestSchema.parse(JSON.parse(bytes.toString("utf8")));
      stored.push({ candidateId: name, sha256: sha256Of(bytes), manifest });
      for (const { path, sha256 } of manifest.files) {
        // Originals may be encrypted where they rest.
        if (!path.startsWith("masked/")) continue;
        const found = sha256Of(await readFile(join(objects, fanOut, name, path)));
        if (found !== sha256) faults.push(`${name}/${path} is not what was sealed`);
      }
    }
  return stored;
}

/** Numbers 1, 2, 3 … of each camera, each naming the one before. */
function chainFaults(stored: readonly Stored[]): string[] {
  const faults: string[] = [];
  const last = new Map<string, Stored>();
  for (const bundle of stored.toSorted((a, b) => a.manifest.sequence - b.manifest.sequence)) {
    const { camera, sequence, previousManifestSha256 } = bundle.manifest;
    const before = last.get(camera.id);
    if (sequence !== (before?.manifest.sequence ?? 0) + 1)
      faults.push(`${camera.id}: number ${sequence} follows ${before?.manifest.sequence ?? "nothing"}`);
    if (previousManifestSha256 !== (before?.sha256 ?? null))
      faults.push(`${camera.id}: number ${sequence} names another bundle before it`);
    last.set(camera.id, bundle);
  }
  return faults;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
