import type { LocalDate, WorkCalendar } from "../../clocks/clock.ts";
import { fixtureCalendar } from "../../clocks/testing/fixture-calendar.ts";
import type { DiscretionFindings } from "../../discretion/findings.ts";
import type { DecidedCase } from "../../discretion/like-cases.ts";
import type { DocumentDraft } from "../../documents/document-codes.ts";
import type { EpochMs } from "../../local-time.ts";
import type { ParameterKey } from "../../parameters.ts";
import type { Refusal } from "../../refusal.ts";
import type { Actor } from "../../roles.ts";
import type { CaseFile } from "../case-file.ts";
import type { StepContext } from "../engine.ts";
import { type NewCase, openCase } from "../open-case.ts";
import type {
  AgencyFacts,
  CameraRecord,
  EarlierDecision,
  MatterFacts,
  PersonFacts,
  StepFacts,
} from "../step-facts.ts";
import type { CaseStep } from "../step-input.ts";
import { takeStep } from "../take-step.ts";
import {
  agency,
  cameraRecord,
  lightFindings,
  matter,
  party,
  person,
  streetVendingBasis,
} from "./builders.ts";
import { type ParameterOverrides, testParameters } from "./parameters.ts";

/** A user id of the world's people, `system`, `party` (of the case at hand), or anybody. */
export type Who = string | Actor;

/**
 * A small world to try a case in: an agency with its people, one matter, a camera record, a calendar and a day. Everything
 * can be changed between two steps. Monday, 5 January 2026, when it begins.
 */
export class TestWorld {
  today: LocalDate = "2026-01-05";
  calendar: WorkCalendar = fixtureCalendar;
  agency: AgencyFacts = agency();
  matter: MatterFacts = matter(streetVendingBasis());
  parameters: ParameterOverrides = {};
  unconfirmed: readonly ParameterKey[] = [];
  earlierDecisions: readonly EarlierDecision[] = [];
  likeCases: readonly DecidedCase[] = [];
  openSupervisionItems = 0;
  filesVerified: boolean | null = true;
  readonly people = new Map<string, PersonFacts>();
  readonly records = new Map<string, CameraRecord>();
  /** What the last step issued. */
  documents: readonly DocumentDraft[] = [];
  #ids = 0;

  constructor() {
    for (const someone of [
      person("officer-a", ["officer"]),
      person("officer-b", ["officer"]),
      person("officer-c", ["officer"]),
      person("unit-head", ["unit_head"]),
      person("leader", ["agency_leader"]),
      person("leader-2", ["agency_leader"]),
      person("legal-reviewer", ["legal_reviewer"]),
      person("hearing-host", ["hearing_host"]),
      person("content-reviewer", ["content_reviewer"]),
      person("publicity-editor", ["publicity_editor"]),
      person("archivist", ["archivist"]),
      person("auxiliary", ["auxiliary"]),
    ]) {
      this.setPerson(someone);
    }
    this.setRecord(cameraRecord("incident-1"));
  }

  /** Ten in the morning, local time. */
  get now(): EpochMs {
    return Date.parse(`${this.today}T10:00:00+08:00`);
  }

  get basisId(): string {
    const [basis] = this.matter.bases;
    if (basis === undefined) throw new Error("the world's matter has no basis");
    return basis.id;
  }

  setPerson(someone: PersonFacts): void {
    this.people.set(someone.userId, someone);
  }

  setRecord(record: CameraRecord): void {
    this.records.set(record.incidentId, record);
  }

  changePerson(userId: string, changes: Partial<PersonFacts>): void {
    const before = this.people.get(userId);
    if (before === undefined) throw new Error(`nobody called ${userId}`);
    this.setPerson({ ...before, ...changes });
  }

  on(today: LocalDate): this {
    this.today = today;
    return this;
  }

  facts(): StepFacts {
    return {
      now: this.now,
      today: this.today,
      calendar: this.calendar,
      parameters: testParameters(this.parameters, this.unconfirmed),
      agency: this.agency,
      matter: this.matter,
      person: (userId) => this.people.get(userId),
      record: (incidentId) => this.records.get(incidentId),
      earlierDecisions: this.earlierDecisions,
      likeCases: this.likeCases,
      openSupervisionItems: this.openSupervisionItems,
      filesVerified: this.filesVerified,
      newId: (prefix) => `${prefix}-${++this.#ids}`,
    };
  }

