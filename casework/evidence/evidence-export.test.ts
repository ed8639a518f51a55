import { describe, expect, it } from "vitest";
import type { Actor, RoleId } from "../roles.ts";
import type { ExportPurpose, PurposeGrant } from "./evidence-export.ts";
import { exportPurposes, groundForExport } from "./evidence-export.ts";

const now = Date.parse("2026-03-10T01:00:00Z");
const person = (userId: string, ...roles: RoleId[]): Actor => ({ kind: "user", userId, roles });
const lawyer = person("usr_1", "legal_reviewer");
const grant: PurposeGrant = {
  grantId: "grt_1",
  state: "approved",
  requestedBy: "usr_1",
  hours: 24,
  expiresAt: now + 1,
  purpose: "review_or_court",
};
const all = (grants: readonly PurposeGrant[], actor = lawyer, purpose: ExportPurpose = "review_or_court") =>
  groundForExport({ include: "all", purpose }, grants, actor, now);
const refusedBy = (decision: ReturnType<typeof groundForExport>) =>
  decision.ok ? "allowed" : decision.refusal.code;

describe("taking evidence out of the house", () => {
  it("is for whoever may read the incident when nothing but masked copies leaves", () => {
    for (const purpose of Object.keys(exportPurposes) as ExportPurpose[])
      expect(groundForExport({ include: "masked", purpose }, [], lawyer, now)).toEqual({
        ok: true,
        grantId: null,
      });
    const stranger = person("usr_2", "system_admin");
    const masked = { include: "masked", purpose: "inform_party" } as const;
    expect(refusedBy(groundForExport(masked, [grant], stranger, now))).toBe("permission.role_required");
    for (const actor of [{ kind: "system", name: "cli" }, { kind: "party" }] as const)
      expect(refusedBy(groundForExport(masked, [grant], actor, now))).toBe("permission.person_required");
  });

  it("takes a running grant of one's own for this purpose when originals leave", () => {
    expect(all([{ ...grant, grantId: "grt_0", state: "declined" }, grant])).toEqual({
      ok: true,
      grantId: "grt_1",
    });
    for (const other of [
      [],
      [{ ...grant, expiresAt: now }],
      [{ ...grant, state: "pending", expiresAt: null } as const],
      [{ ...grant, state: "revoked" } as const],
      [{ ...grant, requestedBy: "usr_2" }],
      [{ ...grant, purpose: "supervision" } as const],
    ])
      expect(refusedBy(all(other))).toBe("evidence.export_grant_required");
    expect(refusedBy(all([grant], lawyer, "inform_party"))).toBe("evidence.export_grant_required");
  });
});
