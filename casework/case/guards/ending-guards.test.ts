import { describe, expect, it } from "vitest";
import type { Guard } from "../engine.ts";
import { TestWorld } from "../testing/world.ts";
import { cases as closing } from "./closing-guards.cases.ts";
import { closingGuards } from "./closing-guards.ts";
import { cases as court } from "./court-guards.cases.ts";
import { courtGuards } from "./court-guards.ts";
import { cases as performance } from "./performance-guards.cases.ts";
import { performanceGuards } from "./performance-guards.ts";

const guards: Readonly<Record<string, Guard>> = { ...performanceGuards, ...courtGuards, ...closingGuards };

describe.each([...performance, ...court, ...closing])(
  "$guard: $about",
  ({ guard, passes, refused, code }) => {
    it("lets the one through", () => {
      expect(guards[guard]?.(passes(new TestWorld()))).toBeNull();
    });

    it(`refuses the other: ${code}`, () => {
      const refusal = guards[guard]?.(refused(new TestWorld()));
      expect(refusal?.code).toBe(code);
      expect(refusal?.messageZh).toMatch(/。$/);
    });
  },
);

describe("the guards of performance, court and closing", () => {
  it.each(Object.keys(guards))("%s has been seen from both sides", (name) => {
    expect([...performance, ...court, ...closing].map(({ guard }) => guard)).toContain(name);
  });
});
