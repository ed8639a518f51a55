import { describe, expect, it } from "vitest";
import { workCalendar } from "../clocks/work-calendar.ts";
import { checks, findCheck, runChecks } from "./checks.ts";
import type { Finding } from "./finding.ts";
import { badCases } from "./testing/bad-cases.ts";
import { goodCase, goodFacts } from "./testing/good-case.ts";

const CODES = [
  ...Array.from({ length: 14 }, (_, index) => `SP${String(index + 1).padStart(2, "0")}`),
  ...Array.from({ length: 5 }, (_, index) => `SD0${index + 1}`),
  ...Array.from({ length: 5 }, (_, index) => `SU0${index + 1}`),
].sort();

const named = (findings: readonly Finding[]) => findings.map(({ code, key }) => `${code} ${key}`);

describe("single-case supervision", () => {
  it("has every check of the list, each with its basis", () => {
    expect(checks.map(({ code }) => code)).toEqual(CODES);
    expect(checks.filter(({ basis }) => basis.length === 0)).toEqual([]);
    expect(findCheck("SP05")?.zh).toBe("超过办案期限");
    expect(findCheck("manual")).toBeUndefined();
  });

  it("finds nothing in a good case", () => {
    expect(runChecks(goodCase(), goodFacts())).toEqual([]);
  });

  it.each(badCases)("finds $what, and nothing else", ({ file, facts, finds }) => {
    const found = runChecks(file, { ...goodFacts(file), ...facts?.(file) });
    expect(named(found).sort()).toEqual([...finds].sort());
    for (const { zh, en, evidence } of found) {
      expect(zh).toMatch(/[\u4e00-\u9fff].*。$/);
      expect(en).toMatch(/^[A-Z0-9].*\.$/);
      expect(Object.keys(evidence)).not.toEqual([]);
    }
  });

  it.each(CODES)("has a bad case for %s", (code) => {
    expect(badCases.filter(({ finds }) => finds.some((name) => name.startsWith(code)))).not.toEqual([]);
  });

  it("tells nothing of the party in what it finds", () => {
    const { party } = goodCase();
    const told = badCases.flatMap(({ file, facts }) =>
      runChecks(file, { ...goodFacts(file), ...facts?.(file) }),
    );
    const text = JSON.stringify(told);
    for (const secret of [party?.name, party?.idNo, party?.phone, party?.address])
      expect(text).not.toContain(secret);
  });

  it("guesses nothing about a year whose calendar nobody has loaded", () => {
    const calendar = workCalendar([]);
    const file = goodCase({ handlers: ["officer-a"] });
    expect(named(runChecks(file, goodFacts(file, { calendar })))).toEqual(["SP01 handlers"]);
  });
});

