import { describe, expect, it } from "vitest";
import { CLAIM_MS, earlierAttempt, whileUnderWay } from "./notice-claim.ts";

const since = 1_000_000;
const begun = { deliveryId: "dlv_1", sendingSince: new Date(since), sendingBy: "me" };
const look = (task: Parameters<typeof earlierAttempt>[0], now = since + 1) =>
  earlierAttempt(task, { workerId: "me", now });

describe("an attempt that was begun before", () => {
  it("may be none", () => {
    expect(look({ deliveryId: "dlv_1", sendingSince: null, sendingBy: null })).toEqual({ kind: "none" });
  });

  it("was broken off when this worker began it and is not at it", () => {
    expect(look(begun)).toEqual({ kind: "broken_off" });
  });

  it("is under way while this worker is at it, and broken off when that has thrown", async () => {
    const seen: unknown[] = [];
    const send = () => {
      seen.push(look(begun));
      return Promise.reject(new Error("no"));
    };
    await expect(whileUnderWay("dlv_1", send)).rejects.toThrow("no");
    seen.push(look(begun));
    expect(seen).toEqual([{ kind: "under_way", until: since + CLAIM_MS }, { kind: "broken_off" }]);
  });

  it("of another worker is its own until no channel could take so long", () => {
    const other = { ...begun, sendingBy: "other" };
    expect(look(other, since + CLAIM_MS - 1)).toEqual({ kind: "under_way", until: since + CLAIM_MS });
    expect(look(other, since + CLAIM_MS)).toEqual({ kind: "broken_off" });
  });
});
