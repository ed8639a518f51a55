import { expect, it } from "vitest";
import { Watches } from "./watches.ts";

const never = new AbortController().signal;

/** A watch that goes on until it is told to end, and takes a moment to do so. */
function watching(name: string, said: string[]) {
  return async (signal: AbortSignal) => {
    said.push(`${name} begins`);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    await Promise.resolve();
    said.push(`${name} ends`);
    return name;
  };
}

it("lets the later one begin when the earlier one of the same camera has let go", async () => {
  const watches = new Watches();
  const said: string[] = [];
  const end = new AbortController();
  const runs = ["first", "second", "third"].map((name) =>
    watches.alone("cam", end.signal, watching(name, said)),
  );
  await expect.poll(() => said.at(-1)).toBe("third begins");
  expect(watches.size).toBe(1);
  end.abort();
  expect(await Promise.all(runs)).toEqual(["first", "second", "third"]);
  expect(said).toEqual([
    "first begins",
    "first ends",
    "second begins",
    "second ends",
    "third begins",
    "third ends",
  ]);
  expect(watches.size).toBe(0);
});

it("leaves other cameras alone, and does not mind how an earlier one failed", async () => {
  const watches = new Watches();
  const said: string[] = [];
  const end = new AbortController();
  const other = watches.alone("other", end.signal, watching("other", said));
  const failing = watches.alone("cam", never, (signal) =>
    watching("failing", said)(signal).then(() => Promise.reject(new Error("the stream broke"))),
  );
  const next = watches.alone("cam", end.signal, watching("next", said));
  await expect(failing).rejects.toThrow("the stream broke");
  await expect.poll(() => said.at(-1)).toBe("next begins");
  expect(said).not.toContain("other ends");
  end.abort();
  await Promise.all([other, next]);
});
