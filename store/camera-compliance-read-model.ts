import { cameraFaults } from "../casework/camera/compliance.ts";
import type {
  CameraAuthority,
  CameraInspection,
  CameraListing,
  CameraRecords,
  CameraReview,
} from "../casework/camera/compliance-records.ts";
import { useAuthorityOn } from "../casework/camera/use-authority.ts";
import type { CameraRecord, UseAuthority } from "../casework/case/step-facts.ts";
import type { LocalDate, WorkCalendar } from "../casework/clocks/clock.ts";
import type { Parameters } from "../casework/parameters.ts";
import type { Queryable } from "./pool.ts";

/** What was wrong with a camera on a day (B-01 … B-04, B-20); empty: its records were usable. */
export async function readCameraFaults(
  db: Queryable,
  cameraId: string,
  date: LocalDate,
  parameters: Parameters,
  calendar: WorkCalendar,
): Promise<CameraRecord["faults"]> {
  return cameraFaults(await readCameraRecordsOf(db, cameraId), date, parameters, calendar);
}

/** What a camera's records of a day may be used for; `lead_only` for a camera nobody knows. */
export async function readUseAuthority(
  db: Queryable,
  cameraId: string,
  date: LocalDate,
): Promise<UseAuthority> {
  return useAuthorityOn(await readAuthorities(db, cameraId), date);
}

/** The same of many cameras at once. One without an entry is `lead_only`. */
export async function readUseAuthorities(
  db: Queryable,
  cameraIds: readonly string[],
  date: LocalDate,
): Promise<Map<string, UseAuthority>> {
  const granted = new Map<string, CameraAuthority[]>();
  for (const { cameraId, ...row } of await queryAuthorities(db, cameraIds))
    granted.set(cameraId, [...(granted.get(cameraId) ?? []), row]);
  return new Map([...granted].map(([cameraId, rows]) => [cameraId, useAuthorityOn(rows, date)]));
}

/** Everything on record about one camera, oldest first. */
export async function readCameraRecordsOf(db: Queryable, cameraId: string): Promise<CameraRecords> {
  return {
    reviews: await readReviews(db, cameraId),
    listings: await readListings(db, cameraId),
    inspections: await readInspections(db, cameraId),
    authorities: await readAuthorities(db, cameraId),
  };
}

export async function readReviews(db: Queryable, cameraId: string): Promise<CameraReview[]> {
  const { rows } = await db.query<Omit<CameraReview, "at"> & { at: Date }>(
    `select reviews.id as "reviewId", reviews.kind, reviews.passed, reviews.valid_from::text as "validFrom",
       reviews.valid_to::text as "validTo", reviews.findings, reviews.opinion, reviews.reviewer,
       users.display_name as "reviewerName", reviews.at
     from camera_reviews as reviews join users on users.id = reviews.reviewer
     where reviews.camera_id = $1 order by reviews.at, reviews.id`,
    [cameraId],
  );
  // A failed one has no end, whatever was written.
  return rows.map(withTime).map((row) => (row.passed ? row : { ...row, validTo: null }));
}

export async function readListings(db: Queryable, cameraId: string): Promise<CameraListing[]> {
  const { rows } = await db.query<Omit<CameraListing, "at"> & { at: Date }>(
    `select listings.id as "listingId", listings.listed, listings.purpose,
       listings.responsible_body as "responsibleBody", listings.published_on::text as "publishedOn",
       listings.use_from::text as "useFrom", listings.proof, listings.at
     from camera_listings as listings where listings.camera_id = $1 order by listings.at, listings.id`,
    [cameraId],
  );
  return rows.map(withTime);
}

async function readInspections(db: Queryable, cameraId: string): Promise<CameraInspection[]> {
  const { rows } = await db.query<Omit<CameraInspection, "at"> & { at: Date }>(
    `select inspections.id as "inspectionId", inspections.kind, inspections.passed,
       inspections.done_on::text as "doneOn", inspections.next_due::text as "nextDue",
       inspections.file_sha256 as "fileSha256", inspections.note, inspections.at
     from camera_inspections as inspections
     where inspections.camera_id = $1 order by inspections.at, inspections.id`,
    [cameraId],
  );
  return rows.map(withTime);
}

export async function readAuthorities(db: Queryable, cameraId: string): Promise<CameraAuthority[]> {
  return (await queryAuthorities(db, [cameraId])).map(({ cameraId: _, ...row }) => row);
}

async function queryAuthorities(
  db: Queryable,
  cameraIds: readonly string[],
): Promise<(CameraAuthority & { cameraId: string })[]> {
  const { rows } = await db.query<
    Omit<CameraAuthority, "citation" | "at"> & {
      cameraId: string;
      law: string | null;
      article: string | null;
      at: Date;
    }
  >(
    `select authorities.camera_id as "cameraId", authorities.id as "authorityId", authorities.authority,
       authorities.law, authorities.article, authorities.reason, authorities.valid_from::text as "validFrom",
       authorities.valid_to::text as "validTo", authorities.granted_by as "grantedBy",
       users.display_name as "grantedByName", authorities.at
     from camera_authorities as authorities join users on users.id = authorities.granted_by
     where authorities.camera_id = any ($1) order by authorities.at, authorities.id`,
    [cameraIds],
  );
  return rows.map(withTime).map(({ law, article, ...row }) => ({
    ...row,
    citation: law === null || article === null ? null : { law, article },
  }));
}

function withTime<Row extends { at: Date }>({ at, ...row }: Row): Omit<Row, "at"> & { at: number } {
  return { ...row, at: at.getTime() };
}
