import { describe, expect, it } from "vitest";
import type { ClaimFacts } from "../incident/incident-claim.ts";
import type { Actor, RoleId } from "../roles.ts";
import {
  approveGrant,
  type GrantFacts,
  groundForView,
  HOUR_MS,
  MAX_GRANT_HOURS,
  refuseDecline,
  refuseRequest,
  refuseRevocation,
} from "./evidence-access.ts";

const now = Date.parse("2026-03-10T01:00:00Z");
const person = (userId: string, ...roles: RoleId[]): Actor => ({ kind: "user", userId, roles });
const asker = person("u-asker", "legal_reviewer");
const privacy = person("u-privacy", "privacy_officer");
const leader = person("u-leader", "agency_leader");
const system: Actor = { kind: "system", name: "x" };
const free: ClaimFacts = { state: "confirmed", claimedBy: null, claimedUntil: null };

function grant(overrides: Partial<GrantFacts> = {}): GrantFacts {
  return {
    grantId: "grt_1",
    state: "pending",
    requestedBy: "u-asker",
    hours: 24,
    expiresAt: null,
    ...overrides,
  };
}
const running = (overrides: Partial<GrantFacts> = {}) =>
  grant({ state: "approved", expiresAt: now + HOUR_MS, ...overrides });

describe("asking to see originals", () => {
  it("needs a reason in words and a time within the limits", () => {
    const code = (reason: string, hours: number, actor = asker) =>
      refuseRequest({ reason, hours }, actor)?.code ?? null;
    expect(code("核查车牌", 24)).toBeNull();
    expect(code("核查车牌", MAX_GRANT_HOURS)).toBeNull();
    expect(code("  ", 24)).toBe("grant.reason_required");
    for (const hours of [0, -1, 1.5, MAX_GRANT_HOURS + 1, Number.NaN])
      expect(code("核查车牌", hours), String(hours)).toBe("grant.too_long");
    for (const actor of [
      person("u", "system_admin"),
      person("u", "auxiliary"),
      system,
      { kind: "party" } as const,
    ])
      expect(code("核查车牌", 24, actor)).toMatch(/^permission\./);
  });
});

describe("deciding a request", () => {
  it("is for the privacy officer or the agency leader, and its time runs from then", () => {
    for (const actor of [privacy, leader])
      expect(approveGrant(grant({ hours: 2 }), actor, now)).toEqual({
        ok: true,
        expiresAt: now + 2 * HOUR_MS,
      });
    for (const actor of [person("u", "officer", "unit_head", "content_reviewer", "system_admin"), system])
      expect(approveGrant(grant(), actor, now)).toMatchObject({ ok: false });
  });

  it("is never for whoever asked, whatever their roles", () => {
    const both = person("u-asker", "agency_leader", "privacy_officer");
    expect(approveGrant(grant(), both, now)).toMatchObject({ refusal: { code: "grant.own_request" } });
    expect(refuseDecline(grant(), "不予批准", both)?.code).toBe("grant.own_request");
  });

  it("happens once", () => {
    for (const state of ["approved", "declined", "revoked"] as const) {
      expect(approveGrant(grant({ state }), privacy, now)).toMatchObject({
        refusal: { code: "grant.not_pending" },
      });
      expect(refuseDecline(grant({ state }), "不", privacy)?.code).toBe("grant.not_pending");
    }
  });

  it("says why when the answer is no or no longer", () => {
    expect([refuseDecline(grant(), " ", privacy)?.code, refuseDecline(grant(), "不必要", privacy)]).toEqual([
      "grant.note_required",
      null,
    ]);
    expect(refuseRevocation(running(), "", privacy)?.code).toBe("grant.note_required");
    for (const actor of [privacy, leader, asker])
      expect(refuseRevocation(running(), "办结", actor)).toBeNull();
    expect(refuseRevocation(running(), "办结", person("u-other", "legal_reviewer"))?.code).toBe(
      "permission.role_required",
    );
    expect(refuseRevocation(grant({ state: "declined" }), "办结", privacy)?.code).toBe("grant.not_running");
  });
});

describe("looking at an original", () => {
  const ground = (incident: ClaimFacts, grants: GrantFacts[], actor: Actor, at = now) => {
    const view = groundForView(incident, grants, actor, at);
    return view.ok ? view.ground : view.refusal.code;
  };

  it("is open to whoever has claimed the review, for as long as the claim runs", () => {
    const reviewer = person("u-reviewer", "content_reviewer");
    const claimed = { state: "review_pending", claimedBy: "u-reviewer", claimedUntil: now + 60_000 };
    expect(ground(claimed, [], reviewer)).toEqual({ kind: "review_claim", until: now + 60_000 });
    expect(ground(claimed, [], reviewer, now + 60_000)).toBe("evidence.grant_required");
    expect(ground(claimed, [], person("u-other", "content_reviewer"))).toBe("evidence.grant_required");
    expect(ground({ ...claimed, state: "confirmed" }, [], reviewer)).toBe("evidence.grant_required");
    // Whoever may claim to send it on, and not review, has no need of the original.
    expect(ground(claimed, [], person("u-reviewer", "officer"))).toBe("evidence.grant_required");
    // The role was taken away since.
    expect(ground(claimed, [], person("u-reviewer", "unit_head"))).toBe("evidence.grant_required");
  });

  it("is open by one's own running grant, and closed by any other", () => {
    expect(ground(free, [running()], asker)).toEqual({
      kind: "grant",
      grantId: "grt_1",
      until: now + HOUR_MS,
    });
    for (const [name, given] of [
      ["no grant", []],
      ["a request", [grant()]],
      ["a declined one", [grant({ state: "declined" })]],
      ["a revoked one", [grant({ state: "revoked", expiresAt: now + HOUR_MS })]],
      ["one that ran out", [running({ expiresAt: now })]],
      ["somebody else's", [running({ requestedBy: "u-other" })]],
    ] as const)
      expect(ground(free, [...given], asker), name).toBe("evidence.grant_required");
  });

  it("takes the grant that runs longest", () => {
    const grants = [running(), running({ grantId: "grt_2", expiresAt: now + 2 * HOUR_MS })];
    expect(ground(free, grants, asker)).toMatchObject({ grantId: "grt_2" });
  });

  it("is for persons only", () => {
    for (const actor of [system, { kind: "party" } as const])
      expect(ground(free, [running()], actor)).toBe("permission.person_required");
  });
});
