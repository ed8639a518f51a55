// How well the tracker does on MOTChallenge sequences: `npx tsx scripts/eval/mot.ts [--data FOLDER]`.
// The folder holds one folder per sequence (det.txt, gt.txt, seqinfo.ini) and, for comparison, published.json.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { type MotRow, parseMotRows } from "../../pipeline/domain/tracking/mot-challenge.ts";
import { trackSequence } from "../../pipeline/domain/tracking/offline.ts";
import { countMot, type MotCounts, motScores } from "./mot-metrics.ts";

const peerSchema = z.object({ MOTA: z.number(), IDs: z.number() });
const publishedSchema = z.object({
  published: z.record(z.string(), z.unknown()),
  measuredHere: z.record(z.string(), z.unknown()),
});

const { values } = parseArgs({ options: { data: { type: "string", default: "../shared/footage/mot" } } });
const sequences = existsSync(values.data)
  ? readdirSync(values.data).filter((name) => existsSync(join(values.data, name, "seqinfo.ini")))
  : [];
if (sequences.length === 0) {
  process.stderr.write(`${values.data} holds no MOTChallenge sequence: give --data FOLDER.\n`);
  process.exitCode = 2;
} else {
  process.stdout.write(table(sequences.sort().map(evaluate), readPeers(values.data)));
}

function evaluate(name: string): { name: string; counts: MotCounts } {
  const rows = (file: string): MotRow[] => {
    const path = join(values.data, name, file);
    return parseMotRows(readFileSync(path, "utf8"), path);
  };
  const info = readFileSync(join(values.data, name, "seqinfo.ini"), "utf8");
  const fps = z.coerce
    .number()
    .positive()
    .parse(/^frameRate=(.*)$/m.exec(info)?.[1]);
  return { name, counts: countMot(rows("gt.txt"), trackSequence(rows("det.txt"), { fps })) };
}

/** SORT's published MOTA and switches by sequence. */
function readPeers(folder: string): Map<string, z.infer<typeof peerSchema>> {
  const path = join(folder, "published.json");
  if (!existsSync(path)) return new Map();
  const { published, measuredHere } = publishedSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  return new Map(
    Object.entries({ ...measuredHere, ...published }).flatMap(([name, entry]) => {
      const peer = peerSchema.safeParse(entry);
      return peer.success ? [[name, peer.data] as const] : [];
    }),
  );
}

function table(
  results: readonly { name: string; counts: MotCounts }[],
  peers: ReadonlyMap<string, z.infer<typeof peerSchema>>,
): string {
  const lines = results.map(({ name, counts }) => {
    const { mota, motp, idf1, recall, precision } = motScores(counts);
    const scores = [mota, motp, idf1, recall, precision].map((value) => value.toFixed(1));
    const { falsePositives, misses, switches, fragmentations } = counts;
    const peer = peers.get(name);
    return [
      name,
      ...scores,
      falsePositives,
      misses,
      switches,
      fragmentations,
      peer?.MOTA ?? "",
      peer?.IDs ?? "",
    ];
  });
  const mean = (numbers: readonly number[]) =>
    numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const scores = results.map(({ counts }) => motScores(counts));
  const known = results.flatMap(({ name }) => peers.get(name) ?? []);
  const whole = known.length === results.length;
  const last = [
    "**mean, sum of counts**",
    ...(["mota", "motp", "idf1", "recall", "precision"] as const).map((key) =>
      mean(scores.map((score) => score[key])).toFixed(1),
    ),
    ...(["falsePositives", "misses", "switches", "fragmentations"] as const).map((key) =>
      results.reduce((sum, { counts }) => sum + counts[key], 0),
    ),
    whole ? mean(known.map((peer) => peer.MOTA)).toFixed(1) : "",
    whole ? known.reduce((sum, peer) => sum + peer.IDs, 0) : "",
  ];
  const head =
    "| sequence | MOTA | MOTP | IDF1 | Rcll | Prcn | FP | FN | IDs | FM | SORT MOTA | SORT IDs |\n" +
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";
  return head + [...lines, last].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}
