import { createHash } from "node:crypto";
import {
  copyFileSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { aptUnpack, haveApt, inCache } from "./apt.mjs";
import { cacheDir } from "./paths.mjs";
import { SetupError, say } from "./say.mjs";
import { causeOf, sentence } from "./why.mjs";

/** PETS 2009 S2.L1, view 1: 768×576, 10 fps, 79.5 s, pedestrians, a parked van and a parked car. */
export const footage = {
  file: "vtest.avi",
  sha256: "45cddc9490be69345cbdab64ca583be65987e864ca408038e648db99e10516cf",
  debianPackage: "opencv-doc",
  debianPath: "usr/share/doc/opencv-doc/examples/data/vtest.avi",
  url: "https://raw.githubusercontent.com/opencv/opencv/4.6.0/samples/data/vtest.avi",
};
const WHAT = "Getting the sample footage";
const INSTEAD = "(or use footage of your own: `npm run up -- --source clip.mp4`)";

export async function sha256Of(path) {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
  return hash.digest("hex");
}

/** The sample clip in the shared cache, checked against its sha256; downloaded once. */
export async function ensureFootage() {
  const folder = join(cacheDir, "footage");
  const target = join(folder, footage.file);
  if ((await sha256Of(target)) === footage.sha256) return;
  const work = inCache(WHAT, () => {
    mkdirSync(folder, { recursive: true });
    return mkdtempSync(join(folder, ".get-"));
  });
  try {
    const started = Date.now();
    const file = join(work, footage.file);
    await getFrom(work, file);
    const sha256 = await sha256Of(file);
    if (sha256 !== footage.sha256)
      throw new SetupError(
        `The sample footage that came has sha256 ${sha256} instead of ${footage.sha256}: try again later ${INSTEAD}.`,
      );
    inCache(WHAT, () => renameSync(file, target));
    say(`sample footage ready in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** From Debian's mirror where there is apt, since a machine that installs packages reaches it; else from the web. */
async function getFrom(work, file) {
  if (haveApt()) {
    say(`getting sample footage from Debian's ${footage.debianPackage} (96 MB, of which 8 are kept) …`);
    try {
      await aptUnpack([footage.debianPackage], work);
      inCache(WHAT, () => copyFileSync(join(work, footage.debianPath), file));
      return;
    } catch (error) {
      if (!(error instanceof SetupError) || causeOf(error.message) === "disk") throw error;
      say(`${error.message} Trying ${new URL(footage.url).host} …`);
    }
  } else say(`getting sample footage from ${footage.url} (8 MB) …`);
  await download(file);
}

async function download(file) {
  let bytes;
  try {
    const response = await fetch(footage.url, { signal: AbortSignal.timeout(300_000) });
    if (!response.ok) throw new Error(`${footage.url} answered ${response.status}`);
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    const why = `${error.message} ${error.cause?.code ?? ""} ${error.cause?.message ?? ""}`;
    throw new SetupError(
      sentence(WHAT, why, {
        network: `connect this machine to the internet ${INSTEAD}`,
        any: `try again later ${INSTEAD}`,
      }),
    );
  }
  inCache(WHAT, () => writeFileSync(file, bytes));
}
