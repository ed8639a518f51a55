import { describe, expect, it } from "vitest";
import { documentDraftOf } from "./review-document.ts";
import { authority, review } from "./testing/records.ts";

const camera = {
  docId: "doc-1",
  cameraId: "cam-1",
  name: "东门",
  place: "人民南路二段",
  reviewedOn: "2026-01-05",
  authority: undefined,
  cite: ({ law, article }: { law: string; article: string }) => `${law} ${article}`,
};
const good = { ok: true, note: "" };

describe("the form of a review", () => {
  it("N21 says what the records may be used for, and by which law", () => {
    const findings = {
      ground: { ok: true, note: "市容条例" },
      placement: { ok: false, note: "间距过密 " },
      lawful_place: good,
    };
    const draft = documentDraftOf(review({ findings }), { ...camera, authority: authority() });
    expect(draft).toMatchObject({
      docId: "doc-1",
      code: "N21",
      fields: {
        legalGround: "合格，市容条例",
        placement: "不合格，间距过密；未设于禁止安装的场所：合格",
        sign: "未审核",
        useAuthority: "印证使用",
        authorityLaw: "djaq 114",
        opinion: "审核合格：同意使用",
        reviewedBy: "王律",
        validUntil: "2026-12-31",
      },
    });
    expect(documentDraftOf(review(), camera).fields).toMatchObject({
      useAuthority: "仅作线索",
      authorityLaw: null,
    });
  });

  it("N22 is the technical one", () => {
    const findings = {
      resolution: good,
      time: { ok: false, note: "误差 8 秒" },
      position: good,
      storage: good,
    };
    const failed = review({ kind: "technical", passed: false, validTo: null, findings });
    expect(documentDraftOf(failed, camera)).toMatchObject({
      code: "N22",
      fields: {
        clockError: "不合格，误差 8 秒",
        opinion: "审核不合格：同意使用",
        reviewedBy: "李工",
        validUntil: null,
      },
    });
  });
});
