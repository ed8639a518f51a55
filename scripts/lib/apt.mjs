import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, isRoot, onPath } from "./paths.mjs";
import { run } from "./run.mjs";
import { SetupError } from "./say.mjs";
import { sentence } from "./why.mjs";

const LISTS_LAST_MS = 24 * 3600 * 1000;

export function haveApt() {
  return onPath("apt-get") !== undefined && onPath("dpkg") !== undefined;
}

/** Installs system-wide; needs root. */
export async function aptInstall(packages) {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  // Another apt may be at work (unattended upgrades): wait for it instead of failing.
  const wait = ["-o", "DPkg::Lock::Timeout=120"];
  const update = await run("apt-get", [...wait, "update"], { env });
  const install = await run("apt-get", [...wait, "install", "-y", "--no-install-recommends", ...packages], {
    env,
  });
  // With lists from before, an install may work although the update did not.
  if (install.code !== 0)
    throw aptError(`Installing ${packages.join(" and ")}`, `${update.output}\n${install.output}`, packages);
}

/**
 * Downloads packages and those they need that this system lacks, unpacks them into `folder`. Needs no root:
 * apt works in a state folder of our own, because a user may not write the system's and its lists may be empty.
 */
export async function aptUnpack(packages, folder, options = {}) {
  const what = `Getting ${packages.join(" and ")} from Debian`;
  const archives = options.withDependencies ? downloadAll : downloadThese;
  const home = makeHome(what);
  const work = inCache(what, () => mkdtempSync(join(home, "debs-")));
  try {
    await refreshLists(home);
    let result = await archives(home, work, packages);
    if (result.code !== 0) {
      // The lists may name versions that the mirror has dropped since.
      const update = await refreshLists(home, { force: true });
      result = await archives(home, work, packages);
      if (result.code !== 0) throw aptError(what, `${update}\n${result.output}`, packages);
    }
    const debs = readdirSync(work).filter((name) => name.endsWith(".deb"));
    if (debs.length === 0) throw new SetupError(`${what} failed (apt downloaded nothing).`);
    for (const deb of debs) {
      const unpack = await run("dpkg", ["-x", join(work, deb), folder]);
      if (unpack.code !== 0) throw aptError(what, unpack.output, packages);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function makeHome(what) {
  const home = join(cacheDir, "apt");
  inCache(what, () => mkdirSync(join(home, "lists", "partial"), { recursive: true }));
  return home;
}

/** Runs file work in the shared cache; what the kernel refuses becomes one sentence. */
export function inCache(what, work) {
  try {
    return work();
  } catch (error) {
    throw new SetupError(
      sentence(what, error.message, { permission: `make ${cacheDir} writable or set FOREWARN_CACHE_DIR` }),
    );
  }
}

function optionsFor(home, archives) {
  const settings = {
    "Dir::State": home,
    "Dir::State::lists": join(home, "lists"),
    "Dir::Cache": home,
    "Dir::Cache::archives": archives,
    // A user may not take the system's locks, and needs none in a folder of his own.
    "Debug::NoLocking": "1",
    "Acquire::Languages": "none",
  };
  // As root apt would download as user _apt, who cannot write here.
  if (isRoot) settings["APT::Sandbox::User"] = "root";
  const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  return [...options, ...statusOptions()];
}

/** Dir::State also moves the list of what is installed; that one must stay the system's. */
function statusOptions() {
  return process.env.APT_CONFIG === undefined ? ["-o", "Dir::State::status=/var/lib/dpkg/status"] : [];
}

/** Fetches the package lists unless ours are of today. Returns what apt said. */
async function refreshLists(home, { force = false } = {}) {
  // apt gives its lists the mirror's time stamps, so when we fetched them is kept apart.
  const stamp = join(home, "refreshed");
  const age = Date.now() - (statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (age < LISTS_LAST_MS && !force) return "";
  const { code, output } = await run("apt-get", [...optionsFor(home, home), "update"]);
  if (code === 0) inCache("Fetching Debian's package lists", () => writeFileSync(stamp, ""));
  return output;
}

/** Each package with what it needs and this system lacks. */
async function downloadAll(home, work, packages) {
  inCache("Getting packages from Debian", () => mkdirSync(join(work, "partial"), { recursive: true }));
  return await run("apt-get", [
    ...optionsFor(home, work),
    "install",
    "-y",
    "--no-install-recommends",
    "--download-only",
    ...packages,
  ]);
}

async function downloadThese(home, work, packages) {
  return await run("apt-get", [...optionsFor(home, work), "download", ...packages], { cwd: work });
}

function aptError(what, output, packages) {
  return new SetupError(
    sentence(what, output, {
      network: "connect this machine to its Debian mirror (apt's sources or proxy)",
      permission: `make ${cacheDir} writable, or ask an administrator for \`apt-get install ${packages.join(" ")}\``,
      other: `run \`apt-get install ${packages.join(" ")}\` by hand to see why`,
    }),
  );
}
