import { z } from "zod";
import type { BundleSource, Problem } from "../bundle-source.ts";
import type { Manifest } from "../manifest-schema.ts";
import { type ReadDocument, readJson } from "./read-document.ts";
import type { VerifyCrypto } from "./verify-crypto.ts";

export const EXPORT_NOTE = "export.json";

/**
 * What an export may hold beside the bundle, by exactly these names. None of it is under the seal: it is there for
 * convenience and is never the ground of a verdict.
 */
export const EXPORT_EXTRAS: readonly string[] = [
  EXPORT_NOTE,
  "README.txt",
  "log-proof.json",
  "site-keys.pem",
  "verify.html",
  "verify.mjs",
];

/** export.json: says what was handed out. */
export const exportNoteSchema = z.strictObject({
  schema: z.literal("forewarn-export/1"),
  bundleId: z.string().min(1),
  manifestSha256: z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hex digits"),
  exportedAt: z.iso.datetime({ precision: 3 }),
  include: z.enum(["masked", "all"]),
  /** Files of the manifest that were not handed out: every one in originals/, or none. */
  withheld: z.array(z.string().min(1)),
});

export type ExportNote = z.infer<typeof exportNoteSchema>;

/** What an export leaves out on purpose. */
export interface Withheld {
  readonly paths: readonly string[];
  readonly sizeBytes: number;
}

/** The paths an export without originals leaves out: all of them, so that nothing can be picked out. */
export function originalsOf(manifest: Manifest): string[] {
  return manifest.files.map((file) => file.path).filter((path) => path.startsWith("originals/"));
}

/**
 * What export.json says is withheld. It is unsigned, so it can excuse nothing but the whole of originals/, and only
 * for this very manifest; whoever asked for the check is told of it. Anything else excuses nothing.
 */
export async function readWithheld(
  source: BundleSource,
  manifest: Pick<ReadDocument<Manifest>, "sha256" | "value">,
  crypto: VerifyCrypto,
): Promise<{ withheld: Withheld | null; problems: readonly Problem[] }> {
  if (!source.entries.some((entry) => entry.path === EXPORT_NOTE)) return { withheld: null, problems: [] };
  const note = await readJson(source, "export", exportNoteSchema, crypto);
  if (note.value === undefined || manifest.value === undefined || note.problems.length > 0)
    return { withheld: null, problems: note.problems };
  const refused = (code: string, message: string) => ({
    withheld: null,
    problems: [{ code: `export.${code}`, file: EXPORT_NOTE, message }],
  });
  const { bundleId, manifestSha256, include, withheld: paths } = note.value;
  if (bundleId !== manifest.value.bundleId || manifestSha256 !== manifest.sha256)
    return refused("of_another_bundle", `${EXPORT_NOTE} is of another bundle or another manifest`);
  const originals = include === "masked" ? originalsOf(manifest.value) : [];
  if ([...paths].sort().join("\n") !== originals.sort().join("\n"))
    return refused(
      "withheld_mismatch",
      `${EXPORT_NOTE} may withhold every file in originals/ (include: masked) or none (include: all), and names others`,
    );
  if (originals.length === 0) return { withheld: null, problems: [] };
  const present = originals.find((path) => source.entries.some((entry) => entry.path === path));
  if (present !== undefined)
    return refused(
      "withheld_mismatch",
      `${EXPORT_NOTE} says that the originals are withheld, but ${present} is there`,
    );
  const sizeBytes = manifest.value.files
    .filter((file) => originals.includes(file.path))
    .reduce((sum, file) => sum + file.sizeBytes, 0);
  return { withheld: { paths: originals, sizeBytes }, problems: [] };
}
