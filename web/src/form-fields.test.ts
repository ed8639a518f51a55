import { describe, expect, it } from "vitest";
import { aboutNoCase, bodyOf, type Field, fenOf, initialState, type Values, yuanOf } from "./form-fields.ts";

const about = aboutNoCase("usr_1");
const label = { zh: "", en: "" };

describe("money as it is typed", () => {
  it("becomes fen without a fen lost", () => {
    expect(["0", "1", "12.5", "0.29", "1.15", "20000.00", " 8 "].map(fenOf)).toEqual([
      0, 100, 1250, 29, 115, 2_000_000, 800,
    ]);
  });

  it("is no amount with a sign, a comma, three decimals, or nothing", () => {
    expect(["", "-1", "1,000", "1.234", "一百", "1e3", ".5"].map(fenOf)).toEqual(Array(7).fill(null));
  });

  it("is shown as it would be typed", () => {
    for (const fen of [0, 5, 29, 1250, 2_000_000]) expect(fenOf(yuanOf(fen))).toBe(fen);
  });
});

describe("what a form sends", () => {
  const fields: readonly Field[] = [
    {
      name: "kind",
      label,
      kind: "choice",
      options: () => [
        ["person", label],
        ["unit", label],
      ],
    },
    { name: "code", label, kind: "text", optional: true, when: ({ kind }) => kind === "unit" },
    { name: "plate", label, kind: "text", optional: true },
    { name: "age", label, kind: "number", optional: true },
    { name: "items", label, kind: "lines" },
    { name: "at", label, kind: "moment" },
    { name: "why", label, kind: "group", optional: true, fields: [{ name: "reason", label, kind: "long" }] },
  ];

  it("says null for what may stay empty, and nothing of what is not shown", () => {
    const form = initialState(fields, about, { code: "X" });
    expect(bodyOf(fields, form)).toEqual({
      kind: "person",
      plate: null,
      age: null,
      items: [],
      at: null,
      why: null,
    });
    form.kind = "unit";
    form.items = " 推车 \n\n 秤 ";
    form.at = "2026-03-10T09:30";
    form.why = { reason: " 因为 " } satisfies Values;
    form.age = "0";
    expect(bodyOf(fields, form)).toEqual({
      kind: "unit",
      code: "X",
      plate: null,
      age: 0,
      items: ["推车", "秤"],
      at: "2026-03-10T09:30:00+08:00",
      why: { reason: "因为" },
    });
  });
});
