import type { EpochMs } from "../pipeline/domain/types.ts";
import { type Act, inScope, iso, type RegionScope, scopePrefixes } from "./act.ts";
import { NotFoundError, StaleVersionError } from "./errors.ts";
import { personOf } from "./evidence-record.ts";
import type { Queryable, Tx } from "./pool.ts";
import { findZoneHolder } from "./zone-holder.ts";

export interface PartyFields {
  readonly cameraId: string;
  readonly zoneId: string;
  readonly kind: "shop" | "unit";
  readonly name: string;
  readonly phone: string | null;
  readonly email: string | null;
  readonly speakerId: string | null;
  readonly unifiedCode: string | null;
  /** Local dates; the last day counts, null: until further notice. */
  readonly validFrom: string;
  readonly validTo: string | null;
}

export interface ResponsibleParty extends PartyFields {
  readonly partyId: string;
  readonly region: string;
  readonly version: number;
  readonly updatedAt: string;
}

const COLUMNS = `parties.id as "partyId", parties.region, parties.camera_id as "cameraId",
  parties.zone_id as "zoneId", parties.kind, parties.name, parties.phone, parties.email,
  parties.speaker_id as "speakerId", parties.unified_code as "unifiedCode",
  parties.valid_from::text as "validFrom", parties.valid_to::text as "validTo", parties.version,
  parties.updated_at as "updatedAt"`;

type Row = Omit<ResponsibleParty, "updatedAt"> & { readonly updatedAt: Date };

/**
 * Registers who answers for the ground in a zone (门前三包). Throws `NotFoundError` for a camera outside the scope or a
 * zone it does not have.
 */
export async function addResponsibleParty(
  tx: Tx,
  act: Act,
  fields: PartyFields,
): Promise<{ partyId: string }> {
  const region = await findZoneHolder(tx, act.scope, fields);
  const partyId = act.newId("rpt");
  await tx.query(
    `insert into responsible_parties (id, region, camera_id, zone_id, kind, name, phone, email, speaker_id,
       unified_code, valid_from, valid_to, version, updated_by, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13, $14)`,
    [partyId, region, ...valuesOf(fields), personOf(act), new Date(act.at)],
  );
  return { partyId };
}

/** @param seen the version the author has read; undefined: whatever it is. Throws `StaleVersionError`. */
export async function changeResponsibleParty(
  tx: Tx,
  act: Act,
  partyId: string,
  fields: PartyFields,
  seen?: number,
): Promise<void> {
  const { rows } = await tx.query<{ version: number }>(
    `select parties.version from responsible_parties as parties
     where parties.id = $1 and ${inScope("parties.region", "$2")} for update`,
    [partyId, scopePrefixes(act.scope)],
  );
  const version = rows[0]?.version;
  if (version === undefined) throw new NotFoundError("responsible party", partyId);
  if (seen !== undefined && seen !== version)
    throw new StaleVersionError("responsible party", partyId, seen, version);
  const region = await findZoneHolder(tx, act.scope, fields);
  await tx.query(
    `update responsible_parties set region = $2, camera_id = $3, zone_id = $4, kind = $5, name = $6, phone = $7,
       email = $8, speaker_id = $9, unified_code = $10, valid_from = $11, valid_to = $12, version = $13,
       updated_by = $14, updated_at = $15
     where responsible_parties.id = $1`,
    [partyId, region, ...valuesOf(fields), version + 1, personOf(act), new Date(act.at)],
  );
}

function valuesOf(fields: PartyFields): (string | null)[] {
  return [
    fields.cameraId,
    fields.zoneId,
    fields.kind,
    fields.name,
    fields.phone,
    fields.email,
    fields.speakerId,
    fields.unifiedCode,
    fields.validFrom,
    fields.validTo,
  ];
}

/** Registered parties in scope, by name; of one camera when it is named. */
export async function listResponsibleParties(
  db: Queryable,
  scope: RegionScope,
  cameraId: string | null,
): Promise<ResponsibleParty[]> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from responsible_parties as parties
     where ${inScope("parties.region", "$1")} and ($2::text is null or parties.camera_id = $2)
     order by parties.name, parties.id`,
    [scopePrefixes(scope), cameraId],
  );
  return rows.map(toParty);
}

export async function findResponsibleParty(
  db: Queryable,
  scope: RegionScope,
  partyId: string,
): Promise<ResponsibleParty | undefined> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from responsible_parties as parties
     where parties.id = $1 and ${inScope("parties.region", "$2")}`,
    [partyId, scopePrefixes(scope)],
  );
  return rows[0] === undefined ? undefined : toParty(rows[0]);
}

/** Who answered for a zone at an instant, by the local day in Shanghai. */
export async function findPartiesOf(
  db: Queryable,
  place: { readonly cameraId: string; readonly zoneId: string; readonly at: EpochMs },
): Promise<ResponsibleParty[]> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from responsible_parties as parties
     where parties.camera_id = $1 and parties.zone_id = $2
       and ($3::timestamptz at time zone 'Asia/Shanghai')::date between parties.valid_from and coalesce(parties.valid_to, 'infinity'::date)
     order by parties.name, parties.id`,
    [place.cameraId, place.zoneId, new Date(place.at)],
  );
  return rows.map(toParty);
}

function toParty(row: Row): ResponsibleParty {
  return { ...row, updatedAt: iso(row.updatedAt) };
}
