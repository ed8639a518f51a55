import { describe, expect, it } from "vitest";
import type { CaseFile } from "../../casework/case/case-file.ts";
import type { CaseClock } from "../../casework/clocks/clock.ts";
import { stagesOf, urgencyOf } from "./case-progress.ts";

const file = {
  procedure: "ordinary",
  state: "clue_verification",
  openedOn: "2026-01-20",
  filing: null,
  investigation: null,
  notice: null,
  legalReviews: [],
  discussions: [],
  decision: null,
  services: [],
  changes: [],
  payment: null,
  court: null,
  exit: null,
  closing: null,
} as unknown as CaseFile;
const as = (changes: object): string =>
  stagesOf({ ...file, ...changes } as CaseFile)
    .map(({ state }) => state[0])
    .join("");

const filed = { filing: { filedOn: "2026-01-22" }, investigation: { concludedOn: "2026-01-27" } };
const noticed = { ...filed, notice: { servedOn: "2026-01-28" } };
const decided = { ...noticed, decision: { docId: "doc_1", on: "2026-03-05" } };

describe("the ribbon of a case", () => {
  it("shows where it is, what is behind it and what comes", () => {
    expect(as({})).toBe("ntttttttt");
    expect(as({ ...filed, state: "investigated" })).toBe("dddnttttt");
  });

  it("shows as skipped what the case went on without", () => {
    expect(as({ ...decided, state: "decided" })).toBe("ddddsdntt");
    expect(as({ ...decided, state: "decided", legalReviews: [{ opinion: "agree", on: "2026-03-02" }] })).toBe(
      "ddddddntt",
    );
    expect(as({ state: "not_filed", exit: { kind: "not_filed" } })).toBe("dsssssssn");
  });

  it("counts a warning as performed though nobody paid", () => {
    const services = [{ docId: "doc_1", servedOn: "2026-03-10" }];
    expect(as({ ...decided, services, state: "performed" })).toBe("ddddsdddn");
    expect(as({ ...decided, services, state: "archived" }).endsWith("ds")).toBe(true);
  });

  it("is shorter where the penalty is decided on the spot", () => {
    expect(as({ procedure: "simplified", state: "performing", decision: decided.decision })).toBe("ddsnt");
  });
});

const clock = (changes: Partial<CaseClock>): CaseClock => ({
  kind: "decision",
  subject: "case",
  startedOn: "2026-01-22",
  strictDue: "2026-04-22",
  legalDue: "2026-04-22",
  basis: "decision.period",
  duty: "agency",
  state: "running",
  endedOn: null,
  ...changes,
});

describe("the date to mind", () => {
  it("is late only after its strict date, and never by a party's fault", () => {
    const tone = (today: string, changes = {}) => urgencyOf(clock(changes), today).tone;
    expect([tone("2026-04-18"), tone("2026-04-19"), tone("2026-04-22"), tone("2026-04-23")]).toEqual([
      "calm",
      "soon",
      "soon",
      "late",
    ]);
    expect(tone("2026-04-23", { duty: "party" })).toBe("over");
    expect(urgencyOf(clock({}), "2026-04-25").days).toBe(-3);
  });
});