  actor(who: Who, file?: CaseFile): Actor {
    if (typeof who !== "string") return who;
    if (who === "system") return { kind: "system", name: "test" };
    if (who === "party") return { kind: "party", caseId: file?.caseId ?? "case-1" };
    const someone = this.people.get(who);
    if (someone === undefined) throw new Error(`nobody called ${who}`);
    return { kind: "user", userId: who, roles: someone.roles };
  }

  /** What a guard or an effect is asked about. */
  context(file: CaseFile, step: CaseStep, who: Who = "officer-a"): StepContext {
    return { file, step, actor: this.actor(who, file), facts: this.facts() };
  }

  /** The file after the step; throws what stands in the way. */
  take(file: CaseFile, step: CaseStep, who: Who = "officer-a"): CaseFile {
    const result = takeStep(file, step, this.actor(who, file), this.facts());
    if (!result.ok) throw new Error(`${step.step}: ${result.refusal.code} ${result.refusal.messageEn}`);
    this.documents = result.documents;
    return result.file;
  }

  refusalOf(file: CaseFile, step: CaseStep, who: Who = "officer-a"): Refusal {
    const result = takeStep(file, step, this.actor(who, file), this.facts());
    if (result.ok) throw new Error(`${step.step} was accepted in ${file.state}`);
    return result.refusal;
  }

  findings(other: Partial<DiscretionFindings> = {}): DiscretionFindings {
    return lightFindings(this.basisId, other);
  }

  /** C01: a clue from a camera, seen the day before. */
  openedCase(other: Partial<NewCase> = {}): CaseFile {
    const seen = this.records.get("incident-1");
    if (seen !== undefined) this.setRecord({ ...seen, violation: this.matter.key });
    const result = openCase(
      {
        caseId: "case-1",
        source: "video",
        incidentIds: ["incident-1"],
        violation: this.matter.key,
        agency: this.agency.agency,
        region: this.agency.region,
        ground: "not_corrected",
        groundNote: "劝导后未改正",
        act: {
          startedAt: Date.parse("2026-01-04T09:00:00+08:00"),
          endedAt: Date.parse("2026-01-04T09:30:00+08:00"),
          place: "某路与某街交叉口",
          summary: "占用人行道摆摊经营",
          seriousHarm: false,
        },
        ...other,
      },
      this.actor("officer-a"),
      this.facts(),
    );
    if (!result.ok) throw new Error(result.refusal.messageEn);
    this.documents = result.documents;
    return result.file;
  }

  /** Party, two officers, the camera's record and an inspection on the spot, both verified: ready to be submitted. */
  verifiedClue(): CaseFile {
    let file = this.openedCase();
    file = this.take(file, { step: "set_party", party: party() });
    file = this.take(file, { step: "assign_officers", officers: ["officer-a", "officer-b"] });
    file = this.take(file, {
      step: "add_evidence",
      kind: "camera_record",
      title: "监控记录",
      incidentId: "incident-1",
      sha256: "0".repeat(64),
    });
    file = this.take(file, {
      step: "record_inspection",
      place: "某路与某街交叉口",
      text: "现场可见摊位一处，占用人行道约三平方米。",
      partyPresent: true,
      signed: "signed",
    });
    for (const { evidenceId } of file.evidence) {
      file = this.take(file, { step: "verify_evidence", evidenceId, note: "与现场一致" });
    }
    return file;
  }

  /** C03, both approvals given: the decision clock runs. */
  filedCase(): CaseFile {
    let file = this.verifiedClue();
    file = this.take(file, { step: "submit_filing", summary: "涉嫌占道经营，建议立案" });
    file = this.take(file, { step: "endorse_filing" }, "unit-head");
    return this.take(file, { step: "approve_filing" }, "leader");
  }

  investigatingCase(): CaseFile {
    return this.take(this.filedCase(), {
      step: "start_investigation",
      certificateShown: true,
      recusalAsked: true,
    });
  }

  /** C07, with the light findings unless others are given. */
  investigatedCase(findings: DiscretionFindings = this.findings()): CaseFile {
    return this.take(this.investigatingCase(), { step: "conclude_investigation", findings });
  }
}
