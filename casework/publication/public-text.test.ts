import { describe, expect, it } from "vitest";
import { fine, party, streetVendingBasis } from "../case/testing/builders.ts";
import { performingCase } from "../case/testing/performing-case.ts";
import { type PublicDecision, publicDecision, publicText } from "./public-text.ts";
import { containsPersonalData } from "./redact.ts";

const facts = {
  agencyZh: "成都市武侯区综合行政执法局",
  matter: { zh: "占道经营", bases: [streetVendingBasis()] },
  cite: ({ law, article }: { law: string; article: string }) => `《${law}》第${article}条`,
};
const published = { publish: true, reason: "有社会影响", by: "editor", on: "2026-03-12", withdrawn: null };
const shown = (decision: PublicDecision | null) =>
  publicText(decision ?? { kind: "withdrawn", title: "", on: "2026-01-01", reason: "" });

describe("a decision in public", () => {
  const base = performingCase({ publication: published });
  const file = {
    ...base,
    act: { ...base.act, summary: "张三（电话13800000000）驾驶川A12345占道经营" },
    decision: base.decision && { ...base.decision, reasons: "张三（510107199006011234）经劝导未改正" },
  };

  it("says who was fined for what, by which provision and how much, without anybody's data", () => {
    const text = shown(publicDecision(file, facts));
    expect(text).toContain("被处罚人：张某某");
    expect(text).toContain("处罚依据：《csdl》第27(1)条、《csdl》第42条");
    expect(text).toContain("罚款人民币壹仟元整（¥1,000.00）");
    expect(containsPersonalData(text, party())).toBe(false);
    expect(text).not.toMatch(/officer-a|editor|有社会影响/);
  });

  it("is there only where a person decided so, and never of somebody under age", () => {
    expect(publicDecision(performingCase(), facts)).toBeNull();
    expect(publicDecision({ ...file, publication: { ...published, publish: false } }, facts)).toBeNull();
    expect(publicDecision({ ...file, decision: null }, facts)).toBeNull();
    expect(publicDecision({ ...file, party: party({ birthDate: "2009-01-01" }) }, facts)).toBeNull();
  });

  it("once withdrawn says so and why, and nothing of what it said", () => {
    const withdrawn = { on: "2026-04-01", reason: "张三案复议撤销", by: "editor" };
    const decision = publicDecision({ ...file, publication: { ...published, withdrawn } }, facts);
    expect(decision).toMatchObject({ kind: "withdrawn", on: "2026-04-01", reason: "张某某案复议撤销" });
    expect(shown(decision)).not.toMatch(/1,000|占道/);
  });

  it("shows the penalty in force after a change, and none that is gone", () => {
    const change = {
      docId: "d",
      on: "2026-04-01",
      by: "agency",
      kind: "changed",
      reason: "情节较轻",
    } as const;
    const lowered = { ...change, penalty: fine(streetVendingBasis().id, 50_000) };
    const text = shown(publicDecision({ ...file, changes: [lowered] }, facts));
    expect(text).toContain("¥500.00");
    expect(text).not.toContain("¥1,000.00");
    expect(text).toContain("决定变更");
    expect(
      publicDecision({ ...file, changes: [{ ...change, kind: "revoked", penalty: null }] }, facts),
    ).toMatchObject({ kind: "withdrawn", reason: "情节较轻" });
  });
});
