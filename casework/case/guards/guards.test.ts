import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { caseTable, type TableRow } from "../case-table.ts";
import { guardNames } from "../guard-names.ts";
import type { GuardCase } from "../testing/guard-case.ts";
import { TestWorld } from "../testing/world.ts";
import { guards } from "./guards.ts";

const cases = await allCases();

describe.each(guardNames)("%s", (name) => {
  const own = cases.filter(({ guard }) => guard === name);

  it("stands in the way of some step", () => {
    const rows: readonly TableRow[] = Object.values(caseTable);
    expect(rows.some((row) => row.guards.includes(name))).toBe(true);
  });

  it("has been seen from both sides", () => {
    expect(own).not.toHaveLength(0);
  });

  it.each(own.map((one) => ({ ...one, about: one.about ?? "at all" })))(
    "lets one through and refuses the other: $about",
    ({ passes, refused, code }) => {
      expect(guards[name](passes(new TestWorld()))).toBeNull();
      expect(guards[name](refused(new TestWorld()))?.code).toBe(code);
    },
  );

  it.each(own.map(({ refused, code }) => ({ refused, code })))(
    "says in full what to do: $code",
    ({ refused }) => {
      const refusal = guards[name](refused(new TestWorld()));
      expect(refusal?.messageZh).toMatch(/^[^a-z]+.*。$/);
      expect(refusal?.messageEn).toMatch(/^\S.*[.]$/);
      expect(refusal?.article ?? "xzcf:1").toMatch(/^[a-z]+\d*:\d+(\(\d+\))*$/);
    },
  );
});

/** Found by their names, so that a guard's cases cannot be forgotten here. */
async function allCases(): Promise<GuardCase[]> {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith("-guards.cases.ts"));
  const modules = await Promise.all(
    files.map(
      (file) => import(/* @vite-ignore */ `./${file}`) as Promise<{ readonly cases: readonly GuardCase[] }>,
    ),
  );
  return modules.flatMap((module) => module.cases);
}
