import { describe, expect, it } from "vitest";
import type { CaseClock } from "../clocks/clock.ts";
import { linkExpiry, linkStanding } from "./party-link.ts";
import { MAX_WRONG_ANSWERS } from "./second-factor.ts";

const now = Date.parse("2026-03-10T01:00:00Z");
const open = { expiresAt: now + 1, revokedAt: null, wrongAnswers: 0 };

describe("a party's link", () => {
  it("opens until it is revoked, expires, or five answers were wrong", () => {
    expect(linkStanding(open, now)).toBe("open");
    expect(linkStanding({ ...open, wrongAnswers: MAX_WRONG_ANSWERS - 1 }, now)).toBe("open");
    expect(linkStanding({ ...open, wrongAnswers: MAX_WRONG_ANSWERS }, now)).toBe("locked");
    expect(linkStanding(open, now + 1)).toBe("expired");
    expect(linkStanding({ ...open, revokedAt: now }, now)).toBe("revoked");
  });

  it("outlives the party's own deadlines, and nobody else's", () => {
    const clock = (duty: CaseClock["duty"], state: CaseClock["state"] = "running"): CaseClock => ({
      kind: "litigation",
      subject: "case",
      startedOn: "2026-03-10",
      strictDue: "2026-09-10",
      legalDue: "2026-09-10",
      basis: "litigation.period",
      duty,
      state,
      endedOn: null,
    });
    expect(linkExpiry(now, 1, [clock("party")])).toBe(Date.parse("2026-09-12T00:00:00+08:00"));
    expect(linkExpiry(now, 1, [clock("agency"), clock("party", "met")])).toBe(now + 86_400_000);
    expect(linkExpiry(now, 300, [clock("party")])).toBe(now + 300 * 86_400_000);
  });
});
