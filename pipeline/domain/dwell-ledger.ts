import { list, literal, num, record, type ShapeOf } from "./shape.ts";
import type { DwellSpan, EpochMs } from "./types.ts";

type Kind = DwellSpan["kind"];

/** Spans alternate, so the first kind and the ends say it all. */
export const ledgerShape = record({
  start: num,
  first: literal("observed", "unobserved"),
  ends: list(num),
});
export type LedgerState = ShapeOf<typeof ledgerShape>;

/** So that a stay of days keeps a bounded ledger. */
const MAX_SPANS = 256;

/**
 * The account of one stay in wall-clock time: which time was observed, which was not. Spans follow one another
 * without holes or overlaps from the first sighting to the last, so observed + unobserved = last − first.
 */
export class DwellLedger {
  #spans: DwellSpan[] = [];
  #end: EpochMs;
  readonly #start: EpochMs;

  constructor(start: EpochMs) {
    this.#start = start;
    this.#end = start;
  }

  static from({ start, first, ends }: LedgerState): DwellLedger {
    const ledger = new DwellLedger(start);
    const other = first === "observed" ? "unobserved" : "observed";
    for (const [index, end] of ends.entries()) ledger.extend(end, index % 2 === 0 ? first : other);
    return ledger;
  }

  state(): LedgerState {
    return {
      start: this.#start,
      first: this.#spans[0]?.kind ?? "observed",
      ends: this.#spans.map((span) => span.to),
    };
  }

  get start(): EpochMs {
    return this.#start;
  }

  get end(): EpochMs {
    return this.#end;
  }

  /** Carries the account on to `to`. A time that is not later than the end changes nothing. */
  extend(to: EpochMs, kind: Kind): void {
    if (!(to > this.#end)) return;
    const last = this.#spans.at(-1);
    if (last?.kind === kind) this.#spans[this.#spans.length - 1] = { kind, from: last.from, to };
    else this.#spans.push({ kind, from: this.#end, to });
    this.#end = to;
    if (this.#spans.length > MAX_SPANS) this.#giveUpShortest();
  }

  /** Carries the account on with a later one; the time between the two is of kind `between`. */
  append(later: DwellLedger, between: Kind): void {
    this.extend(later.start, between);
    for (const span of later.#spans) this.extend(span.to, span.kind);
  }

  /** The spans between two instants, cut to them. */
  spans(from: EpochMs = this.#start, to: EpochMs = this.#end): DwellSpan[] {
    return this.#spans
      .filter((span) => span.to > from && span.from < to)
      .map((span) => ({ kind: span.kind, from: Math.max(span.from, from), to: Math.min(span.to, to) }));
  }

  /** Milliseconds of one kind since `from`. */
  total(kind: Kind, from: EpochMs = this.#start): number {
    return totalMs(this.spans(from), kind);
  }

  /** The shortest observed span between two unobserved ones becomes unobserved: in favour of the person concerned. */
  #giveUpShortest(): void {
    let shortest = -1;
    for (let i = 1; i < this.#spans.length - 1; i++) {
      const span = this.#spans[i];
      if (span?.kind !== "observed") continue;
      const best = this.#spans[shortest];
      if (best === undefined || span.to - span.from < best.to - best.from) shortest = i;
    }
    const before = this.#spans[shortest - 1];
    const after = this.#spans[shortest + 1];
    if (before === undefined || after === undefined) return;
    this.#spans.splice(shortest - 1, 3, { kind: "unobserved", from: before.from, to: after.to });
  }
}

export function totalMs(spans: readonly DwellSpan[], kind: Kind): number {
  return spans.reduce((sum, span) => sum + (span.kind === kind ? span.to - span.from : 0), 0);
}

/** The instant by which half of the observed time of the spans has passed. */
export function halfwayInstant(spans: readonly DwellSpan[], fallback: EpochMs): EpochMs {
  let left = totalMs(spans, "observed") / 2;
  for (const span of spans) {
    if (span.kind !== "observed") continue;
    if (span.to - span.from >= left) return span.from + left;
    left -= span.to - span.from;
  }
  return fallback;
}

/**
 * The account of a group between two instants: observed while at least `count` of the ledgers say observed,
 * unobserved in the rest.
 */
export function atLeastObserved(
  ledgers: readonly DwellLedger[],
  count: number,
  from: EpochMs,
  to: EpochMs,
): DwellSpan[] {
  const edges: { at: EpochMs; step: number }[] = [];
  for (const ledger of ledgers) {
    for (const span of ledger.spans(from, to)) {
      if (span.kind === "observed") edges.push({ at: span.from, step: 1 }, { at: span.to, step: -1 });
    }
  }
  edges.sort((a, b) => a.at - b.at || b.step - a.step);
  const group = new DwellLedger(from);
  let running = 0;
  for (const { at, step } of edges) {
    group.extend(at, running >= count ? "observed" : "unobserved");
    running += step;
  }
  group.extend(to, "unobserved");
  return group.spans();
}
