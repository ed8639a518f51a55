import type { Camera } from "../pipeline/domain/types.ts";
import { type Act, inScope, scopePrefixes } from "./act.ts";
import { NotFoundError, RefusedError } from "./errors.ts";
import type { Tx } from "./pool.ts";
import { appendTimeline } from "./timeline-store.ts";

export interface CameraInput {
  /** Its source left out: a known camera keeps the one it has. */
  readonly camera: Camera;
  /** Left out: a new camera is switched on, a known one stays as it is. */
  readonly enabled?: boolean | undefined;
  /** The version this change was made from, 0 for a new camera: refused when it is another one by now. */
  readonly ifVersion?: number | undefined;
}

export interface PutCamera {
  readonly outcome: "created" | "changed" | "unchanged";
  readonly version: number;
  readonly enabled: boolean;
}

interface Known {
  readonly version: number;
  readonly enabled: boolean;
  readonly hasSource: boolean;
  readonly sameDocument: boolean;
  readonly sameSource: boolean;
}

/**
 * Adds a camera or changes it. A change of zones, rules or place makes a new version that is in
 * force from now; another source or switching on and off does not. What changes nothing leaves no trace.
 * @throws NotFoundError for a region outside the scope, or when `ifVersion` speaks of a camera that is not there
 * @throws RefusedError `camera.id_taken`, `camera.changed_meanwhile`, `camera.no_source`
 */
export async function putCamera(tx: Tx, act: Act, input: CameraInput): Promise<PutCamera> {
  const { source, ...document } = input.camera;
  const cameraId = input.camera.id;
  await refuseForeignRegion(tx, act, input.camera);
  const before = await lockKnown(tx, act, input.camera);
  if (input.ifVersion !== undefined) refuseStale(cameraId, input.ifVersion, before?.version);
  const enabled = input.enabled ?? before?.enabled ?? true;
  if (enabled && source === undefined && before?.hasSource !== true) throw noSource(cameraId);
  const newVersion = before === undefined || !before.sameDocument;
  const version = (before?.version ?? 0) + (newVersion ? 1 : 0);
  if (!newVersion && before.sameSource && before.enabled === enabled) {
    return { outcome: "unchanged", version, enabled };
  }
  const { rowCount } = await tx.query(
    `insert into cameras (id, region, document, source, enabled, version, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (id) do update set region = excluded.region, document = excluded.document,
       source = coalesce(excluded.source, cameras.source), enabled = excluded.enabled,
       version = excluded.version, updated_at = excluded.updated_at
     where $8`,
    [
      cameraId,
      input.camera.region,
      JSON.stringify(document),
      source === undefined ? null : JSON.stringify(source),
      enabled,
      version,
      new Date(act.at),
      before !== undefined,
    ],
  );
  if (rowCount === 0) throw idTaken(cameraId);
  if (newVersion) await addVersion(tx, act, cameraId, version, document);
  await appendTimeline(tx, act, {
    kind: "camera",
    id: cameraId,
    action: before === undefined ? "add" : "change",
    from: before === undefined ? null : String(before.version),
    to: String(version),
    detail: { enabled, newSource: before?.sameSource !== true },
  });
  return { outcome: before === undefined ? "created" : "changed", version, enabled };
}

/**
 * Switches watching on or off.
 * @throws NotFoundError when the scope has no such camera
 * @throws RefusedError `camera.no_source` when there is nothing to watch
 */
export async function setCameraEnabled(tx: Tx, act: Act, cameraId: string, enabled: boolean): Promise<void> {
  const { rows } = await tx.query<{ hasSource: boolean }>(
    `update cameras set enabled = $2, updated_at = $3
     where cameras.id = $1 and ${inScope("cameras.region", "$4")}
     returning cameras.source is not null as "hasSource"`,
    [cameraId, enabled, new Date(act.at), scopePrefixes(act.scope)],
  );
  if (rows[0] === undefined) throw new NotFoundError("camera", cameraId);
  // The caller's transaction takes it back.
  if (enabled && !rows[0].hasSource) throw noSource(cameraId);
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

/** The camera as it is, if it is in the scope; nobody else adds or changes it until the transaction is done. */
async function lockKnown(tx: Tx, act: Act, { source, ...document }: Camera): Promise<Known | undefined> {
  // A row that does not exist cannot be locked.
  await tx.query("select pg_advisory_xact_lock(hashtext('camera'), hashtext($1))", [document.id]);
  const { rows } = await tx.query<Known>(
    `select cameras.version, cameras.enabled,
       cameras.source is not null as "hasSource", cameras.document = $2::jsonb as "sameDocument",
       coalesce($3::jsonb, cameras.source) is not distinct from cameras.source as "sameSource"
     from cameras where cameras.id = $1 and ${inScope("cameras.region", "$4")} for update`,
    [
      document.id,
      JSON.stringify(document),
      source === undefined ? null : JSON.stringify(source),
      scopePrefixes(act.scope),
    ],
  );
  return rows[0];
}

function refuseStale(cameraId: string, ifVersion: number, version: number | undefined): void {
  if (ifVersion === (version ?? 0)) return;
  if (version === undefined) throw new NotFoundError("camera", cameraId);
  throw new RefusedError({
    code: "camera.changed_meanwhile",
    messageZh: `摄像头“${cameraId}”的配置已被他人修改（现为第 ${version} 版），请重新载入后再改。`,
    messageEn: `Somebody else changed camera "${cameraId}": it is at version ${version}, not ${ifVersion}. Load it again, then change it.`,
  });
}

function noSource(cameraId: string): RefusedError {
  return new RefusedError({
    code: "camera.no_source",
    messageZh: `摄像头“${cameraId}”没有视频源，不能启用：请填写视频源，或者先停用。`,
    messageEn: `Camera "${cameraId}" has no source to watch: give it one, or leave it switched off.`,
  });
}

function idTaken(cameraId: string): RefusedError {
  return new RefusedError({
    code: "camera.id_taken",
    messageZh: `编号“${cameraId}”已被您辖区以外的摄像头使用，请另选编号。`,
    messageEn: `There is a camera "${cameraId}" already, outside your regions: choose another id.`,
  });
}

async function addVersion(
  tx: Tx,
  act: Act,
  cameraId: string,
  version: number,
  document: object,
): Promise<void> {
  await tx.query(
    `insert into camera_versions (camera_id, version, document, effective_from)
     values ($1, $2, $3, $4)`,
    [cameraId, version, JSON.stringify(document), new Date(act.at)],
  );
}
