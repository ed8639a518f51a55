import { describe, expect, it } from "vitest";
import { isQuiet, parseQuietHours, quietFrom, quietUntil } from "./quiet-hours.ts";

/** Local time on 10 March 2026 unless a day is named. */
const at = (time: string, day = "10") => Date.parse(`2026-03-${day}T${time}+08:00`);
const night = parseQuietHours("22:00–07:00");
const noon = parseQuietHours("12:00-14:30");

describe("quiet hours", () => {
  it.each([
    ["21:59:59", false],
    ["22:00:00", true],
    ["23:59:59", true],
    ["00:00:00", true],
    ["06:59:59", true],
    ["07:00:00", false],
    ["12:00:00", false],
  ])("over midnight: at %s quiet is %s", (time, quiet) => {
    expect(isQuiet(at(time), night)).toBe(quiet);
  });

  it.each([
    ["11:59:59", false],
    ["12:00:00", true],
    ["14:29:59", true],
    ["14:30:00", false],
    ["02:00:00", false],
  ])("within a day: at %s quiet is %s", (time, quiet) => {
    expect(isQuiet(at(time), noon)).toBe(quiet);
  });

  it("end the next morning before midnight, and the same morning after it", () => {
    expect(quietUntil(at("22:00:00"), night)).toBe(at("07:00:00", "11"));
    expect(quietUntil(at("23:30:12.345"), night)).toBe(at("07:00:00", "11"));
    expect(quietUntil(at("00:10:00", "11"), night)).toBe(at("07:00:00", "11"));
    expect(quietUntil(at("06:59:59.999"), night)).toBe(at("07:00:00"));
    expect(quietUntil(at("13:00:00"), noon)).toBe(at("14:30:00"));
  });

  it("do not hold back what is outside them", () => {
    for (const time of ["07:00:00", "15:12:13.014", "21:59:59.999"])
      expect(quietUntil(at(time), night)).toBe(at(time));
  });

  it("begin again", () => {
    expect(quietFrom(at("21:30:40"), night)).toBe(at("22:00:00"));
    expect(quietFrom(at("22:00:00"), night)).toBe(at("22:00:00", "11"));
    expect(quietFrom(at("15:00:00"), noon)).toBe(at("12:00:00", "11"));
  });

  it.each([
    "",
    "night",
    "22:00",
    "22:00–25:00",
    "22:61–07:00",
    "2200-0700",
    "22:00–07:00 tonight",
    "00:00–24:00",
    "22:00–22:00",
  ])("are never guessed: %j", (text) => {
    expect(() => parseQuietHours(text)).toThrow(/22:00–07:00/);
  });
});
