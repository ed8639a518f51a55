import { describe, expect, it } from "vitest";
import { type Actor, type RoleId, roleIds } from "../roles.ts";
import { CLAIM_MS, claimIncident } from "./incident-claim.ts";
import {
  type IncidentAction,
  type IncidentFacts,
  type IncidentMove,
  type IncidentState,
  incidentActions,
  incidentStates,
  openIncidentActions,
  transitionIncident,
} from "./incident-lifecycle.ts";

const now = 1_000_000;
const yes = { answer: "yes" } as const;
const tests = { true: yes, clear: yes, complete: yes, accurate: yes };
const system: Actor = { kind: "system", name: "clock" };

function person(...roles: RoleId[]): Actor & { kind: "user" } {
  return { kind: "user", userId: "ann", roles };
}

function incident(state: IncidentState, overrides: Partial<IncidentFacts> = {}): IncidentFacts {
  return {
    state,
    claimedBy: "ann",
    claimedUntil: now + 1,
    reviewDue: now + 1,
    graceUntil: now,
    ...overrides,
  };
}

const own = { kind: "own_observation" } as const;
const looked = (result: "gone" | "still_there" | "unclear") =>
  ({ kind: "recheck", recheckId: "rck_1", result }) as const;

/** Each step with everything it needs. */
const complete: Record<IncidentAction, IncidentMove> = {
  fix_evidence: { action: "fix_evidence" },
  queue_review: { action: "queue_review" },
  confirm: { action: "confirm", tests },
  reject: { action: "reject", reason: "false_detection", text: null, tests: {} },
  expire: { action: "expire" },
  persuade: { action: "persuade", minorFirst: true, namesSomeone: false },
  order_correction: { action: "order_correction", note: "劝导后未改正" },
  mark_corrected: { action: "mark_corrected", finding: own, note: "已驶离" },
  mark_not_corrected: { action: "mark_not_corrected", finding: own, note: "仍停放" },
  dispatch: { action: "dispatch", note: "请到场核实" },
  escalate: { action: "escalate", ground: "repeated", note: "本月第三次" },
  transfer: { action: "transfer", target: "交警支队" },
  order_work: { action: "order_work", target: "环卫所" },
};

/** The ladder of I1–I12, written down once more, by hand. */
const ladder: Record<
  IncidentAction,
  { from: IncidentState[]; to: IncidentState; who: (RoleId | "system")[] }
> = {
  fix_evidence: { from: ["detected"], to: "evidence_fixed", who: ["system"] },
  queue_review: { from: ["evidence_fixed"], to: "review_pending", who: ["system"] },
  confirm: { from: ["review_pending"], to: "confirmed", who: ["content_reviewer"] },
  reject: { from: ["review_pending"], to: "rejected", who: ["content_reviewer"] },
  expire: { from: ["review_pending"], to: "expired", who: ["system"] },
  persuade: { from: ["confirmed"], to: "persuading", who: ["officer", "system"] },
  order_correction: { from: ["confirmed", "not_corrected"], to: "persuading", who: ["officer"] },
  mark_corrected: { from: ["persuading", "dispatched"], to: "corrected", who: ["officer"] },
  mark_not_corrected: { from: ["persuading"], to: "not_corrected", who: ["officer"] },
  dispatch: { from: ["confirmed", "not_corrected"], to: "dispatched", who: ["officer"] },
  escalate: { from: ["confirmed", "not_corrected", "dispatched"], to: "escalated", who: ["officer"] },
  transfer: {
    from: ["review_pending", "confirmed", "not_corrected", "dispatched"],
    to: "transferred",
    who: ["officer"],
  },
  order_work: { from: ["review_pending", "confirmed", "not_corrected"], to: "work_order", who: ["officer"] },
};

/** When each step is in time: an incident expires only once the time for review is over. */
function inTime(state: IncidentState, action: IncidentAction): IncidentFacts {
  return incident(state, action === "expire" ? { reviewDue: now } : {});
}

const states = Object.keys(incidentStates) as IncidentState[];

function codeOf(facts: IncidentFacts, move: IncidentMove, actor: Actor, at = now): string {
  const result = transitionIncident(facts, move, actor, at);
  return result.ok ? result.next : result.refusal.code;
}

