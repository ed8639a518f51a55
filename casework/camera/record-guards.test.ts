import { describe, expect, it } from "vitest";
import type { RoleId } from "../roles.ts";
import {
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
} from "./record-guards.ts";
import { listing, review } from "./testing/records.ts";

const today = "2026-03-10";
const recorder = (role: RoleId, other: Partial<Recorder> = {}): Recorder => ({
  actor: { kind: "user", userId: "me", roles: [role] },
  legalQualification: true,
  today,
  ...other,
});
const lawyer = recorder("legal_reviewer");
const engineer = recorder("equipment_reviewer", { legalQualification: false });
const ok = { ok: true, note: "" };

const legal: NewReview = {
  kind: "legal",
  opinion: "同意",
  validFrom: today,
  validTo: "2027-03-09",
  findings: { ground: ok, standard: ok, placement: ok, lawful_place: ok, sign: ok, publicity: ok },
};
const technical: NewReview = {
  kind: "technical",
  opinion: "符合",
  validFrom: today,
  validTo: "2027-03-09",
  findings: { resolution: ok, time: ok, position: ok, storage: ok },
};
const failed = (note: string): NewReview => ({
  ...technical,
  validTo: undefined,
  findings: { ...technical.findings, time: { ok: false, note } },
});

describe("a review", () => {
  const codeOf = (...args: Parameters<typeof refuseReview>) => refuseReview(...args)?.code ?? null;

  it("is made by whom the law names", () => {
    expect(codeOf(legal, lawyer, [])).toBeNull();
    expect(codeOf(technical, engineer, [])).toBeNull();
    expect(codeOf(legal, engineer, [])).toBe("permission.role_required");
    expect(codeOf(technical, lawyer, [])).toBe("permission.role_required");
    expect(codeOf(legal, { ...lawyer, legalQualification: false }, [])).toBe(
      "camera.legal_qualification_required",
    );
    const system = { ...lawyer, actor: { kind: "system", name: "worker" } } as const;
    expect(codeOf(legal, system, [])).toBe("permission.person_required");
  });

  it("is never one person's legal and technical one for the same day", () => {
    const own = review({ kind: "technical", reviewer: "me" });
    expect(codeOf(legal, lawyer, [own])).toBe("camera.reviewer_of_both");
    expect(codeOf(legal, lawyer, [{ ...own, reviewer: "somebody" }])).toBeNull();
    expect(codeOf(legal, lawyer, [review({ reviewer: "me" })])).toBeNull();
    expect(codeOf(legal, lawyer, [{ ...own, validTo: "2026-03-09" }])).toBeNull();
    expect(codeOf(legal, lawyer, [{ ...own, validTo: today }])).toBe("camera.reviewer_of_both");
    expect(codeOf(legal, lawyer, [{ ...own, passed: false, validTo: null }])).toBe("camera.reviewer_of_both");
  });

  it("does not make good what lies behind", () => {
    expect(codeOf({ ...legal, validFrom: "2026-03-09" }, lawyer, [])).toBe("camera.review_backdated");
    expect(codeOf({ ...legal, validTo: undefined }, lawyer, [])).toBe("camera.end_missing");
    expect(codeOf({ ...legal, validTo: "2026-03-09" }, lawyer, [])).toBe("camera.end_before_start");
  });

  it("says why it failed, and may reach back", () => {
    expect(codeOf(failed("误差 8 秒"), engineer, [])).toBeNull();
    expect(codeOf({ ...failed("误差 8 秒"), validFrom: "2026-02-01" }, engineer, [])).toBeNull();
    expect(codeOf({ ...failed("误差 8 秒"), validFrom: "2026-03-11" }, engineer, [])).toBe(
      "camera.failure_ahead",
    );
    expect(codeOf(failed("  "), engineer, [])).toBe("camera.finding_unexplained");
  });
});

describe("the public list", () => {
  const entry: NewListing = {
    listed: true,
    purpose: "查处违法占道停车",
    responsibleBody: "综合行政执法局",
    publishedOn: today,
    useFrom: "2026-04-10",
  };
  const removal: NewListing = { listed: false, removedOn: today, reason: "停用" };
  const codeOf = (...args: Parameters<typeof refuseListing>) => refuseListing(...args)?.code ?? null;

  it("is kept by whoever manages cameras, on the day or with a proof", () => {
    expect(codeOf(entry, engineer, [])).toBeNull();
    expect(codeOf(entry, lawyer, [])).toBe("permission.role_required");
    expect(codeOf({ ...entry, publishedOn: "2026-03-11" }, engineer, [])).toBe("camera.published_ahead");
    const earlier = { ...entry, publishedOn: "2026-02-01" };
    expect(codeOf(earlier, engineer, [])).toBe("camera.publication_unproven");
    expect(codeOf({ ...earlier, proof: "成综执公告〔2026〕3号" }, engineer, [])).toBeNull();
  });

  it("has no entry slipped in behind another", () => {
    const before = [listing({ publishedOn: "2026-02-02" })];
    expect(codeOf({ ...entry, publishedOn: "2026-02-01", proof: "公告" }, engineer, before)).toBe(
      "camera.listing_out_of_order",
    );
    expect(codeOf({ ...removal, removedOn: "2026-02-01" }, engineer, before)).toBe(
      "camera.listing_out_of_order",
    );
  });

  it("loses only what is on it", () => {
    expect(codeOf(removal, engineer, [listing()])).toBeNull();
    expect(codeOf(removal, engineer, [])).toBe("camera.not_listed");
    expect(codeOf(removal, engineer, [listing(), listing({ listed: false })])).toBe("camera.not_listed");
  });
});

