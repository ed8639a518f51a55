import { describe, expect, it } from "vitest";
import type { ParameterSetting } from "../casework/law-book.ts";
import { type ParameterKey, parameterKinds } from "../casework/parameters.ts";
import { InvalidInputError } from "../pipeline/domain/errors.ts";
import { readCatalogue } from "./catalogue.ts";
import { listParameters, parametersFromUnknown, parametersOn, parameterValueSchema } from "./parameters.ts";

const today = "2026-03-10";
const setting = (changes: Partial<ParameterSetting> = {}): ParameterSetting => ({
  key: "hearing.threshold.person",
  value: 1_000_000,
  confirmedBy: "usr_1",
  confirmedOn: "2026-03-01",
  source: "a rule of the province",
  validFrom: "2026-03-05",
  validTo: null,
  ...changes,
});

describe("the parameters that come along", () => {
  it("give every key a value", () => {
    const parameters = parametersOn(today);
    for (const key of Object.keys(parameterKinds) as ParameterKey[])
      expect(parameterValueSchema(parameterKinds[key]).safeParse(parameters.get(key)).success, key).toBe(
        true,
      );
  });

  it("are the law's", () => {
    const parameters = parametersOn(today);
    expect(parameters.get("decision.period")).toEqual({ count: 90, unit: "CD" });
    expect(parameters.get("hearing.request")).toEqual({ count: 5, unit: "WD" });
    expect(parameters.get("urging.period")).toEqual({ count: 10, unit: "WD" });
    expect(parameters.get("litigation.period")).toEqual({ count: 6, unit: "MO" });
    expect(parameters.get("court.window")).toEqual({ count: 3, unit: "MO" });
    expect(parameters.get("surcharge.permillePerDay")).toBe(30);
    expect(parameters.get("simple.maxFine.person")).toBe(20_000);
    expect(parameters.get("simple.maxFine.unit")).toBe(300_000);
    expect(parameters.get("cash.maxFine")).toBe(10_000);
    expect(parameters.get("simple.remoteEnabled")).toBe(false);
  });

  it("wait for somebody to confirm what is remembered, second-hand or a placeholder", () => {
    const unconfirmed = listParameters(today)
      .filter(({ confirmed }) => !confirmed)
      .map(({ key }) => key);
    expect(unconfirmed).toEqual([
      "clue.verify",
      "clue.verifyExtension",
      "decision.extension",
      "decision.extensionAfterDiscussion",
      "decision.excludeHearingTime",
      "hearing.threshold.person",
      "hearing.threshold.unit",
      "publication.decide",
    ]);
    expect(parametersOn(today).isConfirmed("decision.period")).toBe(true);
    expect(parametersOn(today).isConfirmed("hearing.threshold.unit")).toBe(false);
  });

  it("have none for days before the law", () => {
    expect(() => parametersOn("2021-07-14").get("decision.period")).toThrow(RangeError);
    expect(parametersOn("2021-07-15").get("decision.period").count).toBe(90);
  });
});

describe("what an agency confirmed", () => {
  it("counts from its day, confirmed, and says by whom", () => {
    const before = parametersOn("2026-03-04", [setting()]);
    expect([before.get("hearing.threshold.person"), before.isConfirmed("hearing.threshold.person")]).toEqual([
      500_000,
      false,
    ]);
    const after = parametersOn("2026-03-05", [setting()]);
    expect([after.get("hearing.threshold.person"), after.isConfirmed("hearing.threshold.person")]).toEqual([
      1_000_000,
      true,
    ]);
    expect(after.isConfirmed("hearing.threshold.unit")).toBe(false);
    const row = listParameters(today, [setting()]).find(({ key }) => key === "hearing.threshold.person");
    expect(row).toMatchObject({ tag: "P", value: 1_000_000, setting: { confirmedBy: "usr_1" } });
  });

  it("ends with its last day, and gives way to a later one", () => {
    const ended = setting({ validTo: "2026-03-09" });
    expect(parametersOn("2026-03-09", [ended]).get("hearing.threshold.person")).toBe(1_000_000);
    expect(parametersOn(today, [ended]).get("hearing.threshold.person")).toBe(500_000);
    const later = setting({ value: 2_000_000, validFrom: "2026-03-08" });
    const corrected = setting({ value: 3_000_000, validFrom: "2026-03-08", confirmedOn: "2026-03-02" });
    for (const settings of [
      [setting(), later, corrected],
      [corrected, later, setting()],
    ])
      expect(parametersOn(today, settings).get("hearing.threshold.person")).toBe(3_000_000);
  });

  it("is refused where its value does not fit, even from the database", () => {
    for (const value of ["1000000", -1, 10.5, null, { count: 1, unit: "WD" }])
      expect(() => parametersOn(today, [setting({ value })]), String(value)).toThrow(InvalidInputError);
    expect(() => parametersOn(today, [setting({ key: "speaker.quietHours", value: "late" })])).toThrow(
      InvalidInputError,
    );
  });
});

describe("a catalogue somebody wrote", () => {
  const { parameters: rows } = readCatalogue("parameters.json") as { parameters: { key: string }[] };
  const changed = (key: string, ...changes: object[]) =>
    rows.flatMap((row) => (row.key === key ? changes.map((change) => ({ ...row, ...change })) : [row]));
  const read = (parameters: unknown) => parametersFromUnknown({ source: "test", parameters }, "test");

  it("may hold values one after another", () => {
    expect(
      read(changed("statement.window", { validTo: "2026-12-31" }, { validFrom: "2027-01-01" })),
    ).toHaveLength(rows.length + 1);
  });

  it.each([
    [
      "two at once",
      changed("statement.window", { validTo: "2026-12-31" }, {}),
      /statement\.window are in force at once/,
    ],
    [
      "a key nobody asks for",
      changed("statement.window", { key: "statement.windows" }, {}),
      /\.key: is no parameter/,
    ],
    ["a key that is missing", changed("statement.window"), /statement\.window has no value that goes on/],
    [
      "one that ends",
      changed("statement.window", { validTo: "2026-12-31" }),
      /statement\.window has no value/,
    ],
    ["a value of another kind", changed("statement.window", { value: 5 }), /parameters\[10\]\.value: /],
    [
      "a period of nothing",
      changed("statement.window", { value: { count: 0, unit: "WD" } }),
      /value\.count: /,
    ],
    [
      "memory as confirmed",
      changed("decision.extension", { confirmed: true }),
      /\.confirmed: what is second-hand/,
    ],
    ["a law nobody has", changed("decision.period", { basis: "abcd:60" }), /\.basis: names a law/],
  ])("is refused with %s", (_, parameters, message) => {
    expect(() => read(parameters)).toThrow(InvalidInputError);
    expect(() => read(parameters)).toThrow(message);
  });
});
