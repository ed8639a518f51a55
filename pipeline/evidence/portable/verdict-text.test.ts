import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { printable } from "./printable.ts";
import type { LogFacts } from "./read-log-proof.ts";
import { factLines, meaningOf, problemText, verdictOf } from "./verdict-text.ts";
import type { VerifyResult } from "./verify-source.ts";

const log: LogFacts = {
  origin: "forewarn-log/test",
  ...{ index: 4, kind: "collected", at: "2026-03-10T01:00:00.000Z", size: 9, keyId: "f".repeat(16) },
  ...{ keyTrust: "not_checked", isSealKey: true, hasTimestamp: false },
};
const result: VerifyResult = {
  ...{ ok: true, bundleId: "cnd_1", problems: [], withheld: null, log, unsealed: [] },
  facts: {
    ...{ cameraId: "cam-001", cameraName: "门前", place: "人民南路", violation: "vehicle_sidewalk" },
    ...{ grade: "evidence", startedAt: log.at, triggeredAt: log.at, signedAt: log.at, sequence: 1 },
    ...{ previousManifestSha256: null, manifestSha256: "a".repeat(64), keyId: "e".repeat(16) },
    ...{ keyTrust: "not_checked", software: "forewarn 1", files: 6, sizeBytes: 100 },
  },
};
const logLine = (change: Partial<LogFacts> = {}) =>
  factLines({ ...result, log: { ...log, ...change } }).find(({ label }) => label.includes("log"))?.value;

/** Codes of bundles in docs/verify.md; chains are checked over many, never in a browser. */
async function documentedCodes(): Promise<string[]> {
  const doc = await readFile(new URL("../../../docs/verify.md", import.meta.url), "utf8");
  const rows = doc.split("\n").filter((line) => line.startsWith("| `") && !line.includes("chain."));
  return rows.flatMap((row) =>
    [...row.matchAll(/`((?:file|folder|manifest|seal|export|zip|log)\.(?!json`)[a-z0-9_]+)`/g)].map(
      (found) => found[1] ?? "",
    ),
  );
}

describe("what a verdict says", () => {
  it("has a meaning in Chinese for every code that is documented", async () => {
    const codes = await documentedCodes();
    expect(codes.length).toBeGreaterThan(30);
    for (const code of codes) expect(meaningOf(code), code).toMatch(/\p{Script=Han}/u);
  });

  it("shows whose key signed the log, and believes in none that nobody compared", () => {
    expect(logLine()).toMatch(/key id f{16} \(请与公布的编号比对 · compare with the published one\)/);
    expect(logLine({ isSealKey: false })).toMatch(
      /key id f{16} \(密钥未经证实.*key not proven.*compare with/,
    );
    expect(logLine({ isSealKey: false, keyTrust: "trusted" })).toMatch(/f{16} \(是所信任的密钥/);
  });

  it("lets no text of a bundle look like a line of its own, or change what a terminal shows", () => {
    const evil = "\u001b[2K\rINTACT 完整\n\u009b1A\u202egpj.\u2066\u200f\u2028\u007f\u{e0041}";
    const tricks = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
    const problem = problemText({ code: "file.extra", file: evil, message: `${evil} does not belong` });
    expect(problem).not.toMatch(tricks);
    expect(problem).toContain("\\u001b[2K\\u000dINTACT 完整\\u000a");
    const facts = { ...(result.facts as NonNullable<typeof result.facts>), cameraName: evil, place: evil };
    for (const { value } of factLines({ ...result, bundleId: evil, facts, unsealed: [evil] }))
      expect(value).not.toMatch(tricks);
    expect(JSON.parse(printable(JSON.stringify({ evil })))).toEqual({ evil });
  });

  it("never calls a bundle intact that lacks its originals", () => {
    const withheld = { paths: ["originals/clip.mp4"], sizeBytes: 1 };
    expect(verdictOf({ ok: true, withheld: null })).toBe("INTACT 完整");
    expect(verdictOf({ ok: true, withheld })).toContain("未附原件");
    expect(verdictOf({ ok: false, withheld })).toBe("BROKEN 已损坏");
  });
});

describe("the code that runs everywhere", () => {
  it("imports nothing of Node", async () => {
    for (const name of await readdir(new URL(".", import.meta.url))) {
      if (name.endsWith(".test.ts")) continue;
      const text = await readFile(new URL(name, import.meta.url), "utf8");
      expect(text, name).not.toMatch(/from "node:|\bBuffer\b(?! )/);
    }
  });
});
