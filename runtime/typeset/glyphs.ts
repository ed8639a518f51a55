import PDFDocument from "pdfkit";
import { MissingGlyphError } from "./errors.ts";
import { type Face, fallbackFace, mainFace, type Weight } from "./fonts.ts";

export type Pdf = InstanceType<typeof PDFDocument>;

/** A letter as it will be set. */
export interface Glyph {
  readonly face: Face;
  /** Itself, or what stands in for it. */
  readonly letter: string;
  /** Per thousand of the size. */
  readonly width: number;
}

/** The part of an opened font that tells which letters it has. */
interface OpenedFont {
  readonly _font: { readonly font: { hasGlyphForCodePoint(codePoint: number): boolean } };
}

/** Stands, as in print, for a letter no font has. */
const STAND_IN = "〓";
const known: Record<Weight, Map<string, Glyph>> = { regular: new Map(), bold: new Map() };
let scale: Pdf | undefined;

/**
 * The glyph of one letter; fonts never change while a program runs, so each is looked up once. Asked of a PDF that is never
 * written: what was measured before must not change the bytes of a document. Throws `MissingGlyphError` for a Chinese
 * letter that no installed font has.
 */
export function glyphOf(letter: string, weight: Weight): Glyph {
  const glyph = known[weight].get(letter) ?? findGlyph(letter, weight);
  known[weight].set(letter, glyph);
  return glyph;
}

/** Whether a Chinese letter can be set, plain and bold. */
export function isInstalled(letter: string): boolean {
  return (["regular", "bold"] as const).every((weight) => glyphIn(letter, weight) !== undefined);
}

function findGlyph(letter: string, weight: Weight): Glyph {
  const glyph = glyphIn(letter, weight);
  if (glyph !== undefined) return glyph;
  if (letter === STAND_IN || /\p{Script=Han}/u.test(letter)) throw new MissingGlyphError([letter]);
  return glyphOf(STAND_IN, weight);
}

/** Undefined when no face has it. */
function glyphIn(letter: string, weight: Weight): Glyph | undefined {
  const found = known[weight].get(letter);
  if (found !== undefined) return found;
  scale ??= new PDFDocument({ autoFirstPage: false });
  for (const take of [mainFace, fallbackFace]) {
    const face = take(weight);
    if (face === null) continue;
    openFace(scale, face);
    const { _font: opened } = scale as unknown as OpenedFont;
    if (!opened.font.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0)) continue;
    const glyph = { face, letter, width: scale.fontSize(1_000).widthOfString(letter) };
    known[weight].set(letter, glyph);
    return glyph;
  }
  return undefined;
}

/** Makes a face the current one; registering it again only repeats its name. */
export function openFace(pdf: Pdf, { name, bytes, family }: Face): void {
  // A collection needs to be told which of its faces; a plain file must not be.
  if (family === undefined) pdf.registerFont(name, bytes);
  else pdf.registerFont(name, bytes, family);
  pdf.font(name);
}
