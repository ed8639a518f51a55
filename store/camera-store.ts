import type { UseAuthority } from "../casework/filing-guards.ts";
import type { Camera } from "../pipeline/domain/types.ts";
import { type Act, inScope, scopePrefixes } from "./act.ts";
import { AlreadyExistsError, NotFoundError } from "./errors.ts";
import type { Tx } from "./pool.ts";
import { appendTimeline } from "./timeline-store.ts";

export interface CameraInput {
  readonly camera: Camera;
  readonly enabled: boolean;
  /** Left out: a new camera is `lead_only`, a known one keeps what it has. */
  readonly useAuthority?: UseAuthority;
}

/**
 * Adds a camera or changes it. A change of zones, rules, place or authority makes a new version that is in
 * force from now; another source or switching on and off does not. Refuses a region outside the scope.
 */
export async function putCamera(
  tx: Tx,
  act: Act,
  input: CameraInput,
): Promise<{ version: number; created: boolean; changed: boolean }> {
  const { source, ...document } = input.camera;
  await refuseForeignRegion(tx, act, input.camera);
  // Nobody else adds the same camera until we are done; a row that does not exist cannot be locked.
  await tx.query("select pg_advisory_xact_lock(hashtext('camera'), hashtext($1))", [input.camera.id]);
  const known = await tx.query<{ version: number; useAuthority: UseAuthority; same: boolean }>(
    `select cameras.version, cameras.use_authority as "useAuthority", cameras.document = $2::jsonb as same
     from cameras where cameras.id = $1 and ${inScope("cameras.region", "$3")} for update`,
    [input.camera.id, JSON.stringify(document), scopePrefixes(act.scope)],
  );
  const before = known.rows[0];
  const useAuthority = input.useAuthority ?? before?.useAuthority ?? "lead_only";
  const changed = before === undefined || !before.same || before.useAuthority !== useAuthority;
  const version = (before?.version ?? 0) + (changed ? 1 : 0);
  const { rowCount } = await tx.query(
    `insert into cameras (id, region, document, source, use_authority, enabled, version, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (id) do update set region = excluded.region, document = excluded.document,
       source = excluded.source, use_authority = excluded.use_authority, enabled = excluded.enabled,
       version = excluded.version, updated_at = excluded.updated_at
     where $9`,
    [
      input.camera.id,
      input.camera.region,
      JSON.stringify(document),
      source === undefined ? null : JSON.stringify(source),
      useAuthority,
      input.enabled,
      version,
      new Date(act.at),
      before !== undefined,
    ],
  );
  if (rowCount === 0) {
    throw new AlreadyExistsError(`There is a camera "${input.camera.id}" already, outside your regions.`);
  }
  if (changed) await addVersion(tx, act, input.camera.id, version, document, useAuthority);
  await appendTimeline(tx, act, {
    kind: "camera",
    id: input.camera.id,
    action: before === undefined ? "add" : "change",
    from: before === undefined ? null : String(before.version),
    to: String(version),
    detail: { enabled: input.enabled, useAuthority },
  });
  return { version, created: before === undefined, changed };
}

/** Switches watching on or off. */
export async function setCameraEnabled(tx: Tx, act: Act, cameraId: string, enabled: boolean): Promise<void> {
  const { rowCount } = await tx.query(
    `update cameras set enabled = $2, updated_at = $3
     where cameras.id = $1 and ${inScope("cameras.region", "$4")}`,
    [cameraId, enabled, new Date(act.at), scopePrefixes(act.scope)],
  );
  if (rowCount === 0) throw new NotFoundError("camera", cameraId);
  await appendTimeline(tx, act, {
    kind: "camera",
    id: cameraId,
    action: enabled ? "enable" : "disable",
    from: null,
    to: null,
  });
}

async function refuseForeignRegion(tx: Tx, act: Act, camera: Camera): Promise<void> {
  const { rows } = await tx.query<{ inside: boolean }>(`select ${inScope("$1::text", "$2")} as inside`, [
    camera.region,
    scopePrefixes(act.scope),
  ]);
  if (rows[0]?.inside !== true) throw new NotFoundError("region", camera.region);
}

async function addVersion(
  tx: Tx,
  act: Act,
  cameraId: string,
  version: number,
  document: object,
  useAuthority: UseAuthority,
): Promise<void> {
  await tx.query(
    `insert into camera_versions (camera_id, version, document, use_authority, effective_from)
     values ($1, $2, $3, $4, $5)`,
    [cameraId, version, JSON.stringify(document), useAuthority, new Date(act.at)],
  );
}
