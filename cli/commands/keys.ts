import { writeFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { loadConfig } from "../../config/env.ts";
import { canonicalText } from "../../pipeline/evidence/canonical-json.ts";
import { openSiteKey, readKeyList, rotateSiteKey } from "../../pipeline/evidence/key-folder.ts";
import type { KeyList } from "../../pipeline/evidence/key-list.ts";
import { SEAL_ALGORITHMS, type SealAlgorithm } from "../../pipeline/evidence/site-key.ts";
import { sealingPaths } from "../../pipeline/sealing.ts";
import { textTable } from "../text-table.ts";

interface JsonFlag {
  readonly json?: true;
}

interface RotateFlags extends JsonFlag {
  readonly why: string;
  readonly algorithm?: SealAlgorithm;
}

/** `forewarn keys`: exit 0 done, 2 a key that cannot be used. */
export function registerKeys(program: Command): void {
  const keys = program
    .command("keys")
    .description("the keys this site seals with (封存密钥): which there were, hand them out, change them");
  const json = () => new Option("--json", "one JSON object a line on stdout");
  keys
    .command("list")
    .description("every key the site has sealed with, oldest first; makes the first one where there is none")
    .addOption(json())
    .action(list);
  keys
    .command("export")
    .description("the public list, for publication and for `forewarn verify --trusted-key`")
    .option("--out <file>", "instead of stdout")
    .addHelpText(
      "after",
      `
Publish it where citizens find it, and again after each change. Each key is endorsed by the one before it, so who
trusts an old list can tell that a new one continues it.

Examples:
  forewarn keys export --out site-keys.json
  forewarn keys export | jq -r '.keys[] | "\\(.keyId) \\(.algorithm) from \\(.from)"'`,
    )
    .action(exportList);
  keys
    .command("rotate")
    .description("seal with a new key from now on; workers take it up by themselves")
    .requiredOption("--why <text>", "stands in the public list: a yearly change, a suspected copy …")
    .addOption(
      new Option(
        "--algorithm <name>",
        "Ed25519, or SM2 for the national profile; left out: as before",
      ).choices(SEAL_ALGORITHMS),
    )
    .addOption(json())
    .action(rotate);
}

async function list({ json }: JsonFlag): Promise<void> {
  print(await ownList(), json);
}

async function exportList({ out }: { readonly out?: string }): Promise<void> {
  const text = canonicalText(await ownList());
  if (out === undefined) process.stdout.write(text);
  else await writeFile(out, text);
}

async function rotate({ why, algorithm, json }: RotateFlags): Promise<void> {
  const current = (await ownList()).keys.at(-1);
  const wanted = algorithm ?? current?.algorithm ?? "Ed25519";
  await rotateSiteKey(keysDir(), { algorithm: wanted, why, at: Date.now() });
  print(await ownList(), json);
}

async function ownList(): Promise<KeyList> {
  await openSiteKey(keysDir(), { algorithm: loadConfig().sealAlgorithm });
  const found = await readKeyList(keysDir());
  if (found === undefined) throw new Error("a site key without a list");
  return found;
}

function keysDir(): string {
  const { dataDir, memoryDir } = loadConfig();
  return sealingPaths(dataDir, memoryDir).keysDir;
}

function print({ keys }: KeyList, json: true | undefined): void {
  if (json) {
    for (const key of keys) console.log(JSON.stringify({ type: "key", ...key, inUse: key === keys.at(-1) }));
    return;
  }
  const rows = keys.map((key) => [
    key.keyId,
    key.algorithm,
    key.from,
    key === keys.at(-1) ? "in use 使用中" : "retired 已停用",
    key.why,
  ]);
  const columns = ["key id", "algorithm", "from", "", "why"].map((title) => ({ title }));
  for (const line of textTable(columns, rows)) console.log(line);
}
