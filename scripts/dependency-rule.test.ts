import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

const root = fileURLToPath(new URL("..", import.meta.url));
const IMPORTS = "lint/style/noRestrictedImports";
const GLOBALS = "lint/style/noRestrictedGlobals";
const ENV = "lint/style/noProcessEnv";
const CLOCK = "plugin";

const importing = (from: string) => `import { x } from "${from}";\nexport const y = x;\n`;

/** Folder, what a file there says, the rule that refuses it. */
const refused: readonly (readonly [folder: string, code: string, rule: string])[] = [
  ...["zod", "node:fs", "../media/x.ts", "../replay.ts", "../../store/x.ts", "../../config/env.ts"].map(
    (from) => ["pipeline/domain", importing(from), IMPORTS] as const,
  ),
  ["pipeline/domain", `export type { X } from "../media/x.ts";\n`, IMPORTS],
  ["pipeline/domain", `export const x = await import("node:fs");\n`, IMPORTS],
  ...["zod", "node:os", "../../media/x.ts", "../../../store/x.ts"].map(
    (from) => ["pipeline/domain/tracking", importing(from), IMPORTS] as const,
  ),
  ...["node:crypto", "uuid", "../store/x.ts", "../pipeline/domain/types.ts"].map(
    (from) => ["casework", importing(from), IMPORTS] as const,
  ),
  ...["node:crypto", "../../store/x.ts", "../../pipeline/domain/types.ts"].map(
    (from) => ["casework/case", importing(from), IMPORTS] as const,
  ),
  ...["node:crypto", "../../../store/x.ts", "../../../pipeline/domain/types.ts"].map(
    (from) => ["casework/case/guards", importing(from), IMPORTS] as const,
  ),
  ["pipeline/media", importing("../inference/x.ts"), IMPORTS],
  ["pipeline/media", importing("../../store/x.ts"), IMPORTS],
  ["pipeline/media", importing("../../config/env.ts"), IMPORTS],
  ["pipeline/inference", importing("../evidence/x.ts"), IMPORTS],
  ["pipeline/inference/decode", importing("../../media/x.ts"), IMPORTS],
  ["pipeline/evidence", importing("../media/x.ts"), IMPORTS],
  ["pipeline/evidence", importing("bullmq"), IMPORTS],
  ["pipeline", importing("../store/x.ts"), IMPORTS],
  ["store", importing("../api/x.ts"), IMPORTS],
  ["queue", importing("../workers/x.ts"), IMPORTS],
  ["workers", importing("../api/x.ts"), IMPORTS],
  ["workers/a/b", importing("../../../cli/x.ts"), IMPORTS],
  ["api", importing("../workers/x.ts"), IMPORTS],
  ["api/a/b", importing("../../../cli/x.ts"), IMPORTS],
  ["cli", importing("../api/x.ts"), IMPORTS],
  ["cli/a/b", importing("../../../workers/x.ts"), IMPORTS],
  ...["cli", "api/a", "pipeline/media", "runtime", "config", "store"].map(
    (folder) => [folder, "export const home = process.env.HOME;\n", ENV] as const,
  ),
  ...["pipeline/domain", "pipeline/domain/tracking", "casework"].flatMap((folder) => [
    [folder, "export const now = Date.now();\n", CLOCK] as const,
    [folder, "export const clock = { now: Date.now };\n", CLOCK] as const,
    [folder, "export const now = new Date();\n", CLOCK] as const,
    [folder, "export const now = Date();\n", CLOCK] as const,
    [folder, "export const chance = Math.random();\n", CLOCK] as const,
    [folder, "export const now = globalThis.Date.now();\n", GLOBALS] as const,
    [folder, "export const now = performance.now();\n", GLOBALS] as const,
    [folder, "export const id = crypto.randomUUID();\n", GLOBALS] as const,
    [folder, "export const home = process.cwd();\n", GLOBALS] as const,
  ]),
];

const allowed: readonly (readonly [folder: string, code: string])[] = [
  ["pipeline/domain", importing("./types.ts")],
  ["pipeline/domain", importing("./tracking/track.ts")],
  [
    "pipeline/domain",
    "export const day = new Date(Date.parse('2026-01-01') + Date.UTC(1970, 0)).getUTCDay();\n",
  ],
  ["pipeline/domain/tracking", importing("../box.ts")],
  ["pipeline/domain/tracking", importing("./track.ts")],
  ["casework", importing("./roles.ts")],
  ["casework/case", importing("../roles.ts")],
  ["casework/case", importing("../clocks/x.ts")],
  ["casework/case/guards", importing("../../clocks/x.ts")],
  ["casework/case/guards", importing("../../roles.ts")],
  ["casework", "export const day = (at: number) => new Date(at).toISOString();\n"],
  ["pipeline/media", importing("../domain/types.ts")],
  ["pipeline/inference/decode", importing("../../domain/types.ts")],
  ["pipeline/evidence", importing("node:crypto")],
  ["pipeline", importing("./media/x.ts")],
  ["store", importing("../pipeline/domain/types.ts")],
  ["workers", importing("../store/x.ts")],
  ["workers", "export const now = Date.now();\n"],
  ["api", importing("../casework/x.ts")],
  ["cli", importing("../pipeline/replay.ts")],
];

const reportSchema = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string() }) })),
});

const tree = mkdtempSync(join(tmpdir(), "dependency-rule-"));
afterAll(() => rmSync(tree, { recursive: true, force: true }));
const refusedFile = (index: number) => `${refused[index]?.[0] ?? ""}/refused-${index}.ts`;
const allowedFile = (index: number) => `${allowed[index]?.[0] ?? ""}/allowed-${index}.ts`;
/** File → the rules it broke. One run over everything: starting Biome is what takes time. */
const found = new Map<string, string[]>();

beforeAll(() => {
  const config = z
    .looseObject({ vcs: z.unknown() })
    .parse(JSON.parse(readFileSync(join(root, "biome.json"), "utf8")));
  write("biome.json", JSON.stringify({ ...config, vcs: { enabled: false } }));
  cpSync(join(root, "scripts", "lint"), join(tree, "scripts", "lint"), { recursive: true });
  for (const [index, [, code]] of refused.entries()) write(refusedFile(index), code);
  for (const [index, [, code]] of allowed.entries()) write(allowedFile(index), code);
  write("config/env.ts", "export const home = process.env.HOME;\n");
  const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
  const args = [biome, "lint", "--reporter=json", "--max-diagnostics=none", "."];
  const { stdout } = spawnSync(process.execPath, args, { cwd: tree, encoding: "utf8" });
  for (const { category, location } of reportSchema.parse(JSON.parse(stdout)).diagnostics)
    found.set(location.path, [...(found.get(location.path) ?? []), category]);
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text);
}

describe("the dependency rule", () => {
  it.each(refused.map(([folder, code, rule], index) => ({ folder, code: code.trim(), rule, index })))(
    "refuses in $folder: $code",
    ({ rule, index }) => {
      expect(found.get(refusedFile(index))).toEqual([rule]);
    },
  );

  it.each(allowed.map(([folder, code], index) => ({ folder, code: code.trim(), index })))(
    "allows in $folder: $code",
    ({ index }) => {
      expect(found.get(allowedFile(index)) ?? []).toEqual([]);
    },
  );

  it("lets config/env.ts alone read the environment", () => {
    expect(found.get("config/env.ts") ?? []).toEqual([]);
  });
});
