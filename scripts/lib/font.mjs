import { aptInstall, haveApt } from "./apt.mjs";
import { isRoot, onPath } from "./paths.mjs";
import { run } from "./run.mjs";
import { SetupError, say } from "./say.mjs";

/** Glyphs for the captions of evidence pictures, and what says whether they are there. */
const PACKAGES = ["fonts-noto-cjk", "fontconfig"];

async function haveChineseFont() {
  if (onPath("fc-list") === undefined) return false;
  const { code, output } = await run("fc-list", [":lang=zh-cn", "family"]);
  return code === 0 && output.trim() !== "";
}

/** Gets a font with Chinese glyphs where it can. Without one everything works but captions, so a failure is only said. */
export async function ensureFont() {
  if (await haveChineseFont()) return;
  const by = `\`apt-get install ${PACKAGES.join(" ")}\``;
  if (!haveApt() || !isRoot) {
    say(`no font with Chinese glyphs: Chinese text in pictures shows as boxes. As root on Debian: ${by}.`);
    return;
  }
  const started = Date.now();
  try {
    say("installing a font with Chinese glyphs with apt (60 MB, as root) …");
    await aptInstall(PACKAGES);
    say(`font ready in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`${error.message} Until then Chinese text in pictures shows as boxes.`);
  }
}
