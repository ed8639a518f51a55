import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** A face to set letters in; `family` picks one of a collection. */
export interface Face {
  readonly name: string;
  readonly bytes: Buffer;
  readonly family?: string;
}

const require = createRequire(import.meta.url);
const PACKAGE = "@expo-google-fonts/noto-serif-sc";

const FACES = {
  regular: `${PACKAGE}/400Regular/NotoSerifSC_400Regular.ttf`,
  bold: `${PACKAGE}/700Bold/NotoSerifSC_700Bold.ttf`,
} as const;

export type Weight = keyof typeof FACES;

/** Where systems keep the large collections that know rare letters of names: 𠮷, 𬱟. Used only for those. */
const FALLBACK: Record<Weight, readonly string[]> = {
  regular: [
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-serif-cjk-fonts/NotoSerifCJK-Regular.ttc",
  ],
  bold: [
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc",
    "/usr/share/fonts/noto-cjk/NotoSerifCJK-Bold.ttc",
    "/usr/share/fonts/google-noto-serif-cjk-fonts/NotoSerifCJK-Bold.ttc",
  ],
};
const FAMILY: Record<Weight, string> = { regular: "NotoSerifCJKsc-Regular", bold: "NotoSerifCJKsc-Bold" };

const cache = new Map<string, Face | null>();

/** The face every document is set in; its bytes are read once. */
export function mainFace(weight: Weight): Face {
  const face = remember(weight, () => ({
    name: weight,
    bytes: readFileSync(require.resolve(FACES[weight])),
  }));
  if (face === null) throw new Error(`no ${weight} face`);
  return face;
}

/** The system's face for letters the main one lacks; null where none is installed. */
export function fallbackFace(weight: Weight): Face | null {
  return remember(`fallback-${weight}`, () => {
    const path = FALLBACK[weight].find((candidate) => existsSync(candidate));
    if (path === undefined) return null;
    return { name: `fallback-${weight}`, bytes: readFileSync(path), family: FAMILY[weight] };
  });
}

function remember(key: string, read: () => Face | null): Face | null {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const face = read();
  cache.set(key, face);
  return face;
}