describe("incident lifecycle", () => {
  it.each(incidentActions)("%s leads only from and to where the ladder says", (action) => {
    const { from, to } = ladder[action];
    const actor = ladder[action].who.includes("system") ? system : person("officer", "content_reviewer");
    for (const state of states) {
      expect([state, codeOf(inTime(state, action), complete[action], actor)]).toEqual([
        state,
        from.includes(state) ? to : "incident.illegal_move",
      ]);
    }
  });

  it.each(incidentActions)("%s is taken only by those who may", (action) => {
    const { from, to, who } = ladder[action];
    const state = from[0] ?? "detected";
    for (const role of roleIds) {
      const done = codeOf(inTime(state, action), complete[action], person(role));
      expect([role, done === to]).toEqual([role, who.includes(role)]);
    }
    expect(codeOf(inTime(state, action), complete[action], system) === to).toBe(who.includes("system"));
    expect(codeOf(inTime(state, action), complete[action], { kind: "party" })).not.toBe(to);
  });

  it("never lets the system confirm, whatever it claims", () => {
    const facts = incident("review_pending", { claimedBy: "clock" });
    expect(codeOf(facts, complete.confirm, system)).toBe("permission.person_required");
  });

  it("confirms only what is answered yes four times", () => {
    const facts = incident("review_pending");
    const reviewer = person("content_reviewer");
    for (const name of ["true", "clear", "complete", "accurate"] as const) {
      const missing = { ...tests, [name]: undefined };
      expect(codeOf(facts, { action: "confirm", tests: missing }, reviewer)).toBe(
        "review.four_tests_required",
      );
      const failed = { ...tests, [name]: { answer: "no", reason: "逆光" } } as const;
      expect(codeOf(facts, { action: "confirm", tests: failed }, reviewer)).toBe("review.test_failed");
    }
    expect(transitionIncident(facts, { action: "confirm", tests: {} }, reviewer, now)).toMatchObject({
      refusal: {
        article: "xzcf:41(2)",
        messageEn: expect.stringContaining("true, clear, complete, accurate"),
      },
    });
  });

  it("wants a reason for a rejection and for each failed test", () => {
    const facts = incident("review_pending");
    const reject = (text: string | null, reason = "因树影误检") =>
      codeOf(
        facts,
        { action: "reject", reason: "other", text, tests: { clear: { answer: "no", reason } } },
        person("content_reviewer"),
      );
    expect(reject(null)).toBe("review.reason_text_required");
    expect(reject("  ")).toBe("review.reason_text_required");
    expect(reject("树影", " ")).toBe("review.failed_test_needs_reason");
    expect(reject("树影")).toBe("rejected");
  });

  it.each(["confirm", "reject", "transfer", "order_work"] as const)(
    "leaves %s to whoever claimed it, while the claim runs",
    (action) => {
      const actor = person("officer", "content_reviewer");
      for (const claim of [
        { claimedBy: null, claimedUntil: null },
        { claimedBy: "bo", claimedUntil: now + 1 },
        { claimedBy: "ann", claimedUntil: now },
      ]) {
        expect(codeOf(incident("review_pending", claim), complete[action], actor)).toBe(
          "incident.not_claimed_by_you",
        );
      }
    },
  );

  it("warns first only where the catalogue says so, and by a person where somebody is named", () => {
    const facts = incident("confirmed");
    const grave = { action: "persuade", minorFirst: false, namesSomeone: false } as const;
    const named = { action: "persuade", minorFirst: true, namesSomeone: true } as const;
    expect(codeOf(facts, grave, person("officer"))).toBe("warning.not_minor_first");
    expect(codeOf(facts, named, system)).toBe("warning.person_required");
    expect(codeOf(facts, named, person("officer"))).toBe("persuading");
  });

  it("calls nothing uncorrected while the grace runs, but corrected at any time", () => {
    const facts = incident("persuading", { graceUntil: now + 1 });
    expect(codeOf(facts, complete.mark_not_corrected, person("officer"))).toBe("incident.grace_running");
    expect(codeOf(facts, complete.mark_corrected, person("officer"))).toBe("corrected");
  });

  it("takes from a second look only what it showed, and an officer's own eyes before it", () => {
    const officer = person("officer");
    const corrected = (finding: typeof own | ReturnType<typeof looked>) =>
      codeOf(incident("persuading"), { action: "mark_corrected", finding, note: "已查看" }, officer);
    const persists = (finding: typeof own | ReturnType<typeof looked>) =>
      codeOf(incident("persuading"), { action: "mark_not_corrected", finding, note: "已查看" }, officer);
    expect([corrected(looked("gone")), corrected(own)]).toEqual(["corrected", "corrected"]);
    expect([persists(looked("still_there")), persists(own)]).toEqual(["not_corrected", "not_corrected"]);
    for (const result of ["still_there", "unclear"] as const)
      expect(corrected(looked(result))).toBe("incident.recheck_contradicts");
    for (const result of ["gone", "unclear"] as const)
      expect(persists(looked(result))).toBe("incident.recheck_contradicts");
  });

  it("closes what was dispatched by what was found on the spot, never by the camera", () => {
    const onSite = { action: "mark_corrected", finding: looked("gone"), note: "已驶离" } as const;
    expect(codeOf(incident("dispatched"), onSite, person("officer"))).toBe("incident.site_finding_required");
    expect(codeOf(incident("dispatched"), { ...onSite, finding: own }, person("officer"))).toBe("corrected");
  });

  it("asks nobody again and again who does it again and again", () => {
    const again = { action: "persuade", minorFirst: true, namesSomeone: true, beyondLimit: true } as const;
    expect(codeOf(incident("confirmed"), again, person("officer"))).toBe("warning.repeat_limit");
    expect(codeOf(incident("confirmed"), complete.order_correction, person("officer"))).toBe("persuading");
  });

  it("needs no claim any more once the record is confirmed", () => {
    const free = { claimedBy: null, claimedUntil: null, reviewDue: now };
    for (const action of ["transfer", "order_work"] as const)
      expect(codeOf(incident("confirmed", free), complete[action], person("officer"))).toBe(
        ladder[action].to,
      );
  });

  it("makes no case of a first look without a recorded human ground", () => {
    const officer = person("officer");
    const unwarned = { action: "escalate", ground: "not_corrected", note: "未改正" } as const;
    expect(codeOf(incident("confirmed"), unwarned, officer)).toBe("incident.not_warned_yet");
    expect(codeOf(incident("not_corrected"), unwarned, officer)).toBe("escalated");
    expect(codeOf(incident("dispatched", { graceUntil: null }), unwarned, officer)).toBe(
      "incident.not_warned_yet",
    );
    const grave = { ...unwarned, ground: "not_minor_first" } as const;
    expect(codeOf(incident("confirmed"), { ...grave, minorFirst: true }, officer)).toBe(
      "incident.is_minor_first",
    );
    expect(codeOf(incident("confirmed"), { ...grave, minorFirst: false }, officer)).toBe("escalated");
    expect(codeOf(incident("confirmed"), { ...unwarned, ground: "harm", note: " " }, officer)).toBe(
      "incident.note_required",
    );
  });

  it("wants each step to say what was found or where it goes", () => {
    const silent: IncidentMove[] = [
      { action: "order_correction", note: " " },
      { action: "mark_corrected", finding: own, note: "" },
      { action: "mark_not_corrected", finding: own, note: " " },
      { action: "dispatch", note: "" },
      { action: "transfer", target: "" },
      { action: "order_work", target: " " },
    ];
    for (const move of silent) {
      const state = ladder[move.action].from[0] ?? "detected";
      expect([move.action, codeOf(incident(state), move, person("officer"))]).toEqual([
        move.action,
        "note" in move ? "incident.note_required" : "incident.target_required",
      ]);
    }
  });

  it("expires nothing before its time, and nothing without one", () => {
    expect(codeOf(incident("review_pending", { reviewDue: now + 1 }), complete.expire, system)).toBe(
      "incident.review_not_due",
    );
    expect(codeOf(incident("review_pending", { reviewDue: null }), complete.expire, system)).toBe(
      "incident.review_not_due",
    );
  });

  it.each(["confirm", "transfer", "order_work"] as const)(
    "refuses to %s what was not reviewed in time, from the first moment on",
    (action) => {
      const actor = person("officer", "content_reviewer");
      for (const [reviewDue, code] of [
        [now + 1, ladder[action].to],
        [null, ladder[action].to],
        [now, "incident.review_overdue"],
        [now - 1, "incident.review_overdue"],
      ] as const)
        expect(codeOf(incident("review_pending", { reviewDue }), complete[action], actor)).toBe(code);
    },
  );

  it("lets a person reject what was not reviewed in time: it is of no use either way", () => {
    const overdue = incident("review_pending", { reviewDue: now - 1 });
    expect(codeOf(overdue, complete.reject, person("content_reviewer"))).toBe("rejected");
  });

  it("offers exactly the steps that would be let through", () => {
    for (const facts of states.flatMap((state) => [incident(state), incident(state, { reviewDue: now })])) {
      for (const actor of [system, person("officer"), person("content_reviewer"), person("system_admin")]) {
        const possible = incidentActions.filter(
          (action) => transitionIncident(facts, complete[action], actor, now).ok,
        );
        expect(openIncidentActions(facts, actor, now)).toEqual(possible);
      }
    }
  });
});

