import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { aptUnpack, inCache } from "./apt.mjs";
import { cacheDir } from "./paths.mjs";
import { run } from "./run.mjs";
import { SetupError } from "./say.mjs";
import { sentence } from "./why.mjs";

// The C library and the loader must be one pair: the system's.
const LEAVE = /^(ld-linux.*|lib(c|m|pthread|dl|rt|resolv|util|nsl|anl)\.so.*)$/;

/**
 * Programs of a Debian package for a user who may not install it: unpacked, with just the libraries they
 * load, into `<cache>/tools/<name>/`; `bin/<program>` starts them with their own library path.
 * The folder appears whole or not at all.
 */
export async function bundleTool(name, programs) {
  const what = `Getting ${name} without root`;
  const tools = join(cacheDir, "tools");
  const work = inCache(what, () => {
    mkdirSync(tools, { recursive: true });
    return mkdtempSync(join(tools, `.${name}-`));
  });
  try {
    const unpacked = join(work, "root");
    const whole = join(work, "whole");
    inCache(what, () => {
      for (const folder of [unpacked, join(whole, "bin"), join(whole, "lib"), join(whole, "libexec")])
        mkdirSync(folder, { recursive: true });
    });
    await aptUnpack([name], unpacked, { withDependencies: true });
    const libraryPath = libraryFolders(unpacked).join(":");
    for (const program of programs) await collect(what, program, unpacked, libraryPath, whole);
    inCache(what, () => {
      const target = join(tools, name);
      rmSync(target, { recursive: true, force: true });
      renameSync(whole, target);
    });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The program, the libraries of ours that the loader takes for it, and the script that starts it. */
async function collect(what, program, unpacked, libraryPath, whole) {
  const found = join(unpacked, "usr", "bin", program);
  if (!existsSync(found)) throw new SetupError(`${what} failed (the package holds no usr/bin/${program}).`);
  // Debian's redis-server is a link to redis-check-rdb, which looks at the name it was started by.
  const binary = realpathSync(found);
  const needed = await run("ldd", [binary], { env: { LD_LIBRARY_PATH: libraryPath } });
  const libraries = [...needed.stdout.matchAll(/^\s*(\S+) => (\/\S+)/gm)]
    .map(([, soname, path]) => ({ soname, path }))
    .filter(({ soname, path }) => path.startsWith(`${realpathSync(unpacked)}/`) && !LEAVE.test(soname));
  const starter = join(whole, "bin", program);
  inCache(what, () => {
    copyFileSync(binary, join(whole, "libexec", program));
    for (const { soname, path } of libraries) copyFileSync(realpathSync(path), join(whole, "lib", soname));
    // Finds its folder from its own name, so that the cache may be moved.
    const script = `#!/bin/sh\nhere="\${0%/*}/.."\nLD_LIBRARY_PATH="$here/lib" exec "$here/libexec/${program}" "$@"\n`;
    writeFileSync(starter, script, { mode: 0o755 });
    chmodSync(join(whole, "libexec", program), 0o755);
  });
  const { code, output } = await run(starter, [program === "redis-server" ? "--version" : "-version"]);
  if (code !== 0)
    throw new SetupError(
      sentence(`Starting the unpacked ${basename(program)}`, output, {
        any: "ask an administrator to install it",
      }),
    );
}

function libraryFolders(folder) {
  return [
    ...new Set(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => /\.so(\.|$)/.test(entry.name))
        .map((entry) => entry.parentPath ?? dirname(join(entry.path, entry.name))),
    ),
  ];
}
