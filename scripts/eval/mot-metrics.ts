import { iou } from "../../pipeline/domain/box.ts";
import { assignByGain } from "../../pipeline/domain/tracking/assignment.ts";
import { type MotRow, rowsByFrame } from "../../pipeline/domain/tracking/mot-challenge.ts";

/** Counts of CLEAR MOT (Bernardin and Stiefelhagen 2008) and of identity matching (Ristani et al. 2016). */
export interface MotCounts {
  readonly truths: number;
  readonly results: number;
  readonly falsePositives: number;
  readonly misses: number;
  readonly switches: number;
  readonly fragmentations: number;
  /** Sum of IoU over all matches. */
  readonly overlap: number;
  readonly identityTruePositives: number;
}

const MATCH_IOU = 0.5;

/**
 * Counts for one sequence at IoU ≥ 0.5. Ground-truth rows with confidence 0 are left out; a pair of the previous
 * frame that still overlaps enough is kept, the others are assigned anew, as many and as close as possible.
 */
export function countMot(groundTruth: readonly MotRow[], results: readonly MotRow[]): MotCounts {
  const truths = groundTruth.filter((row) => row.confidence !== 0);
  const truthByFrame = rowsByFrame(truths);
  const resultByFrame = rowsByFrame(results);
  const frames = [...new Set([...truthByFrame.keys(), ...resultByFrame.keys()])].sort((a, b) => a - b);
  const partner = new Map<number, number>();
  const wasTracked = new Map<number, boolean>();
  let [matches, switches, fragmentations, overlap] = [0, 0, 0, 0];
  for (const frame of frames) {
    const left = truthByFrame.get(frame) ?? [];
    const right = resultByFrame.get(frame) ?? [];
    const pairs = matchFrame(left, right, partner);
    for (const truth of left) {
      const result = pairs.get(truth);
      if (result !== undefined) {
        const before = partner.get(truth.id);
        if (before !== undefined && before !== result.id) switches++;
        if (wasTracked.get(truth.id) === false) fragmentations++;
        partner.set(truth.id, result.id);
        matches++;
        overlap += iou(truth.box, result.box);
      }
      if (result !== undefined || wasTracked.has(truth.id)) wasTracked.set(truth.id, result !== undefined);
    }
  }
  return {
    truths: truths.length,
    results: results.length,
    falsePositives: results.length - matches,
    misses: truths.length - matches,
    switches,
    fragmentations,
    overlap,
    identityTruePositives: countIdentityMatches(truths, resultByFrame),
  };
}

function matchFrame(
  truths: readonly MotRow[],
  results: readonly MotRow[],
  partner: ReadonlyMap<number, number>,
): Map<MotRow, MotRow> {
  const pairs = new Map<MotRow, MotRow>();
  const taken = new Set<MotRow>();
  for (const truth of truths) {
    const result = results.find((row) => row.id === partner.get(truth.id));
    if (result === undefined || taken.has(result) || iou(truth.box, result.box) < MATCH_IOU) continue;
    pairs.set(truth, result);
    taken.add(result);
  }
  const left = truths.filter((truth) => !pairs.has(truth));
  const right = results.filter((result) => !taken.has(result));
  // A gain far above any overlap makes the number of pairs come first, their closeness second.
  const gains = left.map((truth) =>
    right.map((result) => {
      const overlap = iou(truth.box, result.box);
      return overlap >= MATCH_IOU ? 1000 + overlap : 0;
    }),
  );
  for (const [row, column] of assignByGain(gains)) {
    const [truth, result] = [left[row], right[column]];
    if (truth !== undefined && result !== undefined) pairs.set(truth, result);
  }
  return pairs;
}

/** Frames explained by the best one-to-one pairing of true and found identities over the whole sequence. */
function countIdentityMatches(
  truths: readonly MotRow[],
  resultByFrame: ReadonlyMap<number, readonly MotRow[]>,
): number {
  const shared = new Map<number, Map<number, number>>();
  const resultIds = new Set<number>();
  for (const truth of truths) {
    for (const result of resultByFrame.get(truth.frame) ?? []) {
      if (iou(truth.box, result.box) < MATCH_IOU) continue;
      const row = shared.get(truth.id) ?? new Map<number, number>();
      row.set(result.id, (row.get(result.id) ?? 0) + 1);
      shared.set(truth.id, row);
      resultIds.add(result.id);
    }
  }
  const rows = [...shared.values()];
  const columns = [...resultIds];
  const gains = rows.map((row) => columns.map((id) => row.get(id) ?? 0));
  return assignByGain(gains).reduce((sum, [row, column]) => sum + (gains[row]?.[column] ?? 0), 0);
}

/** Percentages as MOTChallenge prints them; `motp` is the mean IoU of matches. */
export function motScores(counts: MotCounts) {
  const { truths, results, falsePositives, misses, switches, overlap, identityTruePositives } = counts;
  const matches = truths - misses;
  return {
    mota: (100 * (truths - falsePositives - misses - switches)) / truths,
    motp: (100 * overlap) / matches,
    recall: (100 * matches) / truths,
    precision: (100 * matches) / results,
    idf1: (200 * identityTruePositives) / (truths + results),
  };
}
