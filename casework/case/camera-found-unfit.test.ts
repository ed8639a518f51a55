import { expect, it } from "vitest";
import type { CaseFile } from "./case-file.ts";
import type { CaseStep } from "./step-input.ts";
import { cameraRecord } from "./testing/builders.ts";
import { endorsed, submitted, windowsOver } from "./testing/decided-case.ts";
import { TestWorld } from "./testing/world.ts";

const faults = [{ rule: "B-03", zh: "现场没有提示标识", en: "no sign on the spot" }];
const fine = (world: TestWorld) => ({
  kinds: ["fine"] as const,
  fineFen: 200_000,
  confiscation: null,
  basisId: world.basisId,
});

const moments: readonly [string, (world: TestWorld) => CaseFile, (world: TestWorld) => CaseStep, string][] = [
  [
    "the investigation ends",
    (world) => world.investigatingCase(),
    (world) => ({ step: "conclude_investigation", findings: world.findings() }),
    "officer-a",
  ],
  ["notice is given", (world) => world.investigatedCase(), () => ({ step: "issue_notice" }), "officer-a"],
  [
    "a decision is proposed",
    windowsOver,
    (world) => ({ step: "submit_decision", penalty: fine(world) }),
    "officer-a",
  ],
  [
    "it is decided",
    (world) => endorsed(world, submitted(world, windowsOver(world))),
    () => ({ step: "decide", reasons: "事实清楚" }),
    "leader",
  ],
];

it.each(moments)(
  "stops a case on a verified record whose camera proves unfit, when %s",
  (_, make, step, who) => {
    const world = new TestWorld();
    const file = make(world);
    world.setRecord(cameraRecord("incident-1", { faults }));
    expect(world.refusalOf(file, step(world), who).code).toBe("evidence.camera_unusable");
  },
);

it("goes on without the record", () => {
  const world = new TestWorld();
  const file = world.investigatingCase();
  world.setRecord(cameraRecord("incident-1", { faults }));
  const record = file.evidence.find(({ kind }) => kind === "camera_record");
  const without = world.take(file, {
    step: "withdraw_evidence",
    evidenceId: record?.evidenceId ?? "",
    reason: "设备当日不合规",
  });
  const concluded = world.take(without, { step: "conclude_investigation", findings: world.findings() });
  expect(concluded.state).toBe("investigated");
});
