import { describe, expect, it } from "vitest";
import { UsageError } from "./domain/errors.ts";
import { silentLog } from "./evidence/testing/bundle-fixture.ts";
import { KeptOpen } from "./kept-open.ts";

class Thing {
  closed = 0;
  async close(): Promise<void> {
    this.closed += 1;
  }
}

/** Opens what it is given, one after the other; an error is thrown. */
function keptOf(outcomes: (Thing | null | Error)[]) {
  const clock = { ms: 1000 };
  const said: string[] = [];
  const open = async () => {
    const outcome = outcomes.shift() ?? null;
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  const log = { ...silentLog, warn: () => said.push("warn"), error: () => said.push("error") };
  const kept = new KeptOpen<Thing>({ name: "thing", open, log, now: () => clock.ms });
  return { kept, clock, said, left: outcomes };
}

describe("KeptOpen", () => {
  it("is opened once, however many ask", async () => {
    const thing = new Thing();
    const { kept } = keptOf([thing, new Thing()]);
    expect(await Promise.all([kept.get(), kept.get()])).toEqual([thing, thing]);
    expect(await kept.get()).toBe(thing);
    await kept.close();
    expect(thing.closed).toBe(1);
  });

  it.each([
    ["there is none", null, []],
    ["it is refused", new UsageError("no such model"), ["warn"]],
    ["of a fault of the program", new TypeError("a bug"), ["error"]],
  ] as const)("is tried again after a minute when %s", async (_why, failure, log) => {
    const thing = new Thing();
    const { kept, clock, said } = keptOf([failure, thing]);
    expect(await kept.get()).toBeNull();
    clock.ms += 59_999;
    expect(await kept.get()).toBeNull();
    expect(said).toEqual(log);
    clock.ms += 1;
    expect(await kept.get()).toBe(thing);
  });

  it("closes without complaint when it never opened or does not close", async () => {
    await keptOf([]).kept.close();
    const failed = keptOf([new TypeError("a bug")]);
    await failed.kept.get();
    await failed.kept.close();
    const stubborn = Object.assign(new Thing(), { close: () => Promise.reject(new Error("stuck")) });
    const { kept, said } = keptOf([stubborn]);
    await kept.get();
    await kept.close();
    expect(said).toEqual(["warn"]);
  });

  it("is opened anew at once when it was dropped, once only", async () => {
    const [broken, fresh] = [new Thing(), new Thing()];
    const { kept, left } = keptOf([broken, fresh]);
    await kept.get();
    await Promise.all([kept.drop(broken), kept.drop(broken)]);
    expect(await kept.get()).toBe(fresh);
    await kept.drop(broken);
    expect(await kept.get()).toBe(fresh);
    expect([broken.closed, fresh.closed, left.length]).toEqual([1, 0, 0]);
  });
});