describe("claim", () => {
  const free = { state: "review_pending", claimedBy: null, claimedUntil: null };

  it("lasts fifteen minutes and can be renewed by its holder only", () => {
    expect(claimIncident(free, person("officer"), now)).toEqual({
      ok: true,
      claimedBy: "ann",
      claimedUntil: now + CLAIM_MS,
    });
    const mine = { ...free, claimedBy: "ann", claimedUntil: now + 1 };
    expect(claimIncident(mine, person("officer"), now)).toMatchObject({ claimedUntil: now + CLAIM_MS });
    const theirs = { ...free, claimedBy: "bo", claimedUntil: now + 1 };
    expect(claimIncident(theirs, person("officer"), now)).toMatchObject({
      refusal: { code: "incident.claimed_by_other" },
    });
    expect(claimIncident(theirs, person("officer"), now + 1)).toMatchObject({ ok: true });
  });

  it("is for people who decide, and for what waits", () => {
    const codes = [
      claimIncident(free, system, now),
      claimIncident(free, person("auxiliary", "system_admin"), now),
      claimIncident({ ...free, state: "confirmed" }, person("officer"), now),
    ].map((result) => (result.ok ? "" : result.refusal.code));
    expect(codes).toEqual([
      "permission.person_required",
      "permission.role_required",
      "incident.not_claimable",
    ]);
  });
});
