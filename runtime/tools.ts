import { accessSync, constants, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { childEnv, sharedCacheDir } from "../config/env.ts";
import { MissingToolError } from "../pipeline/domain/errors.ts";

export type ToolName = "ffmpeg" | "ffprobe" | "redis-server";

/** What of the configuration says where programs are. `Config` fits. */
export interface ToolPaths {
  readonly ffmpegPath: string | undefined;
  readonly ffprobePath: string | undefined;
}

/** The surroundings a program is looked for in; only tests pass their own. */
export interface ToolPlaces {
  readonly cacheDir: string;
  readonly path: string;
}

/** The Debian package that `npm run setup` unpacks into the shared cache for users who may not install. */
const PACKAGE_OF: Record<ToolName, string> = {
  ffmpeg: "ffmpeg",
  ffprobe: "ffmpeg",
  "redis-server": "redis-server",
};

const INSTEAD: Record<ToolName, string> = {
  ffmpeg: "set FOREWARN_FFMPEG to its path",
  ffprobe: "set FOREWARN_FFPROBE to its path",
  "redis-server": "set FOREWARN_REDIS_URL to a Redis of your own",
};

/**
 * The absolute path of a program: configured, else in the shared cache, else on PATH (scripts/lib/tools.mjs
 * keeps the same order). Throws `MissingToolError` with the remedy.
 */
export function findTool(name: ToolName, config: ToolPaths, places: ToolPlaces = here()): string {
  const configured = configuredPath(name, config);
  if (configured !== undefined) {
    const path = configured.includes("/") ? configured : search(configured, places.path);
    if (path !== undefined && isExecutable(path)) return path;
    throw new MissingToolError(
      `${configured}, configured as ${name}, is no program: correct FOREWARN_${name.toUpperCase()} or unset it.`,
    );
  }
  const cached = join(places.cacheDir, "tools", PACKAGE_OF[name], "bin", name);
  const found = isExecutable(cached) ? cached : search(name, places.path);
  if (found !== undefined) return found;
  throw new MissingToolError(
    `${name} is not installed: run \`npm run setup\`, which gets it, or ${INSTEAD[name]}.`,
  );
}

function configuredPath(name: ToolName, config: ToolPaths): string | undefined {
  if (name === "redis-server") return undefined;
  if (name === "ffmpeg") return config.ffmpegPath;
  if (config.ffprobePath !== undefined || config.ffmpegPath === undefined) return config.ffprobePath;
  // Who names an ffmpeg of his own means the ffprobe beside it as well.
  const beside = join(dirname(config.ffmpegPath), "ffprobe");
  return config.ffmpegPath.includes("/") && isExecutable(beside) ? beside : undefined;
}

function here(): ToolPlaces {
  return { cacheDir: sharedCacheDir(), path: childEnv({}).PATH ?? "" };
}

function search(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
