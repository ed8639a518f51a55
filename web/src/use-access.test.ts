import { describe, expect, it } from "vitest";
import type { Access } from "./access-api.ts";
import { useAccess } from "./use-access.ts";

const until = "2026-03-10T01:15:00.000Z";
const grant: Access["ground"] = { kind: "grant", grantId: "grt_1", until };
const claim: Access["ground"] = { kind: "review_claim", grantId: null, until };

function reply(ground: Access["ground"]): Access {
  return { ground, grants: [], mayRequest: true, mayHold: false, mayReleaseHold: false, deletion: null };
}

/** A server that says one thing after the other, and then does not answer any more. */
function desk(...grounds: Access["ground"][]) {
  const replies = grounds.map(reply);
  const calls: string[] = [];
  const using = useAccess({
    ask() {
      // What the person sees while the server is asked.
      calls.push(using.original.value ? "ask while the original is shown" : "ask");
      const next = replies.shift();
      return next === undefined ? Promise.reject(new Error("offline")) : Promise.resolve(next);
    },
    async revoke(grantId) {
      calls.push(`revoke ${grantId}`);
    },
  });
  return { ...using, calls };
}

describe("whether an original is shown", () => {
  it("is the reviewer's at once, and the choice of whoever has a grant", async () => {
    const reviewer = desk(claim);
    expect([reviewer.ground.value, reviewer.original.value]).toEqual([null, false]);
    await reviewer.load();
    expect([reviewer.ground.value, reviewer.original.value]).toEqual([claim, true]);
    const other = desk(grant);
    await other.load();
    expect([other.ground.value, other.original.value]).toEqual([grant, false]);
  });

  it("ends with its time before the server is asked, which is once", async () => {
    const { load, end, ground, original, calls } = desk(claim, null);
    await load();
    await end();
    expect([ground.value, original.value, calls]).toEqual([null, false, ["ask", "ask"]]);
  });

  it("ends with its time when the server does not answer", async () => {
    const { load, end, access, ground, original, calls } = desk(claim);
    await load();
    await expect(end()).rejects.toThrow("offline");
    expect([ground.value, original.value, calls]).toEqual([null, false, ["ask", "ask"]]);
    expect(access.value).toEqual(reply(null));
  });

  it("goes on when the claim was renewed meanwhile", async () => {
    const { load, end, ground, original } = desk(claim, claim);
    await load();
    await end();
    expect([ground.value, original.value]).toEqual([claim, true]);
  });

  it("ends when the grant is given back, also when the server says nothing more", async () => {
    const { load, giveBack, ground, original, calls } = desk(grant);
    await load();
    original.value = true;
    await expect(giveBack()).rejects.toThrow("offline");
    expect([ground.value, original.value, calls]).toEqual([null, false, ["ask", "revoke grt_1", "ask"]]);
  });
});
