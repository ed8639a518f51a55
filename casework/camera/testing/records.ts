import type {
  CameraAuthority,
  CameraInspection,
  CameraListing,
  CameraRecords,
  CameraReview,
} from "../compliance-records.ts";

/** 5 January 2026, 09:00 in Shanghai. */
const at = Date.parse("2026-01-05T01:00:00Z");

export function review(other: Partial<CameraReview> = {}): CameraReview {
  return {
    reviewId: "review",
    kind: "legal",
    passed: true,
    validFrom: "2026-01-05",
    validTo: "2026-12-31",
    findings: {},
    opinion: "同意使用",
    reviewer: other.kind === "technical" ? "engineer" : "lawyer",
    reviewerName: other.kind === "technical" ? "李工" : "王律",
    at,
    ...other,
  };
}

export function listing(other: Partial<CameraListing> = {}): CameraListing {
  return {
    listingId: "listing",
    listed: true,
    purpose: "查处违法占道停车",
    responsibleBody: "综合行政执法局",
    publishedOn: "2026-01-05",
    useFrom: "2026-01-01",
    proof: null,
    at,
    ...other,
  };
}

export function inspection(other: Partial<CameraInspection> = {}): CameraInspection {
  return {
    inspectionId: "inspection",
    kind: "sign",
    passed: true,
    doneOn: "2026-01-05",
    nextDue: null,
    fileSha256: "c".repeat(64),
    note: "现场检查",
    at,
    ...other,
  };
}

export function authority(other: Partial<CameraAuthority> = {}): CameraAuthority {
  return {
    authorityId: "authority",
    authority: "corroborative",
    citation: { law: "djaq", article: "114" },
    reason: "依法使用",
    validFrom: "2026-02-01",
    validTo: "2026-06-30",
    grantedBy: "lawyer",
    grantedByName: "王律",
    at,
    ...other,
  };
}

/** A camera with nothing wrong from 4 February to 31 December 2026. */
export function goodRecords(other: Partial<CameraRecords> = {}): CameraRecords {
  return {
    reviews: [review(), review({ kind: "technical" })],
    listings: [listing()],
    inspections: [inspection(), inspection({ kind: "maintenance", nextDue: "2026-12-31", fileSha256: null })],
    authorities: [],
    ...other,
  };
}
