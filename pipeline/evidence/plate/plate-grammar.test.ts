import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kindOf, PLATE_FORMATS, PLATE_SYMBOLS, parsePlate } from "./plate-grammar.ts";

describe("parsePlate", () => {
  it.each([
    ["京A12345", "ordinary"],
    ["川A·572F4", "ordinary"],
    ["粤B E609T", "ordinary"],
    ["沪C-9X0Z1", "ordinary"],
    ["新Q00000", "ordinary"],
    ["藏A1A2B3", "ordinary"],
    ["苏AVW997", "ordinary"],
    ["渝B3587学", "learner"],
    ["冀D·AB12挂", "trailer"],
    ["晋A0001警", "police"],
    ["粤Z·AB12港", "hong kong or macao"],
    ["粤ZK123澳", "hong kong or macao"],
    ["沪A0023领", "consulate"],
    ["224578使", "embassy"],
    ["使014578", "embassy, older"],
    ["川AD12345", "new energy, small"],
    ["川AF·12345", "new energy, small"],
    ["粤BDX1234", "new energy, small"],
    ["京AA12345", "new energy, small"],
    ["京AK01234", "new energy, small"],
    ["粤B12345D", "new energy, large"],
    ["湘E00001F", "new energy, large"],
  ])("%s is a plate: %s", (text, format) => {
    expect(parsePlate(text)).toMatchObject({ format });
  });

  it.each([
    ["", "nothing"],
    ["京A1234", "a character too few"],
    ["京A123456", "six digits are no new energy serial"],
    ["京A12345678", "too long"],
    ["台A12345", "no such province character"],
    ["A京12345", "province and office the wrong way round"],
    ["京112345", "the office is a letter"],
    ["京I12345", "no I"],
    ["京O12345", "no O, not even for an office"],
    ["京A1234O", "no O in a serial"],
    ["京A1I345", "no I in a serial"],
    ["京AABC12", "three letters"],
    ["京A1学234", "学 stands at the end"],
    ["京A12345学", "学 takes the place of the last character"],
    ["京Z1234港", "港 is Guangdong's"],
    ["粤A1234澳", "and office Z's"],
    ["沪AA023领", "a consulate's serial has digits only"],
    ["22457使", "an embassy's has six"],
    ["川AD1234X", "the last four of a small new energy plate are digits"],
    ["川AL12345", "no new energy letter"],
    ["粤BD1234F", "one letter only on a large one"],
    ["粤B1234DF", "the letter stands at the end"],
  ])("%s is none: %s", (text) => {
    expect(parsePlate(text)).toBeNull();
  });

  it("leaves out the dot and spaces, takes small and full-width letters", () => {
    expect(parsePlate(" 川a · 572f4 ")?.text).toBe("川A572F4");
    expect(parsePlate("川Ａ５７２Ｆ４")?.text).toBe("川A572F4");
  });

  it("takes whatever a format can be made of, and nothing that is one character longer", () => {
    for (const { name, positions, maxLetters } of PLATE_FORMATS) {
      const plates = fc
        .tuple(...positions.map((symbols) => fc.constantFrom(...symbols)))
        .map((symbols) => symbols.join(""))
        .filter((text) => (text.slice(2).match(/[A-Z]/g)?.length ?? 0) <= maxLetters);
      fc.assert(
        fc.property(plates, (text) => {
          expect(parsePlate(text), name).toMatchObject({ text });
          expect(parsePlate(`${text}警`), name).toBeNull();
        }),
        { numRuns: 50 },
      );
    }
  });

  it("knows each symbol once", () => {
    expect(new Set(PLATE_SYMBOLS).size).toBe(PLATE_SYMBOLS.length);
    expect(PLATE_SYMBOLS).toHaveLength(31 + 24 + 10 + 7);
  });
});

describe("kindOf", () => {
  it.each([
    ["京A12345", "blue", "blue"],
    ["京A12345", "yellow", "yellow"],
    ["京A12345", "green", "unknown"],
    ["京A12345", "unknown", "unknown"],
    ["川AD12345", "blue", "green"],
    ["川AD12345", "unknown", "green"],
    ["渝B3587学", "unknown", "yellow"],
    ["晋A0001警", "blue", "white"],
    ["224578使", "unknown", "black"],
  ] as const)("%s on a ground that looks %s: %s", (text, ground, kind) => {
    const plate = parsePlate(text);
    if (plate === null) throw new Error(`${text} is no plate`);
    expect(kindOf(plate, ground)).toBe(kind);
  });
});
