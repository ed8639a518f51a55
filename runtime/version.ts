import { readFileSync } from "node:fs";
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

function findRoot(from: string): string {
  const parent = dirname(from);
  // dist/runtime → the checkout: dist has no package.json of its own.
  return parent.endsWith("dist") ? dirname(parent) : parent;
}
