import { removeFaceWeights } from "./face-weights.mjs";
import { ensureFont } from "./font.mjs";
import { ensureFootage } from "./footage.mjs";
import { ensurePackages } from "./packages.mjs";
import { ensureTools } from "./tools.mjs";
import { ensureVerifier } from "./verifier.mjs";

/**
 * Everything that a checkout needs and the machine may lack; nothing to do when it is all there.
 * @param options.footage also the sample clip (not needed with footage of one's own)
 */
export async function ensureSetup({ footage = true } = {}) {
  await ensurePackages();
  removeFaceWeights();
  await ensureVerifier();
  await ensureTools();
  await ensureFont();
  if (footage) await ensureFootage();
}
