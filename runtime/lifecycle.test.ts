import { describe, expect, it } from "vitest";
import { Lifecycle } from "./lifecycle.ts";

describe("a program's end", () => {
  it("closes what was opened last first, each after the one before it is done", async () => {
    const lifecycle = new Lifecycle();
    const said: string[] = [];
    for (const name of ["pool", "queue", "http"])
      lifecycle.onClose(name, async () => {
        said.push(`${name} …`);
        await Promise.resolve();
        said.push(`${name} closed`);
      });
    await lifecycle.close();
    expect(said).toEqual(["http …", "http closed", "queue …", "queue closed", "pool …", "pool closed"]);
  });

  it("tells everybody to stop before the first thing is closed", async () => {
    const lifecycle = new Lifecycle();
    const seen: boolean[] = [];
    lifecycle.onClose("worker", () => seen.push(lifecycle.signal.aborted));
    expect(lifecycle.signal.aborted).toBe(false);
    await lifecycle.close();
    expect(seen).toEqual([true]);
  });

  it("closes everything though one thing fails, and then says which", async () => {
    const lifecycle = new Lifecycle();
    const closed: string[] = [];
    const cause = new Error("still busy");
    lifecycle.onClose("pool", () => closed.push("pool"));
    lifecycle.onClose("queue", () => Promise.reject(cause));
    lifecycle.onClose("server", () => {
      throw new Error("another");
    });
    lifecycle.onClose("http", () => closed.push("http"));
    await expect(lifecycle.close()).rejects.toMatchObject({ message: "closing server failed" });
    expect(closed).toEqual(["http", "pool"]);
  });

  it("closes once, whoever asks and how often", async () => {
    const lifecycle = new Lifecycle();
    let closed = 0;
    lifecycle.onClose("pool", () => {
      closed += 1;
    });
    await Promise.all([lifecycle.close(), lifecycle.close()]);
    await lifecycle.close();
    expect(closed).toBe(1);
  });
});
