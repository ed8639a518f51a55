import { type Act, inScope, iso, type RegionScope, scopePrefixes } from "./act.ts";
import { AlreadyExistsError, NotFoundError, StaleVersionError } from "./errors.ts";
import { personOf } from "./evidence-record.ts";
import type { Queryable, Tx } from "./pool.ts";
import { findZoneHolder } from "./zone-holder.ts";

export interface SpeakerFields {
  readonly cameraId: string;
  /** Null: heard wherever the camera looks. */
  readonly zoneId: string | null;
  readonly transport: "mqtt" | "http";
  /** What the broker or the gateway calls it. */
  readonly address: string;
  /** May say anonymous requests by itself, where the detector has been measured to be right often enough. */
  readonly alone: boolean;
  readonly enabled: boolean;
}

export interface Speaker extends SpeakerFields {
  readonly speakerId: string;
  readonly region: string;
  readonly version: number;
  readonly updatedAt: string;
}

const COLUMNS = `speakers.id as "speakerId", speakers.region, speakers.camera_id as "cameraId",
  speakers.zone_id as "zoneId", speakers.transport, speakers.address, speakers.alone, speakers.enabled,
  speakers.version, speakers.updated_at as "updatedAt"`;

type Row = Omit<Speaker, "updatedAt"> & { readonly updatedAt: Date };

/**
 * Throws `NotFoundError` for a camera outside the scope or a zone it does not have, `AlreadyExistsError` for a loudspeaker
 * of another region.
 */
export async function addSpeaker(tx: Tx, act: Act, fields: SpeakerFields): Promise<{ speakerId: string }> {
  const region = await findZoneHolder(tx, act.scope, fields);
  await takeAddress(tx, region, fields);
  const speakerId = act.newId("spk");
  await tx.query(
    `insert into speakers (id, region, camera_id, zone_id, transport, address, alone, enabled, version, updated_by,
       updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10)`,
    [speakerId, region, ...valuesOf(fields), personOf(act), new Date(act.at)],
  );
  return { speakerId };
}

/** @param seen the version the author has read; undefined: whatever it is. Throws `StaleVersionError`. */
export async function changeSpeaker(
  tx: Tx,
  act: Act,
  speakerId: string,
  fields: SpeakerFields,
  seen?: number,
): Promise<void> {
  const { rows } = await tx.query<{ version: number }>(
    `select speakers.version from speakers
     where speakers.id = $1 and ${inScope("speakers.region", "$2")} for update`,
    [speakerId, scopePrefixes(act.scope)],
  );
  const version = rows[0]?.version;
  if (version === undefined) throw new NotFoundError("loudspeaker", speakerId);
  if (seen !== undefined && seen !== version)
    throw new StaleVersionError("loudspeaker", speakerId, seen, version);
  const region = await findZoneHolder(tx, act.scope, fields);
  await takeAddress(tx, region, fields);
  await tx.query(
    `update speakers set region = $2, camera_id = $3, zone_id = $4, transport = $5, address = $6, alone = $7,
       enabled = $8, version = $9, updated_by = $10, updated_at = $11
     where speakers.id = $1`,
    [speakerId, region, ...valuesOf(fields), version + 1, personOf(act), new Date(act.at)],
  );
}

/** The first region to register an address holds it: nobody speaks to another's street. */
async function takeAddress(tx: Tx, region: string, { transport, address }: SpeakerFields): Promise<void> {
  const { rows } = await tx.query<{ region: string }>(
    `insert into speaker_addresses as held (transport, address, region) values ($1, $2, $3)
     on conflict (transport, address) do update set region = held.region returning held.region`,
    [transport, address, region],
  );
  if (rows[0]?.region !== region)
    throw new AlreadyExistsError(`The loudspeaker ${address} is registered elsewhere 该喇叭已由其他地区登记`);
}

function valuesOf(fields: SpeakerFields): (string | boolean | null)[] {
  return [fields.cameraId, fields.zoneId, fields.transport, fields.address, fields.alone, fields.enabled];
}

/** Loudspeakers in scope; of one camera when it is named. */
export async function listSpeakers(
  db: Queryable,
  scope: RegionScope,
  cameraId: string | null,
): Promise<Speaker[]> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from speakers
     where ${inScope("speakers.region", "$1")} and ($2::text is null or speakers.camera_id = $2)
     order by speakers.camera_id, speakers.id`,
    [scopePrefixes(scope), cameraId],
  );
  return rows.map((row) => ({ ...row, updatedAt: iso(row.updatedAt) }));
}

/** Those that are heard in a zone and switched on: its own first, then those of the whole camera. */
export async function findSpeakersOf(
  db: Queryable,
  place: { readonly cameraId: string; readonly zoneId: string },
): Promise<Speaker[]> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from speakers
     where speakers.camera_id = $1 and (speakers.zone_id = $2 or speakers.zone_id is null) and speakers.enabled
     order by speakers.zone_id nulls last, speakers.id`,
    [place.cameraId, place.zoneId],
  );
  return rows.map((row) => ({ ...row, updatedAt: iso(row.updatedAt) }));
}
