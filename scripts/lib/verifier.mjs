import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

/** Where the two verifiers are that travel in every export. */
export const verifierDir = join(root, "dist", "verifier");

/** Both verifiers, unless they are there. In a checkout they have to be made once; the image has them. */
export async function ensureVerifier() {
  if (existsSync(join(verifierDir, "verify.mjs")) && existsSync(join(verifierDir, "verify.html"))) return;
  await buildVerifier();
}

/**
 * verify.mjs and verify.html from the same sources as `forewarn verify`: one file each, nothing to install, not
 * minified, so that whoever doubts them can read them.
 */
export async function buildVerifier() {
  const { build } = await import("vite");
  mkdirSync(verifierDir, { recursive: true });
  put("verify.mjs", await buildScript(build));
  put("verify.html", await buildPage(build));
}

async function buildScript(build) {
  const { output } = await build({
    configFile: false,
    root,
    logLevel: "warn",
    ssr: { noExternal: true, target: "node" },
    // Its Node edition brings worker threads, which nothing here uses.
    resolve: { alias: { fflate: "fflate/browser" } },
    build: {
      ssr: "scripts/verifier/verify-entry.ts",
      write: false,
      minify: false,
      target: "node18",
      rolldownOptions: { output: { entryFileNames: "verify.mjs", codeSplitting: false } },
    },
  });
  const [script, ...others] = output;
  if (others.length > 0) throw new Error(`verify.mjs must be one file, the build made ${output.length}`);
  return `// 核验证据包 · Checks an evidence bundle: node verify.mjs [folder or zip]\n${script.code}\n${licences([script])}`;
}

async function buildPage(build) {
  const workers = [];
  const { output } = await build({
    configFile: false,
    root: join(root, "web", "verify"),
    logLevel: "warn",
    worker: {
      format: "iife",
      plugins: () => [
        { name: "note-worker", generateBundle: (_, files) => workers.push(...Object.values(files)) },
      ],
    },
    build: { write: false, minify: false, target: "es2022", modulePreload: false, cssMinify: false },
  });
  const page = output.find(({ fileName }) => fileName === "index.html").source;
  const script = output.find(({ type }) => type === "chunk");
  const style = output.find(({ fileName }) => fileName.endsWith(".css")).source;
  // An end tag inside a string of the script would end the script.
  const code = `${script.code.replaceAll("</script", "<\\/script")}\n${licences([script, ...workers])}`;
  // Nothing but this very script and style may run, and nothing may reach a network.
  const policy = [
    "default-src 'none'",
    `script-src '${sourceHash(code)}'`,
    `style-src '${sourceHash(style)}'`,
    "img-src blob:",
    "media-src blob:",
    "worker-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return page
    .replace(/\s*<script type="module"[^>]*><\/script>/, "")
    .replace(/\s*<link rel="stylesheet"[^>]*>/, "")
    .replace(
      '<meta charset="utf-8" />',
      (charset) => `${charset}\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />`,
    )
    .replace("</head>", () => `  <style>${style}</style>\n  </head>`)
    .replace("</body>", () => `  <script type="module">${code}</script>\n  </body>`);
}

/** CSP Level 3, section 2.3.1. */
function sourceHash(text) {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/** The licences of the packages that went into a file: they ask to travel with every copy. */
function licences(chunks) {
  const folders = new Set();
  for (const { moduleIds = [] } of chunks)
    for (const id of moduleIds) {
      const found = /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(id.replaceAll("\\", "/"));
      if (found) folders.add(found[0]);
    }
  const texts = [...folders].sort().map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return `${name} ${version}\n\n${readFileSync(join(folder, "LICENSE"), "utf8").trim()}`;
  });
  return `/*\nForewarn: Apache-2.0. It holds:\n\n${texts.join("\n\n----\n\n").replaceAll("*/", "* /")}\n*/\n`;
}

/** Whole or not at all: a second build may run at the same time. */
function put(name, text) {
  const draft = join(verifierDir, `.${name}-${process.pid}`);
  writeFileSync(draft, text);
  renameSync(draft, join(verifierDir, name));
}