describe("an inspection", () => {
  const codeOf = (other: Partial<NewInspection>, who = engineer) =>
    refuseInspection({ kind: "sign", passed: true, doneOn: today, note: "看过", ...other }, who)?.code ??
    null;
  const fileSha256 = "c".repeat(64);

  it("that found all well brings what shows it", () => {
    expect(codeOf({ fileSha256 })).toBeNull();
    expect(codeOf({})).toBe("camera.sign_photo_missing");
    expect(codeOf({ passed: false })).toBeNull();
    expect(codeOf({ kind: "impact_assessment" })).toBe("camera.assessment_missing");
    expect(codeOf({ kind: "geometry" })).toBeNull();
    expect(codeOf({ kind: "maintenance" })).toBe("camera.next_due_missing");
    expect(codeOf({ kind: "maintenance", nextDue: today })).toBe("camera.next_due_missing");
    expect(codeOf({ kind: "maintenance", nextDue: "2026-09-10" })).toBeNull();
    expect(codeOf({ fileSha256, doneOn: "2026-03-11" })).toBe("camera.done_ahead");
    expect(codeOf({ fileSha256 }, lawyer)).toBe("permission.role_required");
  });

  it("makes good no day that lies behind, unless a file shows it", () => {
    const before = { kind: "maintenance", nextDue: "2026-09-10", doneOn: "2026-03-09" } as const;
    expect(codeOf(before)).toBe("camera.inspection_backdated");
    expect(codeOf({ ...before, fileSha256 })).toBeNull();
    expect(codeOf({ ...before, kind: "geometry" })).toBe("camera.inspection_backdated");
    expect(codeOf({ ...before, passed: false })).toBeNull();
  });
});

describe("more than a clue", () => {
  const grant: NewAuthority = {
    authority: "sole_evidence",
    citation: { law: "djaq", article: "114" },
    reason: "依法使用",
    validFrom: today,
    validTo: "2026-12-31",
  };
  const verified: LawStanding = { rank: "law", verified: true };
  const codeOf = (other: Partial<NewAuthority> = {}, law: LawStanding = verified, who = lawyer) =>
    refuseAuthority({ ...grant, ...other }, who, law)?.code ?? null;

  it("takes a law or an administrative regulation whose text was verified", () => {
    expect(codeOf()).toBeNull();
    expect(codeOf({}, { rank: "administrative_regulation", verified: true })).toBeNull();
    expect(codeOf({ citation: undefined })).toBe("camera.citation_missing");
    expect(codeOf({}, { rank: "other", verified: true })).toBe("camera.citation_unfit");
    expect(codeOf({}, { rank: "law", verified: false })).toBe("camera.citation_unfit");
    expect(refuseAuthority(grant, lawyer, undefined)?.code).toBe("camera.citation_unfit");
    expect(codeOf({ authority: "corroborative", citation: undefined })).toBe("camera.citation_missing");
  });

  it("takes a qualified legal reviewer and an end, and begins today at the earliest", () => {
    expect(codeOf({}, verified, recorder("equipment_reviewer"))).toBe("permission.role_required");
    expect(codeOf({}, verified, recorder("system_admin"))).toBe("permission.role_required");
    expect(codeOf({}, verified, { ...lawyer, legalQualification: false })).toBe(
      "camera.legal_qualification_required",
    );
    expect(codeOf({ validTo: undefined })).toBe("camera.end_missing");
    expect(codeOf({ validTo: "2026-03-09" })).toBe("camera.end_before_start");
    expect(codeOf({ validFrom: "2026-03-09" })).toBe("camera.authority_backdated");
  });

  it("can be taken back at any time, for any day", () => {
    const back = { authority: "lead_only", citation: undefined, validTo: undefined } as const;
    expect(codeOf({ ...back, validFrom: "2026-01-01" }, undefined)).toBeNull();
  });
});
