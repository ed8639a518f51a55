import { describe, expect, it } from "vitest";
import { nodeTooOld } from "./node-version.mjs";
import { firstDifference } from "./packages.mjs";
import { countTests } from "./test-count.mjs";
import { causeOf, sentence } from "./why.mjs";

describe("nodeTooOld", () => {
  it.each(["20.12.0", "20.20.2", "22.0.0", "24.1.0"])("takes %s", (version) => {
    expect(nodeTooOld(version)).toBeUndefined();
  });
  it.each(["20.11.9", "18.20.0", "12.0.0"])("refuses %s and says what to install", (version) => {
    expect(nodeTooOld(version)).toMatch(/install Node 20\.12\.0 or newer/);
  });
});

describe("firstDifference", () => {
  const wanted = {
    "": { version: "0.1.0" },
    "node_modules/a": { version: "1.0.0" },
    "node_modules/only-mac": { version: "1.0.0", optional: true },
  };
  it("finds nothing when all is there, optional packages of other systems aside", () => {
    expect(firstDifference(wanted, { "node_modules/a": { version: "1.0.0" } })).toBeUndefined();
  });
  it("finds a package that is missing or of another version", () => {
    expect(firstDifference(wanted, {})).toBe("node_modules/a");
    expect(firstDifference(wanted, { "node_modules/a": { version: "0.9.0" } })).toBe("node_modules/a");
  });
});

describe("countTests", () => {
  const file = (status: string, ...tests: string[]) => ({
    status,
    assertionResults: tests.map((test) => ({ status: test })),
  });
  it("counts what passed, failed and was skipped", () => {
    const report = {
      testResults: [file("passed", "passed", "skipped", "todo"), file("failed", "failed", "passed")],
    };
    expect(countTests(report, 1)).toMatchObject({ skipped: 2, line: "2 passed, 1 failed", ok: false });
  });
  it("counts a file that could not be loaded as one failure", () => {
    expect(countTests({ testResults: [file("failed"), file("passed", "passed")] }, 1).line).toBe(
      "1 passed, 1 failed",
    );
  });
  it("fails when nothing ran, when there is no report, and on an error outside of any test", () => {
    expect(countTests({ testResults: [] }, 0)).toMatchObject({ line: "0 passed, 0 failed", ok: false });
    expect(countTests(undefined, 1)).toMatchObject({ line: "0 passed, 1 failed", ok: false });
    const passed = { testResults: [file("passed", "passed")] };
    expect(countTests(passed, 0)).toMatchObject({ line: "1 passed, 0 failed", ok: true });
    expect(countTests(passed, 1)).toMatchObject({ line: "1 passed, 1 failed", ok: false });
  });
});

describe("sentence", () => {
  it.each([
    ["npm error code ENOSPC\nnpm error nospc There appears to be insufficient space", "disk"],
    ["E: You don't have enough free space in /var/cache/apt/archives/.", "disk"],
    ["npm error code EAI_AGAIN\nnpm error request to https://registry.npmjs.org failed", "network"],
    [
      "Err:1 http://deb.debian.org bookworm InRelease\n  Temporary failure resolving 'deb.debian.org'",
      "network",
    ],
    ["Error: EACCES: permission denied, mkdir '/srv/node_modules'", "permission"],
    ["E: Unable to locate package redis-server", "other"],
  ])("sees the cause in %j", (output, cause) => {
    expect(causeOf(output)).toBe(cause);
  });
  it("says in one line what failed, why and what to do", () => {
    const text = sentence("Installing", "npm error code ENOTFOUND\n", { network: "check the proxy" });
    expect(text).toBe(
      "Installing failed because the network could not be reached: check the proxy and run the command again.",
    );
    const npm =
      "npm error code EUSAGE\nnpm error\nnpm error out of sync\nnpm error Usage:\nnpm error npm ci\n";
    expect(sentence("Installing", npm)).toBe("Installing failed (out of sync).");
    expect(sentence("Unpacking", "E: odd\nE: odder\n\n")).toBe("Unpacking failed (odder).");
  });
});
