import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../runtime/version.ts";

/** Builds the review page when there is none yet, or its sources are newer (in a checkout). */
export async function ensureWebPage(say: (line: string) => void): Promise<void> {
  const sources = join(packageRoot, "web");
  const built = join(packageRoot, "dist", "web", "index.html");
  if (!existsSync(join(sources, "vite.config.ts"))) return;
  if (existsSync(built) && (await stat(built)).mtimeMs > (await newestIn(sources))) return;
  say("review page 审核页面 …");
  // Only a checkout has Vite; the image brings the page built.
  const { build } = await import("vite");
  await build({ root: sources, configFile: join(sources, "vite.config.ts"), logLevel: "error" });
}

async function newestIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const times = entries
    .filter((entry) => entry.isFile())
    .map((entry) => stat(join(entry.parentPath, entry.name)));
  return Math.max(...(await Promise.all(times)).map((facts) => facts.mtimeMs));
}
