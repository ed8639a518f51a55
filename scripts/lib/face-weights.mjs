import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { root } from "./paths.mjs";

/** What masking and the default detector are made from; the package's other weights tell people apart or judge them. */
const KEPT = new Set(["centernet", "blazeface"]);

/** The weights of a package folder that are not to be there: by what they are called, those kept aside. */
export function unwantedWeights(names) {
  return names.filter((name) => !KEPT.has(basename(name, extname(name))));
}

/**
 * Takes the weights out of @vladmandic/human that we must not have (faceres: face embeddings, age, gender; emotion;
 * liveness …). A law asks that none is there (domain C-06), and what is not on the disk cannot be switched on.
 */
export function removeFaceWeights(folder = root) {
  const models = join(folder, "node_modules", "@vladmandic", "human", "models");
  if (!existsSync(models)) return;
  for (const name of unwantedWeights(readdirSync(models))) rmSync(join(models, name));
}