describe("what the law allows stays silent", () => {
  const silent = (changes: Parameters<typeof goodCase>[0], facts = {}) => {
    const file = goodCase(changes);
    expect(named(runChecks(file, goodFacts(file, facts)))).toEqual([]);
  };
  const { filing, decision, notice, services, orders, publication, evidence, addressConfirmation } =
    goodCase();

  it("a decision on the ninetieth day, or on the hundredth with an extension", () => {
    if (filing === null) throw new Error("not filed");
    silent({ filing: { ...filing, submittedOn: "2025-12-04", filedOn: "2025-12-05" } });
    silent({
      filing: { ...filing, submittedOn: "2025-11-24", filedOn: "2025-11-25" },
      extensions: [{ period: "decision", by: "leader", on: "2026-02-20", reason: "案情复杂" }],
    });
  });

  it("a decision in the party's time after a waiver", () => {
    if (notice === null || decision === null) throw new Error("not decided");
    silent({
      notice: {
        ...notice,
        servedOn: "2026-03-02",
        waiver: { on: "2026-03-03", note: "放弃", by: "officer-a" },
      },
    });
  });

  it("service by public notice that was tried in time, and posted for thirty days", () => {
    const tried = services.map((one) =>
      one.docId === "doc-decision"
        ? {
            ...one,
            serviceId: "s-1",
            method: "direct" as const,
            outcome: "failed" as const,
            servedOn: null,
            details: { reason: "无人" },
          }
        : one,
    );
    const details = { reason: "下落不明", postedAt: "公告栏", screenshot: "s" };
    const posted = {
      ...tried[4],
      serviceId: "s-2",
      method: "public_notice",
      attemptedOn: "2026-03-17",
      outcome: "running",
      details,
    };
    silent(
      {
        state: "decided",
        urging: null,
        court: null,
        publication: null,
        services: [...tried.filter(({ code }) => code !== "D12"), posted as never],
      },
      { today: "2026-03-16", published: null },
    );
  });

  it("an order on the working day after its day", () => {
    silent(
      {
        orders: orders.map((one) => ({ ...one, recheck: null })),
        state: "investigating",
        decision: null,
        court: null,
        urging: null,
        publication: null,
      },
      { today: "2026-01-27", published: null },
    );
  });

  it("a camera's record that is only a clue, and one that was taken out", () => {
    const clue = evidence.map((one) => ({ ...one, verified: null }));
    const known = { record: () => undefined, cameraListed: () => false, published: null };
    silent(
      { evidence: clue, notice: null, decision: null, court: null, urging: null, publication: null },
      { ...known, today: "2026-01-28" },
    );
    silent(
      {
        evidence: evidence.map((one) =>
          one.kind === "camera_record" ? { ...one, withdrawn: { on: "2026-02-01", reason: "错误" } } : one,
        ),
      },
      known,
    );
  });

  it("an act after an earlier fine, and the first of two fines", () => {
    const { act } = goodCase();
    const other = {
      caseId: "case-0",
      fineFen: 50_000,
      letOff: false,
      incidentIds: [],
      place: act.place,
      actStartedAt: act.startedAt - 86_400_000 * 9,
      actEndedAt: act.startedAt - 86_400_000 * 9,
    };
    silent({}, { earlierDecisions: [{ ...other, decidedOn: "2026-01-15" }] });
    silent(
      {},
      {
        earlierDecisions: [
          { ...other, decidedOn: "2026-04-01", actStartedAt: act.startedAt, actEndedAt: act.endedAt },
        ],
      },
    );
    silent({}, { earlierDecisions: [{ ...other, decidedOn: "2026-02-01", place: "别处" }] });
  });

  it("a reasoned departure from the tier, to its amount alone", () => {
    const { findings, computation } = goodCase();
    if (findings === null || computation === null || decision === null || notice === null)
      throw new Error("not weighed");
    const penalty = { ...decision.penalty, fineFen: 1_600_000 };
    silent(
      {
        findings: { ...findings, fractionPermille: 800, departure: "影响恶劣" },
        computation: { ...computation, tier: "heavy", fineFen: 1_600_000, departure: "影响恶劣" },
        notice: { ...notice, proposal: penalty },
        decision: { ...decision, penalty },
        ...{ urging: null, court: null, state: "served" },
      },
      { likeFines: [] },
    );
  });

  it("a changed decision that was published anew, and one withdrawn in time", () => {
    if (publication === null || decision === null) throw new Error("not published");
    const change = {
      docId: "doc-change",
      on: "2026-09-01",
      by: "court",
      kind: "changed",
      reason: "变更",
      penalty: decision.penalty,
    } as const;
    const ended = { urging: null, court: null, state: "served" } as const;
    silent({ ...ended, changes: [change], publication: { ...publication, on: "2026-09-02" } });
    silent({
      ...ended,
      changes: [change],
      publication: { ...publication, withdrawn: { on: "2026-09-02", reason: "变更", by: "e" } },
    });
    silent({ ...ended, changes: [change] }, { today: "2026-09-04" });
  });

  it("a consent that a later one has replaced", () => {
    if (addressConfirmation === null) throw new Error("no consent");
    const first = {
      docId: "doc-address-0",
      code: "D11",
      issuedOn: "2026-03-01",
      number: null,
      replaces: null,
    } as const;
    silent({
      addressConfirmation: { ...addressConfirmation, signedOn: "2026-05-01" },
      documents: [...goodCase().documents, first],
    });
  });
});
