import { describe, expect, it } from "vitest";
import type { CaseFile } from "../case-file.ts";
import { takeStep } from "../take-step.ts";
import { cameraRecord, party, person } from "../testing/builders.ts";
import { submitted, windowsOver } from "../testing/decided-case.ts";
import { attempted, heardCase, ordered, served } from "../testing/noticed-case.ts";
import { TestWorld } from "../testing/world.ts";
import { isOtherParty } from "./change-party.ts";

/** The clue with its two officers. */
const staffed = (world: TestWorld): CaseFile =>
  world.take(world.openedCase(), { step: "assign_officers", officers: ["officer-a", "officer-b"] });

const submit = { step: "submit_filing", summary: "建议立案" } as const;

describe("the clue", () => {
  it("is extended once, by ten days more, and not after its end", () => {
    const world = new TestWorld();
    const extend = { step: "extend_verification", reason: "需要核实当事人身份" } as const;
    const opened = world.openedCase();
    expect(world.on("2026-01-20").take(opened, extend, "leader").clocks).toMatchObject([
      { kind: "clue_verification", startedOn: "2026-01-05", strictDue: "2026-01-30", state: "running" },
    ]);
    expect(world.documents.map(({ code }) => code)).toEqual(["N14"]);
    expect(world.refusalOf(world.take(opened, extend, "leader"), extend, "leader").code).toBe(
      "clue.extended_before",
    );
    expect(world.on("2026-01-21").refusalOf(opened, extend, "leader").code).toBe("clue.time_over");
  });

  it("gets a party with a name, and officers each once", () => {
    const world = new TestWorld();
    const opened = world.openedCase();
    expect(world.take(opened, { step: "set_party", party: party() }).party?.name).toBe("张三");
    expect(world.refusalOf(opened, { step: "set_party", party: party({ name: " " }) }).code).toBe(
      "party.name_required",
    );
    const officers = ["officer-b", "officer-c", "officer-b"];
    expect(world.take(opened, { step: "assign_officers", officers }).handlers).toEqual([
      "officer-b",
      "officer-c",
    ]);
  });
});

describe("another party", () => {
  const other = party({ name: "李四", idNo: "510107198001011234", plate: null, phone: "13900000000" });
  const known = party();

  it("has not agreed to an address, was not ordered anything, and is not whom the head endorsed", () => {
    const world = new TestWorld();
    let file = world.verifiedClue();
    const channels = [{ channel: "sms", address: "13800000000" }];
    file = world.take(file, { step: "confirm_address", channels, signedOn: world.today });
    file = ordered(world, file);
    file = world.take(file, { step: "submit_filing", summary: "建议立案" });
    file = world.take(file, { step: "endorse_filing" }, "unit-head");
    const same = world.take(file, {
      step: "set_party",
      party: { ...known, address: "某路2号", plate: "川A1" },
    });
    expect(same).toEqual({ ...file, party: same.party });
    const next = world.take(file, { step: "set_party", party: other });
    expect(next).toMatchObject({
      addressConfirmation: null,
      filing: { endorsedBy: null },
      orders: [{ servedOn: null }],
    });
    expect(next.clocks.filter(({ kind, state }) => kind === "correction" && state === "running")).toEqual([]);
    expect(world.refusalOf(next, { step: "approve_filing" }, "leader").code).toBe("approval.not_endorsed");
  });

  it("is not served by the public notice to the former one", () => {
    const world = new TestWorld();
    let file = world.take(world.verifiedClue(), {
      step: "order_correction",
      what: "清除占道摊位",
      dueOn: "2026-03-01",
    });
    const docId = file.orders[0]?.docId ?? "";
    const details = { reason: "下落不明", postedAt: "本局网站", screenshot: "sha256" };
    file = served(world, attempted(world, file, docId), docId, { method: "public_notice", details });
    expect(file.services.at(-1)?.outcome).toBe("running");
    const next = world.take(file, { step: "set_party", party: other });
    expect(next.services.at(-1)?.outcome).toBe("failed");
  });

  it("by name alone is another name", () => {
    const plain = { ...known, idNo: null, unifiedCode: null, phone: null, plate: null };
    expect(isOtherParty(null, plain)).toBe(false);
    expect(isOtherParty(plain, { ...plain, address: "某路2号" })).toBe(false);
    expect(isOtherParty(plain, { ...plain, name: "李四" })).toBe(true);
    expect(isOtherParty(plain, known)).toBe(true);
  });
});

