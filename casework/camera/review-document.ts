import { useAuthorities } from "../case/step-facts.ts";
import type { LocalDate } from "../clocks/clock.ts";
import type { DocumentDraft } from "../documents/document-codes.ts";
import type { CameraAuthority, CameraReview, Finding } from "./compliance-records.ts";

/** What the form needs besides the review. */
export interface ReviewedCamera {
  readonly docId: string;
  readonly cameraId: string;
  readonly name: string;
  readonly place: string;
  /** The day the review was made. */
  readonly reviewedOn: LocalDate;
  /** In force that day; undefined: only a clue. */
  readonly authority: CameraAuthority | undefined;
  /** As people cite it: 《道路交通安全法》第114条. */
  readonly cite: (provision: { law: string; article: string }) => string;
}

/** The form of a review: N21 of a legal one, N22 of a technical one (行政处罚法 41(1)). */
export function documentDraftOf(review: CameraReview, camera: ReviewedCamera): DocumentDraft {
  const { findings } = review;
  const common = {
    cameraName: camera.name,
    cameraCode: camera.cameraId,
    cameraPlace: camera.place,
    opinion: `${review.passed ? "审核合格" : "审核不合格"}：${review.opinion}`,
    reviewedBy: review.reviewerName,
    reviewedOn: camera.reviewedOn,
    validUntil: review.validTo,
  };
  if (review.kind === "technical") {
    return {
      docId: camera.docId,
      code: "N22",
      fields: {
        ...common,
        resolution: findingZh(findings.resolution),
        clockError: findingZh(findings.time),
        position: findingZh(findings.position),
        storage: findingZh(findings.storage),
      },
    };
  }
  const { authority } = camera;
  return {
    docId: camera.docId,
    code: "N21",
    fields: {
      ...common,
      legalGround: findingZh(findings.ground),
      standard: findingZh(findings.standard),
      placement: `${findingZh(findings.placement)}；未设于禁止安装的场所：${findingZh(findings.lawful_place)}`,
      sign: findingZh(findings.sign),
      publicity: findingZh(findings.publicity),
      useAuthority: useAuthorities[authority?.authority ?? "lead_only"],
      authorityLaw: authority?.citation ? camera.cite(authority.citation) : null,
    },
  };
}

function findingZh(finding: Finding | undefined): string {
  if (finding === undefined) return "未审核";
  const verdict = finding.ok ? "合格" : "不合格";
  return finding.note.trim() === "" ? verdict : `${verdict}，${finding.note.trim()}`;
}
