import { list, num, record, type ShapeOf, text, tuple } from "./shape.ts";

/** Scores are counted in hundredths: finer than any threshold anybody sets. */
const BINS = 101;

/** Per label the bins that hold anything: bin and count. */
export const votesShape = record({
  counts: list(tuple(text, list(tuple(num, num)))),
  total: num,
  best: num,
  sum: num,
});
export type VotesState = ShapeOf<typeof votesShape>;

/**
 * What a stay's sightings were called and how sure the model was, kept as counts so that it stays small and
 * any rule can ask afterwards with its own labels and score.
 */
export class LabelVotes {
  readonly #counts = new Map<string, number[]>();
  /** Sightings by label, whatever their score. */
  readonly #totals = new Map<string, number>();
  #total = 0;
  #best = 0;
  #sum = 0;

  static from({ counts, total, best, sum }: VotesState): LabelVotes {
    const votes = new LabelVotes();
    for (const [label, bins] of counts) {
      const ours = votes.#of(label);
      for (const [bin, count] of bins) if (bin in ours) ours[bin] = count;
      votes.#addTotal(
        label,
        ours.reduce((sum, count) => sum + count, 0),
      );
    }
    votes.#total = total;
    votes.#best = best;
    votes.#sum = sum;
    return votes;
  }

  state(): VotesState {
    const filled = (bins: readonly number[]) =>
      [...bins.entries()].filter(([, count]) => count > 0).map(([bin, count]) => [bin, count] as const);
    return {
      counts: [...this.#counts].map(([label, bins]) => [label, filled(bins)] as const),
      total: this.#total,
      best: this.#best,
      sum: this.#sum,
    };
  }

  add(label: string, score: number): void {
    const counts = this.#of(label);
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor(score * 100 + 1e-9)));
    counts[bin] = (counts[bin] ?? 0) + 1;
    this.#addTotal(label, 1);
    this.#total++;
    this.#sum += score;
    this.#best = Math.max(this.#best, score);
  }

  addAll(other: LabelVotes): void {
    for (const [label, theirs] of other.#counts) {
      const ours = this.#of(label);
      for (const [bin, count] of theirs.entries()) ours[bin] = (ours[bin] ?? 0) + count;
    }
    for (const [label, count] of other.#totals) this.#addTotal(label, count);
    this.#total += other.#total;
    this.#sum += other.#sum;
    this.#best = Math.max(this.#best, other.#best);
  }

  /** Sightings in all. */
  get total(): number {
    return this.#total;
  }

  /** Highest score seen, 0–1. */
  get bestScore(): number {
    return this.#best;
  }

  /** All their scores together: how often and how surely. */
  get scoreSum(): number {
    return this.#sum;
  }

  /** Mean score of the sightings, 0–1. */
  get meanScore(): number {
    return this.#total === 0 ? 0 : this.#sum / this.#total;
  }

  /** Sightings called one of `labels` with a score of at least `minScore`. */
  count(labels: readonly string[], minScore = 0): number {
    const from = Math.ceil(minScore * 100 - 1e-9);
    let sum = 0;
    for (const label of new Set(labels)) {
      for (const [bin, count] of (this.#counts.get(label) ?? []).entries()) if (bin >= from) sum += count;
    }
    return sum;
  }

  /** The most frequent label among `labels`; the first in the alphabet of equally frequent ones; null if none was seen. */
  mostFrequent(labels: Iterable<string> = this.#totals.keys()): string | null {
    let best: string | null = null;
    let most = 0;
    for (const label of labels) {
      const count = this.#totals.get(label) ?? 0;
      if (count < most || count === 0) continue;
      if (count > most || best === null || label < best) best = label;
      most = count;
    }
    return best;
  }

  #addTotal(label: string, count: number): void {
    this.#totals.set(label, (this.#totals.get(label) ?? 0) + count);
  }

  #of(label: string): number[] {
    const known = this.#counts.get(label);
    if (known !== undefined) return known;
    const fresh = new Array<number>(BINS).fill(0);
    this.#counts.set(label, fresh);
    return fresh;
  }
}
