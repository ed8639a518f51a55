import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** The folder that holds package.json, from the sources as well as from dist/. */
export const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

const manifest = z
  .object({ name: z.string(), version: z.string() })
  .parse(JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")));

export const softwareName = manifest.name;
export const softwareVersion = manifest.version;

function findRoot(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("package.json of forewarn is missing from this installation");
  return findRoot(parent);
}
