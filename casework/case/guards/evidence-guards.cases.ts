import type { CaseFile } from "../case-file.ts";
import type { UseAuthority } from "../step-facts.ts";
import { cameraRecord } from "../testing/builders.ts";
import type { GuardCase } from "../testing/guard-case.ts";
import type { TestWorld } from "../testing/world.ts";

const submit = { step: "submit_filing", summary: "建议立案" } as const;
const addRecord = {
  step: "add_evidence",
  kind: "camera_record",
  title: "监控记录",
  incidentId: "incident-1",
  sha256: null,
} as const;
const fault = { rule: "B-03", zh: "现场没有提示标识", en: "no sign on the spot" };

/** The clue without what the officers wrote down: nothing but the camera's record. */
function cameraOnly(world: TestWorld, useAuthority: UseAuthority, faults = [] as (typeof fault)[]): CaseFile {
  const file = world.verifiedClue();
  world.setRecord(cameraRecord("incident-1", { useAuthority, faults }));
  return { ...file, evidence: file.evidence.filter(({ kind }) => kind === "camera_record") };
}

function withoutCamera(world: TestWorld): CaseFile {
  const file = world.verifiedClue();
  return { ...file, evidence: file.evidence.filter(({ kind }) => kind !== "camera_record") };
}

function conclude(world: TestWorld) {
  return { step: "conclude_investigation", findings: world.findings() } as const;
}

function withdrawn(file: CaseFile): CaseFile {
  return {
    ...file,
    evidence: file.evidence.map((item) => ({
      ...item,
      withdrawn: { on: "2026-01-05", reason: "车牌识别错误" },
    })),
  };
}

function unverified(file: CaseFile): CaseFile {
  return { ...file, evidence: file.evidence.map((item) => ({ ...item, verified: null })) };
}

function verifying(world: TestWorld, kind: "camera_record" | "inspection_record") {
  const file = world.verifiedClue();
  world.setRecord(cameraRecord("incident-1", { faults: [fault] }));
  const evidenceId = file.evidence.find((item) => item.kind === kind)?.evidenceId ?? "";
  return world.context(file, { step: "verify_evidence", evidenceId, note: "一致" });
}

export const cases: readonly GuardCase[] = [
  {
    guard: "initial_evidence",
    about: "a record that is only a lead",
    passes: (world) => world.context(cameraOnly(world, "corroborative"), submit),
    refused: (world) => world.context(cameraOnly(world, "lead_only"), submit),
    code: "filing.initial_evidence_required",
  },
  {
    guard: "initial_evidence",
    about: "a camera that was not fit for use that day",
    passes: (world) => world.context(cameraOnly(world, "sole_evidence"), submit),
    refused: (world) => world.context(cameraOnly(world, "sole_evidence", [fault]), submit),
    code: "filing.initial_evidence_required",
  },
  {
    guard: "initial_evidence",
    about: "an officer's own record instead, and one that was withdrawn",
    passes: (world) => world.context(withoutCamera(world), submit),
    refused: (world) => world.context(withdrawn(withoutCamera(world)), submit),
    code: "filing.initial_evidence_required",
  },
  {
    guard: "initial_evidence",
    about: "what an auxiliary wrote down",
    passes: (world) => world.context(withoutCamera(world), submit),
    refused: (world) => {
      const file = withoutCamera(world);
      const evidence = file.evidence.map((item) => ({ ...item, addedBy: "auxiliary" }));
      return world.context({ ...file, evidence }, submit);
    },
    code: "filing.initial_evidence_required",
  },
  {
    guard: "records_usable",
    about: "only the item that is verified",
    passes: (world) => verifying(world, "inspection_record"),
    refused: (world) => verifying(world, "camera_record"),
    code: "evidence.camera_unusable",
  },
  {
    guard: "records_usable",
    about: "all that carries the case, once it is concluded",
    passes: (world) => world.context(withdrawn(cameraOnly(world, "corroborative", [fault])), conclude(world)),
    refused: (world) => world.context(cameraOnly(world, "corroborative", [fault]), conclude(world)),
    code: "evidence.camera_unusable",
  },
  {
    guard: "records_usable",
    about: "a lead carries nothing",
    passes: (world) => world.context(cameraOnly(world, "lead_only", [fault]), conclude(world)),
    refused: (world) => world.context(cameraOnly(world, "sole_evidence", [fault]), conclude(world)),
    code: "evidence.camera_unusable",
  },
  {
    guard: "records_confirmed",
    about: "bringing a record in",
    passes: (world) => world.context(world.openedCase(), addRecord),
    refused: (world) => {
      world.setRecord(cameraRecord("incident-1", { confirmed: false }));
      return world.context(world.openedCase(), addRecord);
    },
    code: "evidence.record_not_confirmed",
  },
  {
    guard: "records_confirmed",
    about: "a record nobody knows",
    passes: (world) => world.context(world.openedCase(), { ...addRecord, kind: "photo", incidentId: null }),
    refused: (world) => world.context(world.openedCase(), { ...addRecord, incidentId: "incident-2" }),
    code: "evidence.record_not_confirmed",
  },
  {
    guard: "records_confirmed",
    about: "a record whose review was taken back, unless it was withdrawn",
    passes: (world) => {
      const file = withdrawn(world.verifiedClue());
      world.setRecord(cameraRecord("incident-1", { confirmed: false }));
      return world.context(file, submit);
    },
    refused: (world) => {
      const file = world.verifiedClue();
      world.setRecord(cameraRecord("incident-1", { confirmed: false }));
      return world.context(file, submit);
    },
    code: "evidence.record_not_confirmed",
  },
  {
    guard: "not_sole_camera",
    about: "a record beside an inspection, and alone",
    passes: (world) => world.context(world.verifiedClue(), conclude(world)),
    refused: (world) => world.context(cameraOnly(world, "corroborative"), conclude(world)),
    code: "evidence.sole_camera",
  },
  {
    guard: "not_sole_camera",
    about: "a camera that may stand alone, and a lead",
    passes: (world) => world.context(cameraOnly(world, "sole_evidence"), conclude(world)),
    refused: (world) => world.context(cameraOnly(world, "lead_only"), conclude(world)),
    code: "evidence.sole_camera",
  },
  {
    guard: "not_sole_camera",
    about: "a camera that was not fit for use that day proves nothing",
    passes: (world) => world.context(cameraOnly(world, "sole_evidence"), conclude(world)),
    refused: (world) => world.context(cameraOnly(world, "sole_evidence", [fault]), conclude(world)),
    code: "evidence.sole_camera",
  },
  {
    guard: "evidence_complete",
    about: "nothing but a lead",
    passes: (world) => world.context(withoutCamera(world), conclude(world)),
    refused: (world) => world.context(cameraOnly(world, "lead_only"), conclude(world)),
    code: "evidence.incomplete",
  },
  {
    guard: "evidence_complete",
    about: "a record without anything beside it",
    passes: (world) => world.context(cameraOnly(world, "sole_evidence"), conclude(world)),
    refused: (world) => world.context(cameraOnly(world, "corroborative"), conclude(world)),
    code: "evidence.incomplete",
  },
  {
    guard: "evidence_verified",
    about: "unless it was withdrawn",
    passes: (world) => world.context(withdrawn(unverified(world.verifiedClue())), conclude(world)),
    refused: (world) => world.context(unverified(world.verifiedClue()), conclude(world)),
    code: "evidence.unverified",
  },
];