describe("assigning", () => {
  it("leaves out whoever has approved the case before", () => {
    const world = new TestWorld();
    const filed = world.filedCase();
    world.changePerson("unit-head", {
      roles: ["unit_head", "officer"],
      certificate: { no: "51-1", validFrom: "2024-01-01", validTo: "2029-12-31" },
    });
    const assign = { step: "assign_officers", officers: ["officer-a", "unit-head"] } as const;
    expect(world.refusalOf(filed, assign).code).toBe("duty.approver_handles");
    expect(world.take(world.verifiedClue(), assign).handlers).toEqual(["officer-a", "unit-head"]);
  });

  it("leaves out whoever hosted a hearing or endorsed a proposal that was made anew since", () => {
    const certificate = { no: "51-1", validFrom: "2024-01-01", validTo: "2029-12-31" };
    const assign = (world: TestWorld, userId: string, file: CaseFile) => {
      world.changePerson(userId, { roles: ["officer"], certificate });
      return world.refusalOf(file, { step: "assign_officers", officers: ["officer-a", userId] }).code;
    };
    const world = new TestWorld();
    const reopen = { step: "reopen_investigation", reason: "补充调查" } as const;
    const reopened = world.take(heardCase(world), reopen);
    expect(reopened.hearing).toBeNull();
    expect(assign(world, "hearing-host", reopened)).toBe("duty.approver_handles");

    const other = new TestWorld();
    other.setPerson(person("head-2", ["unit_head"]));
    const endorsed = other.take(submitted(other, windowsOver(other)), { step: "endorse_decision" }, "head-2");
    const back = other.take(endorsed, { step: "return_decision", reason: "补充证据" }, "leader");
    expect(back.decisionProposal).toBeNull();
    expect(assign(other, "head-2", back)).toBe("duty.approver_handles");
  });
});

describe("filing", () => {
  it("goes through two approvals, ends the clue's time and starts the ninety days", () => {
    const world = new TestWorld();
    const submitted = world.take(world.verifiedClue(), submit);
    expect(submitted.state).toBe("filing_pending");
    expect(world.documents.map(({ code }) => code)).toEqual(["N02"]);
    const endorsed = world.take(submitted, { step: "endorse_filing" }, "unit-head");
    expect(endorsed.state).toBe("filing_pending");
    const filed = world.on("2026-01-06").take(endorsed, { step: "approve_filing" }, "leader");
    expect(filed).toMatchObject({
      state: "filed",
      caseNo: null,
      filing: { submittedBy: "officer-a", endorsedBy: "unit-head", filedBy: "leader", filedOn: "2026-01-06" },
    });
    expect(filed.clocks).toMatchObject([
      { kind: "clue_verification", state: "met", endedOn: "2026-01-06" },
      // 90 days end on a day off, Qingming.
      { kind: "decision", startedOn: "2026-01-06", strictDue: "2026-04-06", legalDue: "2026-04-07" },
    ]);
  });

  it("is endorsed once", () => {
    const world = new TestWorld();
    const endorsed = world.take(
      world.take(world.verifiedClue(), submit),
      { step: "endorse_filing" },
      "unit-head",
    );
    world.changePerson("leader", { roles: ["unit_head"] });
    expect(world.refusalOf(endorsed, { step: "endorse_filing" }, "leader").code).toBe(
      "approval.endorsed_already",
    );
  });

  it("shows everything that stands in the way at once", () => {
    const world = new TestWorld();
    const result = takeStep(world.openedCase(), submit, world.actor("officer-a"), world.facts());
    const all = result.ok ? [] : [result.refusal, ...(result.also ?? [])];
    expect(all.map(({ code }) => code)).toEqual([
      "duty.two_officers_required",
      "filing.initial_evidence_required",
    ]);
  });

  it("is judged again when it is approved: people and records change in between", () => {
    const world = new TestWorld();
    const pending = world.take(
      world.take(world.verifiedClue(), submit),
      { step: "endorse_filing" },
      "unit-head",
    );
    world.setRecord(cameraRecord("incident-1", { confirmed: false }));
    expect(world.refusalOf(pending, { step: "approve_filing" }, "leader").code).toBe(
      "evidence.record_not_confirmed",
    );
  });

  it("answers a complainant when it is declined", () => {
    const world = new TestWorld();
    const complaint = world.openedCase({ source: "complaint", incidentIds: [] });
    const decline = { step: "decline_filing", reason: "查无此事", complaintAnswer: null } as const;
    expect(world.refusalOf(complaint, decline, "leader").code).toBe("filing.complaint_answer_required");
    const declined = world.take(complaint, { ...decline, complaintAnswer: "已电话答复" }, "leader");
    expect(declined).toMatchObject({
      state: "not_filed",
      exit: { kind: "not_filed", by: "leader", reason: "查无此事" },
      clocks: [{ kind: "clue_verification", state: "met" }],
    });
    expect(world.documents.map(({ code }) => code)).toEqual(["N25"]);
    expect(world.take(world.openedCase(), decline, "leader").state).toBe("not_filed");
  });

  it("is not declined over a statement that nobody has reviewed", () => {
    const world = new TestWorld();
    const stated = world.take(
      world.openedCase(),
      { step: "receive_statement", about: "record", text: "车不是我的", via: "portal" },
      "party",
    );
    const decline = { step: "decline_filing", reason: "证据不足", complaintAnswer: null } as const;
    expect(world.refusalOf(stated, decline, "leader").code).toBe("statement.unreviewed");
  });
});

