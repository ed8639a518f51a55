import type { UseAuthority } from "../casework/case/step-facts.ts";
import type { LocalDate } from "../casework/clocks/clock.ts";
import type { Camera, CameraSource } from "../pipeline/domain/types.ts";
import { inScope, iso, type RegionScope, scopePrefixes } from "./act.ts";
import { readUseAuthorities } from "./camera-compliance-read-model.ts";
import type { Queryable } from "./pool.ts";

/** A camera as anybody may see it who may see it at all: without where its stream comes from. */
export interface CameraView {
  readonly cameraId: string;
  readonly camera: Omit<Camera, "source">;
  /** Null: none has been given. */
  readonly source: SourceView | null;
  /** Today: whatever was granted may have expired. */
  readonly useAuthority: UseAuthority;
  readonly enabled: boolean;
  readonly version: number;
  readonly updatedAt: string;
}

/** What may be told of a source: by which road it comes, never from where. */
export interface SourceView {
  /** `rtsp`, `https`, …; `file` for a path. */
  readonly scheme: string;
  readonly transport: CameraSource["transport"];
}

interface Row extends Omit<CameraView, "source" | "useAuthority" | "updatedAt"> {
  readonly source: CameraSource | null;
  readonly updatedAt: Date;
}

const COLUMNS = `cameras.id as "cameraId", cameras.document as camera, cameras.source,
  cameras.enabled, cameras.version, cameras.updated_at as "updatedAt"`;

/** @param today for what their records may be used for now */
export async function listCameras(
  db: Queryable,
  scope: RegionScope,
  today: LocalDate,
): Promise<CameraView[]> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from cameras where ${inScope("cameras.region", "$1")} order by cameras.id`,
    [scopePrefixes(scope)],
  );
  return toViews(db, rows, today);
}

export async function findCamera(
  db: Queryable,
  scope: RegionScope,
  cameraId: string,
  today: LocalDate,
): Promise<CameraView | undefined> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from cameras where cameras.id = $1 and ${inScope("cameras.region", "$2")}`,
    [cameraId, scopePrefixes(scope)],
  );
  return (await toViews(db, rows, today))[0];
}

/** The cameras to be watched now: what the queue of camera jobs is re-armed from. */
export async function listEnabledCameraIds(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    "select cameras.id from cameras where cameras.enabled order by cameras.id",
  );
  return rows.map((row) => row.id);
}

/**
 * The whole camera with its source, for the worker that opens the stream. The source may hold credentials:
 * never send it on. Undefined when there is no such camera, or it is switched off.
 */
export async function findCameraToWatch(db: Queryable, cameraId: string): Promise<Camera | undefined> {
  const { rows } = await db.query<{ camera: Omit<Camera, "source">; source: CameraSource | null }>(
    "select cameras.document as camera, cameras.source from cameras where cameras.id = $1 and cameras.enabled",
    [cameraId],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  return row.source === null ? row.camera : { ...row.camera, source: row.source };
}

async function toViews(db: Queryable, rows: readonly Row[], today: LocalDate): Promise<CameraView[]> {
  const authorities = await readUseAuthorities(
    db,
    rows.map(({ cameraId }) => cameraId),
    today,
  );
  return rows.map((row) => ({
    ...row,
    source: row.source === null ? null : viewOfSource(row.source),
    useAuthority: authorities.get(row.cameraId) ?? "lead_only",
    updatedAt: iso(row.updatedAt),
  }));
}

/** The source without its addresses, either of which may hold credentials. */
export function viewOfSource({ url, transport }: CameraSource): SourceView {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  return { scheme: scheme ?? "file", transport };
}
