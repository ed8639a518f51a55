import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { canReach, serverAccount } from "./server-account.ts";

const ROOT_LINE = "root:x:0:0:root:/root:/bin/sh";
const NOBODY = "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin";

describe("serverAccount", () => {
  it("is nobody else for a normal user", () => {
    expect(serverAccount(1000, ROOT_LINE)).toBeUndefined();
  });
  it("prefers postgres to nobody when we are root", () => {
    const postgres = "postgres:x:101:104::/var/lib/postgresql:/bin/bash";
    expect(serverAccount(0, [ROOT_LINE, NOBODY, postgres].join("\n"))).toEqual({ uid: 101, gid: 104 });
    expect(serverAccount(0, [ROOT_LINE, NOBODY].join("\n"))).toEqual({ uid: 65534, gid: 65534 });
  });
  it("says what to do where there is neither", () => {
    expect(() => serverAccount(0, ROOT_LINE)).toThrow(/run Forewarn as a normal user/);
  });
});

describe("canReach", () => {
  const top = mkdtempSync(join(tmpdir(), "forewarn-reach-"));
  const inner = join(top, "inner");
  mkdirSync(inner);
  writeFileSync(join(inner, "file"), "");
  afterAll(() => rmSync(top, { recursive: true }));
  const stranger = { uid: 64_000, gid: 64_000 };

  it("needs the x bit of every folder and the r bit of the file", () => {
    chmodSync(top, 0o711);
    chmodSync(inner, 0o711);
    chmodSync(join(inner, "file"), 0o644);
    expect(canReach(stranger, join(inner, "file"))).toBe(true);
    chmodSync(join(inner, "file"), 0o600);
    expect(canReach(stranger, join(inner, "file"))).toBe(false);
    expect(canReach(stranger, inner)).toBe(true);
    chmodSync(top, 0o700);
    expect(canReach(stranger, inner)).toBe(false);
  });
  it("goes by the owner's bits for the owner", () => {
    chmodSync(top, 0o700);
    const { uid, gid } = statSync(top);
    expect(canReach({ uid, gid }, top)).toBe(true);
  });
  it("does not mind folders that are yet to be made", () => {
    chmodSync(top, 0o711);
    expect(canReach(stranger, join(inner, "new", "newer"))).toBe(true);
  });
});
