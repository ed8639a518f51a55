import { viewPurposes } from "../../casework/evidence/evidence-access.ts";
import { localDate } from "../../casework/local-time.ts";
import { formalCitation } from "../../config/laws.ts";
import type { Act } from "../../store/act.ts";
import { issueReviewForm } from "../../store/camera-documents.ts";
import { NotFoundError } from "../../store/errors.ts";
import { findGrant } from "../../store/grant-read-model.ts";
import { issueIncidentForm, issueWarningRecords } from "../../store/incident-documents.ts";
import type { Tx } from "../../store/pool.ts";
import type { ApiContext } from "../context.ts";

/*
 * Forms that only go to the files, each in the transaction of what it tells of. Where no agency is on record there is nobody to
 * head them with: what they tell of happens all the same, and the log says so.
 */

/** W01 of each warning of an incident that has just ended. */
export async function recordWarnings(
  context: ApiContext,
  tx: Tx,
  act: Act,
  incidentId: string,
): Promise<void> {
  const issued = await issueWarningRecords(tx, act, context.casework, incidentId);
  if (issued === null) context.log.warn({ incidentId, code: "W01" }, NO_AGENCY);
}

/** N21 or N22 of a camera's review. Returns the form's id; null: none was made. */
export async function recordCameraReview(
  context: ApiContext,
  tx: Tx,
  act: Act,
  review: { readonly cameraId: string; readonly reviewId: string },
): Promise<string | null> {
  const issued = await issueReviewForm(tx, act, context.casework, { ...review, cite: formalCitation });
  if (issued === null) context.log.warn({ ...review }, NO_AGENCY);
  return issued?.docId ?? null;
}

/** N23 of a grant to see originals that was just approved (公共安全视频图像信息系统管理条例 20). */
export async function recordCallUp(context: ApiContext, tx: Tx, act: Act, grantId: string): Promise<void> {
  const grant = await findGrant(tx, act.scope, grantId);
  if (grant === undefined) throw new NotFoundError("access request", grantId);
  const { incidentId, caseId, purpose, reason, requestedByName, decidedByName, hours } = grant;
  const issued = await issueIncidentForm(tx, act, context.casework, incidentId, {
    code: "N23",
    fields: ({ period }, agency) => ({
      requestedBy: requestedByName,
      unit: agency.zh,
      viewedOn: localDate(act.at),
      approvedBy: decidedByName,
      purpose: `${viewPurposes[purpose].zh}：${reason}`,
      content: `事件 ${incidentId}${caseId === null ? "" : `（案件 ${caseId}）`}的原始图像和视频，自批准起${hours}小时内查看`,
      period,
    }),
  });
  if (issued === null) context.log.warn({ incidentId, code: "N23" }, NO_AGENCY);
}

const NO_AGENCY = "no agency on record: form not made";
