import { beforeEach, describe, expect, it } from "vitest";
import { loadLawBook } from "../../config/law-book.ts";
import type { CaseFile } from "../case/case-file.ts";
import { nextDueStep } from "../case/due-steps.ts";
import { openCase } from "../case/open-case.ts";
import type { PersonFacts, StepFacts } from "../case/step-facts.ts";
import type { CaseStep } from "../case/step-input.ts";
import { takeStep } from "../case/take-step.ts";
import type { Actor, RoleId } from "../roles.ts";
import { tellOrdinaryCase } from "./ordinary-case.ts";
import { tellSimplifiedCase } from "./simplified-case.ts";
import type { CaseDriver, Who } from "./story-driver.ts";

const roles: Record<Exclude<Who, "system" | "party">, RoleId> = {
  officer: "officer",
  colleague: "officer",
  unitHead: "unit_head",
  leader: "agency_leader",
  deputyLeader: "agency_leader",
  legalReviewer: "legal_reviewer",
  hearingHost: "hearing_host",
  reviewer: "content_reviewer",
  equipmentReviewer: "equipment_reviewer",
  publicityEditor: "publicity_editor",
  archivist: "archivist",
};

/** Tells a story without a database: the pure machine with the law that comes with the software. */
class PureDriver implements CaseDriver {
  readonly #book = loadLawBook(null);
  #file: CaseFile | undefined;
  #today = "2026-01-20";
  #ids = 0;
  readonly cameraRecords = "evidence";
  readonly told: string[] = [];

  on(date: string): void {
    this.#today = date;
  }
  idOf(who: Exclude<Who, "system" | "party">): string {
    return who;
  }
  async file(): Promise<CaseFile> {
    if (this.#file === undefined) throw new Error("no case yet");
    return this.#file;
  }
  open(): void {
    const opened = openCase(
      {
        caseId: "case-1",
        source: "patrol",
        incidentIds: [],
        violation: "street_vending",
        agency: "51010701",
        region: "510107",
        ground: "repeated",
        groundNote: "三十日内第三次",
        act: {
          startedAt: Date.parse("2026-01-20T01:00:00Z"),
          endedAt: Date.parse("2026-01-20T01:30:00Z"),
          place: "人民南路二段 12 号门前",
          summary: "占道经营",
          seriousHarm: false,
        },
      },
      this.#actor("officer"),
      this.#facts(),
    );
    if (!opened.ok) throw new Error(opened.refusal.code);
    this.#file = opened.file;
  }
  async take(_caseId: string, who: Who, step: CaseStep) {
    const result = takeStep(await this.file(), step, this.#actor(who), this.#facts());
    if (!result.ok)
      throw new Error(`${this.#today} ${step.step}: ${result.refusal.code} ${result.refusal.messageEn}`);
    this.#file = result.file;
    this.told.push(`${step.step} → ${result.file.state}`);
    return { caseId: "case-1", state: result.file.state, documents: [] };
  }
  async refused(_caseId: string, who: Who, step: CaseStep): Promise<string> {
    const result = takeStep(await this.file(), step, this.#actor(who), this.#facts());
    if (result.ok) throw new Error(`${this.#today} ${step.step} was taken`);
    return result.refusal.code;
  }
  async fireClocks(): Promise<void> {
    for (;;) {
      const step = nextDueStep(await this.file(), this.#facts());
      if (step === null) return;
      await this.take("case-1", "system", step);
    }
  }

  #actor(who: Who): Actor {
    if (who === "system") return { kind: "system", name: "test" };
    if (who === "party") return { kind: "party", caseId: "case-1" };
    return { kind: "user", userId: who, roles: [roles[who]] };
  }
  #facts(): StepFacts {
    const confirmedBy = { confirmedBy: "legalReviewer", confirmedOn: "2026-01-01", source: "test" };
    const always = { validFrom: null, validTo: null, ...confirmedBy };
    const people = new Map(Object.entries(roles).map(([id, role]) => [id, personOf(id, role)]));
    return {
      now: Date.parse(`${this.#today}T10:00:00+08:00`),
      today: this.#today,
      calendar: this.#book.calendar,
      parameters: this.#book.parametersOn(this.#today, [
        { key: "hearing.threshold.person", value: 500_000, ...always },
        { key: "hearing.threshold.unit", value: 5_000_000, ...always },
      ]),
      agency: {
        agency: "51010701",
        region: "510107",
        zh: "成都市武侯区综合行政执法局",
        numberPrefix: "武综执",
        address: "",
        phone: "",
        reviewBody: "",
        court: "成都市武侯区人民法院",
        payee: "",
        powers: ["street_vending"],
      },
      matter: this.#book.matterOn("street_vending", "2026-01-20", this.#today),
      person: (userId) => people.get(userId),
      record: () => undefined,
      earlierDecisions: [],
      likeCases: [],
      openSupervisionItems: 0,
      filesVerified: true,
      newId: (prefix) => `${prefix}-${++this.#ids}`,
    };
  }
}

function personOf(userId: string, role: RoleId): PersonFacts {
  return {
    userId,
    displayName: userId,
    roles: [role],
    certificate:
      role === "officer" ? { no: `51-${userId}`, validFrom: "2024-01-01", validTo: "2029-12-31" } : null,
    legalQualification: role === "legal_reviewer",
  };
}

describe("the stories, on the pure machine with the law as shipped", () => {
  let driver: PureDriver;
  beforeEach(() => {
    driver = new PureDriver();
  });

  it("carries the ordinary procedure to the archive, through hearing, urging and court", async () => {
    driver.on("2026-01-21");
    driver.open();
    await tellOrdinaryCase(driver, "case-1");
    const file = await driver.file();
    expect(file.state).toBe("archived");
    expect(driver.told).toContain("mark_overdue → overdue");
    expect(driver.told).toContain("apply_to_court → court_applied");
    expect(new Set(file.documents.map(({ code }) => code))).toEqual(
      new Set(
        "N01 N05 N02 D04 D02 N04 N08 D05 D06 D10 N09 D07 N10 N11 N12 N13 D09 D11 D12 D19 N16 N17 N18".split(
          " ",
        ),
      ),
    );
  });

  it("carries the simplified procedure to the archive", async () => {
    driver.on("2026-03-16");
    driver.open();
    await tellSimplifiedCase(driver, "case-1");
    const file = await driver.file();
    expect([file.state, file.procedure]).toEqual(["archived", "simplified"]);
  });
});
