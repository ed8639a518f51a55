import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { aptInstall, haveApt } from "./apt.mjs";
import { bundleTool } from "./bundle-tool.mjs";
import { cacheDir, isExecutable, isRoot, onPath } from "./paths.mjs";
import { run } from "./run.mjs";
import { SetupError, say } from "./say.mjs";

/** What has to be there, the package it comes in and how to do without. */
const PACKAGES = [
  {
    name: "ffmpeg",
    programs: ["ffmpeg", "ffprobe"],
    size: "about 130 MB",
    instead: "point FOREWARN_FFMPEG and FOREWARN_FFPROBE to an ffmpeg of your own",
  },
  {
    name: "redis-server",
    programs: ["redis-server"],
    size: "about 2 MB",
    instead: "point FOREWARN_REDIS_URL to a Redis of your own",
  },
];

/** Configured, in the shared cache or on PATH: the order of findTool() in runtime/tools.ts. */
function find(program) {
  const configured = configuredPath(program);
  if (configured !== undefined) return configured;
  const cached = PACKAGES.map(({ name }) => join(cacheDir, "tools", name, "bin", program)).find(isExecutable);
  return cached ?? onPath(program);
}

function configuredPath(program) {
  const { FOREWARN_FFMPEG: ffmpeg, FOREWARN_FFPROBE: ffprobe, FOREWARN_REDIS_URL: redis } = process.env;
  if (program === "redis-server") return redis || undefined;
  const name = program === "ffmpeg" ? "FOREWARN_FFMPEG" : "FOREWARN_FFPROBE";
  const beside =
    program === "ffprobe" && ffmpeg?.includes("/") ? join(dirname(ffmpeg), "ffprobe") : undefined;
  const given =
    program === "ffmpeg" ? ffmpeg : ffprobe || (beside && existsSync(beside) ? beside : undefined);
  if (!given) return undefined;
  const path = given.includes("/") ? given : onPath(given);
  if (path === undefined || !isExecutable(path))
    throw new SetupError(`${name} is "${given}", which is no program: correct it or unset it.`);
  return path;
}

/** Finds ffmpeg, ffprobe and redis-server or gets them. */
export async function ensureTools() {
  const missing = PACKAGES.filter(({ programs }) => programs.some((program) => find(program) === undefined));
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name);
  if (!haveApt()) throw new SetupError(await withoutApt(missing));
  const started = Date.now();
  if (isRoot) {
    say(`installing ${names.join(" and ")} with apt (system-wide, as root), about 20 s …`);
    await aptInstall(names);
  } else {
    for (const { name, programs, size } of missing) {
      say(`getting ${name} from Debian (${size}) into ${join(cacheDir, "tools", name)}, no root needed …`);
      await bundleTool(name, programs);
    }
  }
  const still = missing.flatMap(({ programs }) => programs).filter((program) => find(program) === undefined);
  if (still.length > 0)
    throw new SetupError(
      `${still.join(" and ")} cannot be found although apt installed ${names.join(" and ")}: put its folder on PATH.`,
    );
  say(`${names.join(" and ")} ready in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

async function withoutApt(missing) {
  const names = missing.map(({ name }) => name);
  const managers = [
    {
      manager: "brew",
      command: `brew install ${names.map((name) => name.replace("-server", "")).join(" ")}`,
    },
    {
      manager: "dnf",
      command: `sudo dnf install ${names.map((n) => n.replace("redis-server", "redis").replace(/^ffmpeg$/, "ffmpeg-free")).join(" ")}`,
    },
    { manager: "apk", command: `apk add ${names.map((name) => name.replace("-server", "")).join(" ")}` },
    {
      manager: "pacman",
      command: `sudo pacman -S ${names.map((name) => name.replace("-server", "")).join(" ")}`,
    },
  ];
  const known = managers.find(({ manager }) => onPath(manager));
  const ways = missing.map(({ instead }) => instead).join(", and ");
  const install = known ? `run \`${known.command}\`` : `install it with this system's package manager`;
  return `${names.join(" and ")} missing, and this is no Debian or Ubuntu where it could be fetched: ${install}, or ${ways}, then run the command again.`;
}

/** Whether the program starts at all. */
export async function starts(path) {
  // ffmpeg knows -version, redis-server --version.
  const flag = path.endsWith("redis-server") ? "--version" : "-version";
  return (await run(path, [flag])).code === 0;
}