describe("evidence", () => {
  const record = {
    step: "add_evidence",
    kind: "camera_record",
    title: "监控记录",
    incidentId: "incident-2",
    sha256: "ab",
  } as const;

  it("comes in unverified, with its hash; the same record only once", () => {
    const world = new TestWorld();
    world.setRecord(cameraRecord("incident-2"));
    const added = world.take(staffed(world), record);
    expect(added.evidence).toMatchObject([
      { kind: "camera_record", sha256: "ab", addedBy: "officer-a", verified: null, withdrawn: null },
    ]);
    expect(added.incidentIds).toEqual(["incident-1", "incident-2"]);
    expect(world.refusalOf(added, record).code).toBe("evidence.added_already");
    expect(world.refusalOf(added, { ...record, title: " ", incidentId: "incident-1" }).code).toBe(
      "evidence.title_required",
    );
  });

  it.each([
    ["another place", { region: "510104" }, "evidence.record_elsewhere"],
    ["another matter", { violation: "road_spill" }, "evidence.record_of_other_matter"],
    ["what was put right", { state: "corrected" }, "evidence.record_settled"],
    ["what is still being warned about", { state: "persuading" }, "evidence.record_settled"],
    ["what was transferred", { state: "transferred" }, "evidence.record_settled"],
    ["another case", { caseIds: ["case-1", "case-2"] }, "evidence.record_in_other_case"],
  ] as const)("is no record of %s", (_, other, code) => {
    const world = new TestWorld();
    world.setRecord(cameraRecord("incident-2", other));
    expect(world.refusalOf(staffed(world), record).code).toBe(code);
  });

  it("is a record of the agency's own region, found on the spot or not corrected", () => {
    const world = new TestWorld();
    world.agency = { ...world.agency, region: "510100" };
    for (const state of ["confirmed", "not_corrected", "dispatched", "escalated"] as const) {
      world.setRecord(cameraRecord("incident-2", { region: "510104", state, caseIds: ["case-1"] }));
      expect(world.take(staffed(world), record).evidence).toHaveLength(1);
    }
  });

  it.each(["interview_record", "inspection_record"] as const)("%s is made by its own step alone", (kind) => {
    const world = new TestWorld();
    const made = { ...record, kind, incidentId: null, sha256: "ab" };
    expect(world.refusalOf(staffed(world), made).code).toBe("evidence.own_step");
  });

  it.each(["photo", "document", "expert_opinion", "party_statement", "witness"] as const)(
    "%s is a file that can be checked",
    (kind) => {
      const world = new TestWorld();
      const item = { ...record, kind, incidentId: null };
      expect(world.refusalOf(staffed(world), { ...item, sha256: null }).code).toBe("evidence.file_required");
      expect(world.take(staffed(world), item).evidence).toHaveLength(1);
    },
  );

  it("is collected by two officers with certificates; a thing has no file", () => {
    const world = new TestWorld();
    const object = { ...record, kind: "object", incidentId: null, sha256: null } as const;
    expect(world.refusalOf(world.openedCase(), object).code).toBe("duty.two_officers_required");
    const file = staffed(world);
    expect(world.take(file, object).evidence).toHaveLength(1);
    world.changePerson("officer-b", { certificate: null });
    expect(world.refusalOf(file, object).code).toBe("duty.certificate_invalid");
  });

  it("names an incident only where it is its record", () => {
    const world = new TestWorld();
    world.setRecord(cameraRecord("incident-2"));
    expect(world.refusalOf(staffed(world), { ...record, kind: "object" }).code).toBe("evidence.not_a_record");
  });

  it("is verified by somebody other than the reviewer of the record", () => {
    const world = new TestWorld();
    world.setRecord(cameraRecord("incident-2", { reviewer: "officer-a" }));
    const added = world.take(
      world.take(world.openedCase(), { step: "assign_officers", officers: ["officer-a", "officer-b"] }),
      record,
    );
    const evidenceId = added.evidence[0]?.evidenceId ?? "";
    const verify = { step: "verify_evidence", evidenceId, note: "与现场一致" } as const;
    expect(world.refusalOf(added, verify, "officer-a").code).toBe("evidence.second_signature_required");
    expect(world.refusalOf(added, { ...verify, note: "" }, "officer-b").code).toBe("evidence.note_required");
    expect(world.refusalOf(added, { ...verify, evidenceId: "other" }, "officer-b").code).toBe(
      "evidence.unknown",
    );
    expect(world.take(added, verify, "officer-b").evidence[0]?.verified).toEqual({
      by: "officer-b",
      on: "2026-01-05",
      note: "与现场一致",
    });
  });

  it("that is withdrawn counts no longer and takes the computed penalty with it", () => {
    const world = new TestWorld();
    const file = world.investigatedCase();
    const withClock = {
      ...file,
      clocks: [
        ...file.clocks,
        {
          kind: "record_withdrawal",
          subject: "statement-1",
          startedOn: "2026-01-05",
          basis: "record.withdraw",
          duty: "agency",
          state: "running",
          endedOn: null,
          strictDue: "2026-01-08",
          legalDue: "2026-01-08",
        },
      ],
    } as const;
    const evidenceId = file.evidence.find(({ kind }) => kind === "camera_record")?.evidenceId ?? "";
    const withdraw = { step: "withdraw_evidence", evidenceId, reason: "车牌识别错误" } as const;
    const withdrawn = world.take(withClock, withdraw);
    expect(withdrawn.evidence.find((item) => item.evidenceId === evidenceId)?.withdrawn?.reason).toBe(
      "车牌识别错误",
    );
    expect(withdrawn.computation).toBeNull();
    expect(withdrawn.clocks.at(-1)).toMatchObject({ state: "met", endedOn: "2026-01-05" });
    expect(world.refusalOf(withdrawn, withdraw).code).toBe("evidence.unknown");
  });

  it("that was only a lead takes nothing with it", () => {
    const world = new TestWorld();
    const file = world.investigatedCase();
    world.setRecord(cameraRecord("incident-1", { useAuthority: "lead_only" }));
    const evidenceId = file.evidence.find(({ kind }) => kind === "camera_record")?.evidenceId ?? "";
    const withdrawn = world.take(file, { step: "withdraw_evidence", evidenceId, reason: "仅作线索" });
    expect(withdrawn.computation).toEqual(file.computation);
  });
});
