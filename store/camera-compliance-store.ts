import type { CameraListing } from "../casework/camera/compliance-records.ts";
import {
  hasPassed,
  type LawStanding,
  type NewAuthority,
  type NewInspection,
  type NewListing,
  type NewReview,
  type Recorder,
  refuseAuthority,
  refuseInspection,
  refuseListing,
  refuseReview,
} from "../casework/camera/record-guards.ts";
import { useAuthorityOn } from "../casework/camera/use-authority.ts";
import type { LocalDate } from "../casework/clocks/clock.ts";
import { localDate } from "../casework/local-time.ts";
import type { Refusal } from "../casework/refusal.ts";
import { type Act, inScope, scopePrefixes, userIdOf } from "./act.ts";
import { readAuthorities, readListings, readReviews } from "./camera-compliance-read-model.ts";
import { NotFoundError, RefusedError } from "./errors.ts";
import { personOf } from "./evidence-record.ts";
import type { Tx } from "./pool.ts";
import { appendTimeline } from "./timeline-store.ts";

/**
 * Writes down a legal or technical review; it is passed when every point is good (行政处罚法 41).
 * Throws `NotFoundError` and `RefusedError`: role, qualification, one person for both, a backdated pass.
 */
export async function recordReview(
  tx: Tx,
  act: Act,
  cameraId: string,
  review: NewReview,
): Promise<{ reviewId: string; passed: boolean }> {
  await lockCamera(tx, act, cameraId);
  throwIf(refuseReview(review, await recorderOf(tx, act), await readReviews(tx, cameraId)));
  const passed = hasPassed(review);
  const reviewId = act.newId("crv");
  await tx.query(
    `insert into camera_reviews (id, camera_id, kind, passed, valid_from, valid_to, findings, opinion, reviewer, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      reviewId,
      cameraId,
      review.kind,
      passed,
      review.validFrom,
      passed ? review.validTo : null,
      JSON.stringify(review.findings),
      review.opinion,
      personOf(act),
      new Date(act.at),
    ],
  );
  await note(tx, act, cameraId, `review_${review.kind}`, { reviewId, passed });
  return { reviewId, passed };
}

/** Puts a camera on the public list, changes its entry or takes it off. Throws `NotFoundError` and `RefusedError`. */
export async function recordListing(
  tx: Tx,
  act: Act,
  cameraId: string,
  listing: NewListing,
): Promise<{ listingId: string }> {
  await lockCamera(tx, act, cameraId);
  const earlier = await readListings(tx, cameraId);
  throwIf(refuseListing(listing, await recorderOf(tx, act), earlier));
  const { purpose, responsibleBody, publishedOn, useFrom, proof } = entryOf(listing, earlier.at(-1));
  const listingId = act.newId("lst");
  await tx.query(
    `insert into camera_listings (id, camera_id, listed, purpose, responsible_body, published_on, use_from, proof,
       recorded_by, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      listingId,
      cameraId,
      listing.listed,
      purpose,
      responsibleBody,
      publishedOn,
      useFrom,
      proof,
      personOf(act),
      new Date(act.at),
    ],
  );
  const [action, why] = listing.listed ? ["publish", null] : ["unpublish", listing.reason];
  await note(tx, act, cameraId, action, { listingId, publishedOn }, why);
  return { listingId };
}

/** Writes down a look at sign, upkeep or view, or an impact assessment. Throws `NotFoundError` and `RefusedError`. */
export async function recordInspection(
  tx: Tx,
  act: Act,
  cameraId: string,
  inspection: NewInspection,
): Promise<{ inspectionId: string }> {
  await lockCamera(tx, act, cameraId);
  throwIf(refuseInspection(inspection, await recorderOf(tx, act)));
  const { kind, passed, doneOn } = inspection;
  const inspectionId = act.newId("ins");
  await tx.query(
    `insert into camera_inspections (id, camera_id, kind, passed, done_on, next_due, file_sha256, note, recorded_by, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      inspectionId,
      cameraId,
      kind,
      passed,
      doneOn,
      inspection.nextDue ?? null,
      inspection.fileSha256 ?? null,
      inspection.note,
      personOf(act),
      new Date(act.at),
    ],
  );
  await note(tx, act, cameraId, `inspect_${kind}`, { inspectionId, passed, doneOn });
  return { inspectionId };
}

/**
 * Says what a camera's records may be used for; there is no other way to make them more than a clue.
 * Throws `NotFoundError` and `RefusedError`.
 * @param lawStanding what the law registry says of the cited law on a day
 */
export async function grantAuthority(
  tx: Tx,
  act: Act,
  cameraId: string,
  grant: NewAuthority,
  lawStanding: (law: string, date: LocalDate) => LawStanding,
): Promise<{ authorityId: string }> {
  await lockCamera(tx, act, cameraId);
  const recorder = await recorderOf(tx, act);
  const { authority, citation, reason, validFrom, validTo } = grant;
  const standing = citation === undefined ? undefined : lawStanding(citation.law, validFrom);
  throwIf(refuseAuthority(grant, recorder, standing));
  const before = useAuthorityOn(await readAuthorities(tx, cameraId), validFrom);
  const authorityId = act.newId("aut");
  await tx.query(
    `insert into camera_authorities (id, camera_id, authority, law, article, reason, valid_from, valid_to, granted_by, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      authorityId,
      cameraId,
      authority,
      citation?.law ?? null,
      citation?.article ?? null,
      reason,
      validFrom,
      validTo ?? null,
      personOf(act),
      new Date(act.at),
    ],
  );
  await appendTimeline(tx, act, {
    kind: "camera",
    id: cameraId,
    action: "grant_authority",
    from: before,
    to: authority,
    why: reason,
    detail: { authorityId, citation: citation ?? null, validFrom, validTo: validTo ?? null },
  });
  return { authorityId };
}

/** Nobody else writes anything about this camera until the transaction is done. */
async function lockCamera(tx: Tx, act: Act, cameraId: string): Promise<void> {
  const { rowCount } = await tx.query(
    `select 1 from cameras where cameras.id = $1 and ${inScope("cameras.region", "$2")} for update`,
    [cameraId, scopePrefixes(act.scope)],
  );
  if (rowCount === 0) throw new NotFoundError("camera", cameraId);
}

async function recorderOf(tx: Tx, act: Act): Promise<Recorder> {
  const { rows } = await tx.query<{ legalQualification: boolean }>(
    `select users.legal_qualification as "legalQualification" from users where users.id = $1`,
    [userIdOf(act.actor)],
  );
  return {
    actor: act.actor,
    legalQualification: rows[0]?.legalQualification === true,
    today: localDate(act.at),
  };
}

function throwIf(refusal: Refusal | null): void {
  if (refusal !== null) throw new RefusedError(refusal);
}

/** An entry that is taken off keeps saying what it said. */
function entryOf(listing: NewListing, last: CameraListing | undefined) {
  if (listing.listed) return { ...listing, proof: listing.proof ?? null };
  const { removedOn } = listing;
  return {
    purpose: last?.purpose ?? "",
    responsibleBody: last?.responsibleBody ?? "",
    publishedOn: removedOn,
    useFrom: last?.useFrom ?? removedOn,
    proof: null,
  };
}

function note(
  tx: Tx,
  act: Act,
  cameraId: string,
  action: string,
  detail: object,
  why: string | null = null,
): Promise<void> {
  return appendTimeline(tx, act, { kind: "camera", id: cameraId, action, from: null, to: null, why, detail });
}
