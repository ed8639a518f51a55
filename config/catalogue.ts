import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../runtime/version.ts";

/**
 * One of the data files in config/catalogue, parsed but not checked. Read from the package's root, so that the
 * sources and the build in dist/ see the same file.
 */
export function readCatalogue(fileName: string): unknown {
  return JSON.parse(readFileSync(join(packageRoot, "config", "catalogue", fileName), "utf8"));
}
