import { writeFile } from "node:fs/promises";
import { SingleBar } from "cli-progress";
import type { Command } from "commander";
import type pg from "pg";
import { type Config, loadConfig } from "../../config/env.ts";
import { openSiteKey, readKeyList } from "../../pipeline/evidence/key-folder.ts";
import { logProofBytes, timestampOf } from "../../pipeline/evidence/log/log-proof.ts";
import { sealingPaths } from "../../pipeline/sealing.ts";
import { systemClock } from "../../runtime/clock.ts";
import { required } from "../../runtime/required.ts";
import { runningServices } from "../../runtime/services/open-services.ts";
import { configuredStamp, readCertificates } from "../../runtime/timestamp-authority.ts";
import { checkpointOf, findLastCheckpoint } from "../../store/checkpoint-read-model.ts";
import { checkpointRound } from "../../store/checkpoint-round.ts";
import { checkLog, type LogCheck } from "../../store/evidence-log-check.ts";
import { logOrigin, logSize } from "../../store/evidence-log-read-model.ts";
import { proveBundle } from "../../store/log-proof-read-model.ts";
import { createPool } from "../../store/pool.ts";

interface JsonFlag {
  readonly json?: true;
}

/** `forewarn log`: the append-only record of what happened to the evidence. */
export function registerLog(program: Command): void {
  const log = program
    .command("log")
    .description("the evidence log (证据日志): check it, sign it, prove what is in it");
  log
    .command("check")
    .description("recompute every hash, root, signature and timestamp; name what was changed")
    .option("--json", "one JSON object a problem on stdout, then a summary")
    .addHelpText(
      "after",
      "\nExample:\n  forewarn log check --json\n\nExit codes: 0 whole · 1 something was changed · 2 no database configured",
    )
    .action(check);
  log
    .command("head")
    .description("how many entries there are, and the last signed checkpoint")
    .option("--json", "one JSON object on stdout")
    .addHelpText(
      "after",
      "\nExample: keep the last checkpoint where this installation cannot reach it\n  forewarn log head --json | jq -cjS .checkpoint > checkpoint.json",
    )
    .action(head);
  log
    .command("prove")
    .description("write the proof that a bundle's first entry is in the signed log")
    .argument("<bundle-id>", "such as cnd_…")
    .option("--out <file>", "where to write it; a bundle's own folder keeps it together", "log-proof.json")
    .option("--json", "one JSON object on stdout")
    .addHelpText(
      "after",
      "\ndocs/evidence-log.md shows how to check it with openssl, sha256sum, jq and xxd.\n\nExample:\n  forewarn log prove cnd_1f0c --out log-proof.json\n\nExit codes: 0 written · 1 not in the log, or not yet under a checkpoint · 2 no database configured",
    )
    .action(prove);
  log
    .command("checkpoint")
    .description(
      "sign all entries there are now, and have the configured authority (FOREWARN_TSA_URL) stamp it",
    )
    .option("--json", "one JSON object on stdout")
    .addHelpText(
      "after",
      "\nExample:\n  forewarn log checkpoint\n\nExit codes: 0 signed, or nothing new to sign · 1 refused, or the authority gave no timestamp · 2 wrong configuration",
    )
    .action(checkpoint);
}

async function check(flags: JsonFlag): Promise<void> {
  const config = loadConfig();
  const keys = await readKeyList(sealingPaths(config.dataDir, config.memoryDir).keysDir);
  const result = await withDatabase(config, async (pool) =>
    checkWithProgress(pool, {
      ...(keys === undefined ? {} : { trustedKeys: keys.keys.map(({ publicKey }) => publicKey) }),
      ...(config.tsaCaPath === undefined ? {} : { authorities: await readCertificates(config.tsaCaPath) }),
    }),
  );
  if (flags.json) printCheckJson(result);
  else console.log(checkText(result));
  if (result.problems.length > 0) process.exitCode = 1;
}

async function checkWithProgress(pool: pg.Pool, options: Parameters<typeof checkLog>[1]): Promise<LogCheck> {
  if (!process.stderr.isTTY) return checkLog(pool, options);
  const bar = new SingleBar({ format: "checking {bar} {value}/{total} entries", stream: process.stderr });
  let isStarted = false;
  try {
    return await checkLog(pool, {
      ...options,
      onEntry: (done, total) => {
        if (!isStarted) bar.start(total, 0);
        isStarted = true;
        bar.update(done);
      },
    });
  } finally {
    if (isStarted) bar.stop();
  }
}

