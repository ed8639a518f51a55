import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Act, inScope, type RegionScope, scopePrefixes } from "./act.ts";
import type { ObjectStore } from "./object-store.ts";
import type { Queryable, Tx } from "./pool.ts";

export type UploadMediaType = "image/jpeg" | "image/png" | "application/pdf" | "video/mp4";

/** What a party sent, with the picture written anew where it is one. */
export interface NewUpload {
  readonly linkId: string;
  readonly name: string;
  readonly mediaType: UploadMediaType;
  readonly received: Buffer;
  /** JPEG without anything hidden in it; null for what is no picture. */
  readonly copy: Buffer | null;
}

export interface StoredUpload {
  readonly uploadId: string;
  readonly name: string;
  readonly mediaType: UploadMediaType;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly copySha256: string | null;
  readonly copySizeBytes: number | null;
  readonly virusChecked: boolean;
}

/** Both lie among the originals, which are encrypted at rest. */
const FILES = { received: "originals/received.bin", copy: "originals/copy.jpg" } as const;
export type UploadVariant = keyof typeof FILES;

/**
 * Keeps the file under a new id, encrypted, outside any transaction; `noteUpload` makes it known. After a transaction that
 * failed call `dropUnknownUpload`.
 * @param below folder in memory: nobody's papers lie in plain on a disk
 */
export async function keepUpload(
  objects: ObjectStore,
  below: string,
  uploadId: string,
  { received, copy }: Pick<NewUpload, "received" | "copy">,
): Promise<void> {
  const folder = await mkdtemp(join(below, "forewarn-upload-"));
  try {
    await mkdir(join(folder, "originals"));
    await writeFile(join(folder, FILES.received), received, { mode: 0o600 });
    if (copy !== null) await writeFile(join(folder, FILES.copy), copy, { mode: 0o600 });
    await objects.takeIn(uploadId, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Destroys the file of an upload whose transaction failed: nobody could ever find it to delete it. One that is known after
 * all, because only the answer to the commit was lost, stays.
 */
export async function dropUnknownUpload(
  db: Queryable,
  objects: ObjectStore,
  uploadId: string,
): Promise<void> {
  const { rowCount } = await db.query("select 1 from portal_uploads as uploads where uploads.id = $1", [
    uploadId,
  ]);
  if (rowCount === 0) await objects.destroy(uploadId);
}

/** The row of a file that is kept already; after its receipt's. */
export async function noteUpload(
  tx: Tx,
  act: Act,
  uploadId: string,
  receiptId: string,
  upload: NewUpload,
): Promise<void> {
  const { received, copy } = upload;
  await tx.query(
    `insert into portal_uploads (id, receipt_id, link_id, name, media_type, sha256, size_bytes, copy_sha256,
       copy_size_bytes, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      uploadId,
      receiptId,
      upload.linkId,
      upload.name,
      upload.mediaType,
      sha256(received),
      received.length,
      copy === null ? null : sha256(copy),
      copy?.length ?? null,
      new Date(act.at),
    ],
  );
}

/** How much came over one link so far. */
export async function uploadsOf(db: Queryable, linkId: string): Promise<{ files: number; bytes: number }> {
  const { rows } = await db.query<{ files: number; bytes: number }>(
    `select count(*)::integer as files, coalesce(sum(uploads.size_bytes), 0)::float8 as bytes
     from portal_uploads as uploads where uploads.link_id = $1`,
    [linkId],
  );
  return rows[0] ?? { files: 0, bytes: 0 };
}

/** What came over the links of an incident that has no case. */
export async function listUploadsOfIncident(db: Queryable, incidentId: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select uploads.id from portal_uploads as uploads join party_links as links on links.id = uploads.link_id
     where links.incident_id = $1 order by uploads.id`,
    [incidentId],
  );
  return rows.map(({ id }) => id);
}

/** Once their files are destroyed: a name may say who somebody is. The receipt stays, with the file's hash. */
export async function forgetUploads(tx: Tx, uploadIds: readonly string[]): Promise<void> {
  await tx.query("delete from portal_uploads where portal_uploads.id = any ($1)", [uploadIds]);
}

/** Undefined outside the scope too. */
export async function findUpload(
  db: Queryable,
  scope: RegionScope,
  uploadId: string,
): Promise<StoredUpload | undefined> {
  const { rows } = await db.query<StoredUpload>(
    `select uploads.id as "uploadId", uploads.name, uploads.media_type as "mediaType", uploads.sha256,
       uploads.size_bytes::float8 as "sizeBytes", uploads.copy_sha256 as "copySha256",
       uploads.copy_size_bytes::float8 as "copySizeBytes", uploads.virus_checked as "virusChecked"
     from portal_uploads as uploads join party_links as links on links.id = uploads.link_id
     where uploads.id = $1 and ${inScope("links.region", "$2")}`,
    [uploadId, scopePrefixes(scope)],
  );
  return rows[0];
}

/** The bytes of an upload; null when they are gone or not what was stored, or there is no such variant. */
export async function readUpload(
  objects: ObjectStore,
  upload: StoredUpload,
  variant: UploadVariant,
): Promise<Buffer | null> {
  const [wanted, size] =
    variant === "copy" ? [upload.copySha256, upload.copySizeBytes] : [upload.sha256, upload.sizeBytes];
  if (wanted === null || size === null) return null;
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of objects.read(upload.uploadId, FILES[variant], { start: 0, end: size - 1 }))
      chunks.push(chunk as Buffer);
  } catch {
    return null;
  }
  const bytes = Buffer.concat(chunks);
  return sha256(bytes) === wanted ? bytes : null;
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
