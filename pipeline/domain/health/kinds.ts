import type { EpochMs } from "../types.ts";

/** What whoever holds a camera can say of a moment. Only `watched` means that a violation would have been seen. */
export const healthKinds = [
  "watched",
  "blind",
  "offline",
  "view_moved",
  "covered",
  "frozen",
  "clock_off",
  "disk_full",
] as const;
export type HealthKind = (typeof healthKinds)[number];

/** And `unwatched`: nobody held the camera, so nobody can say. */
export const spanKinds = [...healthKinds, "unwatched"] as const;
export type SpanKind = (typeof spanKinds)[number];

/** A stretch of a camera's time, `from` included, `to` not. */
export interface HealthSpan {
  readonly kind: SpanKind;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Whether nothing may be enforced on what the camera shows meanwhile. */
export function suspends(kind: SpanKind): boolean {
  return kind !== "watched";
}

/**
 * All time between two instants without a hole: spans cut to it, equal neighbours joined, what no span covers
 * `unwatched`. Where spans overlap, the earlier one counts.
 */
export function coverTime(spans: readonly HealthSpan[], from: EpochMs, to: EpochMs): HealthSpan[] {
  const covered: HealthSpan[] = [];
  let reached = from;
  const add = (kind: SpanKind, until: EpochMs): void => {
    if (until <= reached) return;
    const last = covered.at(-1);
    if (last?.kind === kind) covered[covered.length - 1] = { ...last, to: until };
    else covered.push({ kind, from: reached, to: until });
    reached = until;
  };
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    add("unwatched", Math.min(span.from, to));
    add(span.kind, Math.min(span.to, to));
  }
  add("unwatched", to);
  return covered;
}

/** What was not seen between two instants: the gaps that go with the evidence of a dwell. */
export function gapsWithin(spans: readonly HealthSpan[], from: EpochMs, to: EpochMs): HealthSpan[] {
  return coverTime(spans, from, to).filter(({ kind }) => suspends(kind));
}

/** Milliseconds of each kind; every kind is named. */
export function totalsOf(spans: readonly HealthSpan[]): Record<SpanKind, number> {
  const totals = Object.fromEntries(spanKinds.map((kind) => [kind, 0])) as Record<SpanKind, number>;
  for (const { kind, from, to } of spans) totals[kind] += to - from;
  return totals;
}
