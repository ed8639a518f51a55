import { inForceOn } from "../casework/camera/compliance-records.ts";
import { documentDraftOf, type ReviewedCamera } from "../casework/camera/review-document.ts";
import { localDate } from "../casework/local-time.ts";
import type { Act } from "./act.ts";
import { findAgencyFor } from "./agency-store.ts";
import { readAuthorities, readReviews } from "./camera-compliance-read-model.ts";
import type { CaseTools } from "./case-store.ts";
import { type IssuedDocument, issueDocument } from "./document-store.ts";
import { NotFoundError } from "./errors.ts";
import { documentFacts } from "./incident-documents.ts";
import type { Tx } from "./pool.ts";

/**
 * Issues the form of a camera's review: N21 of a legal one, N22 of a technical one (行政处罚法 41(1)). Null where no agency is on
 * record; the review stands all the same. Throws `NotFoundError`.
 */
export async function issueReviewForm(
  tx: Tx,
  act: Act,
  tools: CaseTools,
  review: { readonly cameraId: string; readonly reviewId: string; readonly cite: ReviewedCamera["cite"] },
): Promise<IssuedDocument | null> {
  const { cameraId, reviewId, cite } = review;
  const made = (await readReviews(tx, cameraId)).find((one) => one.reviewId === reviewId);
  if (made === undefined) throw new NotFoundError("review of a camera", reviewId);
  const { region, name, place } = await readCameraWords(tx, cameraId);
  const agency = await findAgencyFor(tx, region);
  if (agency === undefined) return null;
  const reviewedOn = localDate(made.at);
  const draft = documentDraftOf(made, {
    ...{ docId: act.newId("doc"), cameraId, name, place, reviewedOn, cite },
    authority: inForceOn(await readAuthorities(tx, cameraId), reviewedOn),
  });
  const facts = await documentFacts(tx, act, tools, agency);
  return issueDocument(tx, act, tools, { draft, file: null, incidentId: null, cameraId, facts });
}

interface CameraWords {
  readonly region: string;
  readonly name: string;
  /** Its name where nobody has put down a place. */
  readonly place: string;
}

async function readCameraWords(tx: Tx, cameraId: string): Promise<CameraWords> {
  const { rows } = await tx.query<CameraWords>(
    `select cameras.region, coalesce(cameras.document ->> 'name', cameras.id) as name,
       coalesce(cameras.document #>> '{location,place}', cameras.document ->> 'name', cameras.id) as place
     from cameras where cameras.id = $1`,
    [cameraId],
  );
  if (rows[0] === undefined) throw new NotFoundError("camera", cameraId);
  return rows[0];
}
