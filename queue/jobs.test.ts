import { describe, expect, it } from "vitest";
import { jobs, queueNames } from "./jobs.ts";

const fits = (name: keyof typeof jobs, payload: unknown) => jobs[name].payload.safeParse(payload).success;

describe("what jobs carry", () => {
  it("is an id and nothing else", () => {
    expect(queueNames).toEqual([
      "cameras",
      "evidence",
      "notices",
      "alarms",
      "rechecks",
      "retention",
      "clocks",
      "checkpoints",
    ]);
    expect(fits("cameras", { cameraId: "cam-1" })).toBe(true);
    expect(fits("cameras", { cameraId: "cam-1", url: "rtsp://user:hush@10.0.0.1" })).toBe(false);
    expect(fits("notices", { deliveryId: "dlv_1" })).toBe(true);
    expect(fits("notices", { deliveryId: "dlv_1", link: "https://x/w/y" })).toBe(false);
    expect(fits("alarms", { alarmId: "alm_1" })).toBe(true);
    expect(fits("rechecks", { recheckId: "rck_1" })).toBe(true);
    expect(fits("rechecks", { recheckId: "rck_1", url: "rtsp://10.0.0.1" })).toBe(false);
    expect(fits("retention", { date: "2026-04-09" })).toBe(true);
    expect(fits("retention", { date: "yesterday" })).toBe(false);
    expect(fits("clocks", { date: "2026-04-09" })).toBe(true);
    for (const name of queueNames) expect(fits(name, {})).toBe(name === "checkpoints");
  });

  it("never leads out of the spool", () => {
    expect(fits("evidence", { candidateId: `cnd_${"0".repeat(26)}` })).toBe(true);
    for (const candidateId of [
      "",
      "..",
      "../../etc",
      `cnd_${"0".repeat(25)}`,
      `cnd_${"0".repeat(26)}/..`,
      `cnd_${"G".repeat(26)}`,
    ])
      expect(fits("evidence", { candidateId })).toBe(false);
  });
});

describe("how jobs are tried again", () => {
  it("keeps what a person must look at, and lets a camera be queued again at once", () => {
    expect(jobs.evidence.options.removeOnFail).toBe(false);
    expect(jobs.notices.options.removeOnFail).toBe(false);
    expect(jobs.cameras.options).toMatchObject({ removeOnFail: true, removeOnComplete: true });
  });
});