function printCheckJson({ problems, ...summary }: LogCheck): void {
  for (const problem of problems) console.log(JSON.stringify({ type: "problem", ...problem }));
  console.log(JSON.stringify({ type: "summary", ok: problems.length === 0, ...summary }));
}

function checkText(result: LogCheck): string {
  const { problems, size, rootHash, checkpoints, timestamps } = result;
  const { trusted, untrusted, not_checked } = timestamps;
  return [
    `${problems.length === 0 ? "WHOLE 完整" : "CHANGED 已被改动"}  ${result.origin}`,
    ...problems.map(({ code, message }) => `  ✗ ${message}  [${code}]`),
    `  ${size} entries, ${checkpoints} checkpoints, root ${rootHash ?? "–"}`,
    `  timestamps: ${trusted} trusted, ${untrusted} not trusted, ${not_checked} by an authority nobody has named (FOREWARN_TSA_CA)`,
  ].join("\n");
}

async function head(flags: JsonFlag): Promise<void> {
  const { origin, size, last } = await withDatabase(loadConfig(), async (pool) => ({
    origin: await logOrigin(pool),
    size: await logSize(pool),
    last: await findLastCheckpoint(pool),
  }));
  const signed = last === undefined ? null : checkpointOf(last);
  const stampedAt = last?.stampedAt ?? null;
  if (flags.json) {
    console.log(JSON.stringify({ type: "head", origin, size, checkpoint: signed, stampedAt }));
    return;
  }
  const lines = [`${origin}: ${size} entries`];
  if (signed === null) lines.push("  no checkpoint yet");
  else
    lines.push(
      `  checkpoint over ${signed.size}, root ${signed.rootHash}`,
      `  signed ${signed.at} with key ${signed.keyId}, ${stampedAt === null ? "not timestamped" : `timestamped ${stampedAt}`}`,
    );
  console.log(lines.join("\n"));
}

async function prove(bundleId: string, flags: JsonFlag & { readonly out: string }): Promise<void> {
  const proof = await withDatabase(loadConfig(), (pool) => proveBundle(pool, bundleId));
  await writeFile(flags.out, logProofBytes(proof));
  const { index, checkpoint } = proof;
  const isStamped = timestampOf(proof) !== undefined;
  const facts = {
    bundleId,
    file: flags.out,
    index,
    kind: proof.entry.kind,
    size: checkpoint.size,
    isStamped,
  };
  if (flags.json) console.log(JSON.stringify({ type: "proof", ...facts }));
  else
    console.log(
      `wrote ${flags.out}: entry ${index} (${facts.kind}) of ${checkpoint.size}, signed ${checkpoint.at}, ${isStamped ? "with" : "without"} a timestamp`,
    );
}

async function checkpoint(flags: JsonFlag): Promise<void> {
  const config = loadConfig();
  const siteKey = await openSiteKey(sealingPaths(config.dataDir, config.memoryDir).keysDir, {
    algorithm: config.sealAlgorithm,
  });
  const round = await withDatabase(config, (pool) =>
    checkpointRound(pool, {
      siteKey,
      now: systemClock.now(),
      minAgeMs: 0,
      stamp: configuredStamp(config),
    }),
  );
  const { checkpoint: signed, isNew, stamped } = round;
  if (flags.json)
    console.log(JSON.stringify({ type: "checkpoint", checkpoint: signed ?? null, isNew, stamped }));
  else if (signed === undefined) console.log("the log is empty: nothing to sign");
  else
    console.log(
      `${isNew ? "signed" : "was signed before:"} ${signed.size} entries, root ${signed.rootHash}, timestamps got: ${stamped}`,
    );
  // What was signed stays; the next round asks the authority again.
  if (round.stampError !== undefined) throw round.stampError;
}

async function withDatabase<Result>(
  config: Config,
  use: (pool: pg.Pool) => Promise<Result>,
): Promise<Result> {
  const { databaseUrl } = await runningServices(config);
  const pool = createPool(required(databaseUrl, "FOREWARN_DATABASE_URL"));
  try {
    return await use(pool);
  } finally {
    await pool.end();
  }
}
