/**
 * The syntax of Chinese plates (GA 36-2018, 中华人民共和国机动车号牌, chapter on numbering): province character, letter of the
 * issuing office, serial of five (ordinary) or six (new energy) characters, at most two letters in an ordinary
 * serial, no I and no O anywhere. Temporary paper plates and the army's own are no part of it.
 */

/** Colour of the plate's ground: what kind of vehicle or owner it stands for. */
export type PlateKind = "blue" | "yellow" | "green" | "white" | "black" | "unknown";

const PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新";
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const DIGITS = "0123456789";
/** Battery only; the rest drives with fuel as well. D and F came first, the others when those were used up. */
const NEW_ENERGY = "DABCEFGHJK";
const SUFFIXES = "学挂警港澳领使";

/** Every character that can stand on a plate. */
export const PLATE_SYMBOLS: readonly string[] = [...PROVINCES, ...LETTERS, ...DIGITS, ...SUFFIXES];

/** One way in which plates are numbered. */
export interface PlateFormat {
  readonly name: string;
  /** Which grounds it is made with. */
  readonly kinds: readonly PlateKind[];
  /** What may stand at each position. */
  readonly positions: readonly ReadonlySet<string>[];
  /** Letters that may stand after the issuing office's. */
  readonly maxLetters: number;
}

const ANY = LETTERS + DIGITS;

export const PLATE_FORMATS: readonly PlateFormat[] = [
  format("ordinary", ["blue", "yellow", "black"], [PROVINCES, LETTERS, ANY, ANY, ANY, ANY, ANY], 2),
  format("learner", ["yellow"], [PROVINCES, LETTERS, ANY, ANY, ANY, ANY, "学"], 2),
  format("trailer", ["yellow"], [PROVINCES, LETTERS, ANY, ANY, ANY, ANY, "挂"], 2),
  format("police", ["white"], [PROVINCES, LETTERS, ANY, ANY, ANY, ANY, "警"], 2),
  format("hong kong or macao", ["black"], ["粤", "Z", ANY, ANY, ANY, ANY, "港澳"], 2),
  format("consulate", ["black"], [PROVINCES, LETTERS, DIGITS, DIGITS, DIGITS, DIGITS, "领"], 0),
  format("embassy", ["black"], [DIGITS, DIGITS, DIGITS, DIGITS, DIGITS, DIGITS, "使"], 0),
  format("embassy, older", ["black"], ["使", DIGITS, DIGITS, DIGITS, DIGITS, DIGITS, DIGITS], 0),
  format(
    "new energy, small",
    ["green"],
    [PROVINCES, LETTERS, NEW_ENERGY, ANY, DIGITS, DIGITS, DIGITS, DIGITS],
    2,
  ),
  format(
    "new energy, large",
    ["green"],
    [PROVINCES, LETTERS, DIGITS, DIGITS, DIGITS, DIGITS, DIGITS, NEW_ENERGY],
    1,
  ),
];

function format(
  name: string,
  kinds: readonly PlateKind[],
  positions: readonly string[],
  maxLetters: number,
): PlateFormat {
  return { name, kinds, positions: positions.map((symbols) => new Set(symbols)), maxLetters };
}

/** What the characters read so far leave possible. */
export interface PlatePrefix {
  readonly length: number;
  /** Letters after the issuing office's. */
  readonly letters: number;
  readonly formats: readonly PlateFormat[];
}

export const EMPTY_PREFIX: PlatePrefix = { length: 0, letters: 0, formats: PLATE_FORMATS };

const IS_LETTER: ReadonlySet<string> = new Set(LETTERS);

/** The prefix with one more character; null when no plate goes on like that. */
export function advance(prefix: PlatePrefix, symbol: string): PlatePrefix | null {
  const { length } = prefix;
  const letters = prefix.letters + (length > 1 && IS_LETTER.has(symbol) ? 1 : 0);
  const formats = prefix.formats.filter(
    ({ positions, maxLetters }) => letters <= maxLetters && positions[length]?.has(symbol) === true,
  );
  return formats.length === 0 ? null : { length: length + 1, letters, formats };
}

/** The formats of which the characters read so far are a whole plate. */
export function completed({ length, formats }: PlatePrefix): readonly PlateFormat[] {
  return formats.filter(({ positions }) => positions.length === length);
}

/** A text that is a plate by its syntax. Whether such a plate was ever issued is another question. */
export interface ParsedPlate {
  /** Without the dot, upper case. */
  readonly text: string;
  readonly format: string;
  /** The grounds on which it may stand; one only, where the text says it all. */
  readonly kinds: readonly PlateKind[];
}

/**
 * @param text as somebody writes or reads it: dot, hyphen and spaces do not count, nor does the case
 * @returns null when it is no plate
 */
export function parsePlate(text: string): ParsedPlate | null {
  const symbols = [
    ...text
      .normalize("NFKC")
      .toUpperCase()
      .replace(/[\s·•・.-]/gu, ""),
  ];
  let prefix: PlatePrefix | null = EMPTY_PREFIX;
  for (const symbol of symbols) {
    prefix = advance(prefix, symbol);
    if (prefix === null) return null;
  }
  const [found] = completed(prefix);
  return found === undefined ? null : { text: symbols.join(""), format: found.name, kinds: found.kinds };
}

/** The kind of a plate with this text on a ground that looks like this. `unknown` where the two do not go together. */
export function kindOf(plate: ParsedPlate, ground: PlateKind): PlateKind {
  const [only] = plate.kinds;
  if (plate.kinds.length === 1 && only !== undefined) return only;
  return plate.kinds.includes(ground) ? ground : "unknown";
}
