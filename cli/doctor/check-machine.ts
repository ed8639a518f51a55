import { access, constants, mkdir, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { type Check, fail, ok, warn } from "./check.ts";
import { outputOf } from "./run-quietly.ts";

const GB = 1e9;
const NEEDED_NODE = [20, 12];
/** Below this not even the software and one day of sample evidence fit. */
const LEAST_FREE_BYTES = 1 * GB;
/** A week of a few busy cameras. */
const COMFORTABLE_BYTES = 10 * GB;

export function checkNode(version = process.versions.node): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [needMajor = 0, needMinor = 0] = NEEDED_NODE;
  const enough = major > needMajor || (major === needMajor && minor >= needMinor);
  return enough
    ? ok("node", `Node ${version}`)
    : fail("node", `Node ${version} is too old`, `install Node ${NEEDED_NODE.join(".")} or newer`);
}

export async function checkDataDir(dataDir: string): Promise<Check> {
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail("data folder", why, "make it writable for this user, or set FOREWARN_DATA_DIR");
  }
  return diskSpace(dataDir, await freeBytes(dataDir));
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

export function diskSpace(dataDir: string, bytes: number): Check {
  const message = `${dataDir} is writable, ${(bytes / GB).toFixed(1)} GB free`;
  const remedy = "free some space, or set FOREWARN_DATA_DIR to a folder on a bigger disk";
  if (bytes < LEAST_FREE_BYTES) return fail("data folder", message, remedy);
  return bytes < COMFORTABLE_BYTES ? warn("data folder", message, remedy) : ok("data folder", message);
}

/** @param inUse whether a Forewarn of this data folder is running and so may well be the one who listens */
export function checkPort(host: string, port: number, inUse: boolean): Promise<Check> {
  const name = `port ${port}`;
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" && inUse) resolve(ok(name, "taken, and Forewarn is running"));
      else if (error.code === "EADDRINUSE")
        resolve(fail(name, `another program listens on ${host}:${port}`, "set FOREWARN_PORT to a free port"));
      else
        resolve(
          fail(
            name,
            `cannot listen on ${host}:${port}: ${error.code}`,
            "correct FOREWARN_HOST or FOREWARN_PORT",
          ),
        );
    });
    probe.listen(port, host, () => probe.close(() => resolve(ok(name, `${host}:${port} is free`))));
  });
}

/** Chinese glyphs in drawn labels and documents. */
export async function checkFont(): Promise<Check> {
  const families = await outputOf("fc-list", [":lang=zh-cn", "family"]);
  const remedy = "as root: apt-get install fonts-noto-cjk fontconfig";
  if (families === undefined) return warn("CJK font", "fc-list (fontconfig) is not there to say", remedy);
  const first = families.split("\n").find(Boolean);
  return first === undefined
    ? warn("CJK font", "no font with Chinese glyphs: Chinese text in pictures shows as boxes", remedy)
    : ok("CJK font", first);
}

/** Evidence is worth what its times are worth. */
export async function checkTimeSync(): Promise<Check> {
  const answer = await outputOf("timedatectl", ["show", "--property=NTPSynchronized", "--value"]);
  const remedy = "let this machine (or the host of this container) keep its time by NTP, e.g. chrony";
  if (answer === undefined) return warn("time", "cannot tell whether the clock is synchronised", remedy);
  return answer.trim() === "yes"
    ? ok("time", "the clock is synchronised by NTP")
    : warn("time", "the clock is not synchronised: times in evidence may be wrong", remedy);
}
