import { LEAST_PROBABILITY, WIDE_PLATE } from "../../pipeline/evidence/plate/confidence.ts";
import { parsePlate } from "../../pipeline/evidence/plate/plate-grammar.ts";
import type { Attempt, Measured } from "./plates-measure.ts";

/** What the labels call the colours that occur. */
const KINDS = { 蓝牌: "blue", 黄牌: "yellow" } as const;
/** Width of a plate in pixels: lower ends of the rows. */
const WIDTHS = [0, 30, 40, 50, 70, 100, 150];
/** Probabilities: lower ends of the rows. */
const CERTAINTIES = [0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];

export function isRight({ wanted, got }: Attempt): boolean {
  return got !== undefined && wanted.includes(got);
}

/** One row a set. */
export function summary(sets: readonly Measured[]): string {
  const rows = sets.map(({ name, attempts, cpuMs }) => {
    const raw = attempts.filter(({ wanted, raw }) => wanted.includes(parsePlate(raw)?.text ?? "")).length;
    const places = attempts.filter(({ found }) => found !== undefined);
    const found =
      places.length === 0 ? "given" : ratio(places.filter((one) => one.found === true).length, places);
    const exact = ratio(attempts.filter(isRight).length, attempts);
    const suggested = attempts.filter(({ probability }) => probability >= LEAST_PROBABILITY);
    const wrong = suggested.filter((attempt) => !isRight(attempt)).length;
    return `| ${name} | ${found} | ${ratio(raw, attempts)} | ${exact} | ${characters(attempts)} | ${ratio(suggested.length, attempts)} | ${wrong} | ${cpuMs.toFixed(0)} |`;
  });
  return [
    "| set | plate found | exact, raw | exact, by grammar | characters | suggested | of these wrong | CPU ms |",
    "|---|--:|--:|--:|--:|--:|--:|--:|",
    ...rows,
  ].join("\n");
}

/** One row a colour of the labels; `kind` is the colour we say. */
export function byColour(attempts: readonly Attempt[]): string {
  const rows = Object.entries(KINDS).map(([colour, kind]) => {
    const these = attempts.filter((attempt) => attempt.colour === colour);
    const read = these.filter((attempt) => attempt.got !== undefined);
    const named = read.filter((attempt) => attempt.kind === kind).length;
    const other = read.filter((attempt) => attempt.kind !== kind && attempt.kind !== "unknown").length;
    return `| ${colour} ${kind} | ${ratio(these.filter(isRight).length, these)} | ${ratio(named, read)} | ${other} |`;
  });
  return ["| colour | exact | colour said | another colour said |", "|---|--:|--:|--:|", ...rows].join("\n");
}

export function byPlateWidth(attempts: readonly Attempt[]): string {
  const rows = WIDTHS.map((from, index) => {
    const to = WIDTHS[index + 1] ?? Number.POSITIVE_INFINITY;
    const these = attempts.filter(({ plateWidth = -1 }) => plateWidth >= from && plateWidth < to);
    const name = to === Number.POSITIVE_INFINITY ? `${from} or more` : `${from}–${to}`;
    return `| ${name} | ${these.length} | ${ratio(these.filter(isRight).length, these)} |`;
  });
  return ["| plate's width, pixels | plates | exact |", "|---|--:|--:|", ...rows].join("\n");
}

/** @param foreign probabilities of what was read where there is no plate to be read */
export function byCertainty(attempts: readonly Attempt[], foreign: readonly number[]): string {
  const share = (these: readonly Attempt[]) => ratio(these.filter(isRight).length, these);
  const rows = CERTAINTIES.map((from, index) => {
    const to = CERTAINTIES[index + 1] ?? Number.POSITIVE_INFINITY;
    const within = (probability: number) => probability >= from && probability < to;
    const these = attempts.filter(({ probability }) => within(probability));
    const narrow = these.filter(({ readWidth }) => readWidth < WIDE_PLATE);
    const wide = these.filter(({ readWidth }) => readWidth >= WIDE_PLATE);
    return `| ${from}–${Math.min(1, to)} | ${share(narrow)} | ${share(wide)} | ${foreign.filter(within).length} |`;
  });
  return [
    `| probability | right, plate under ${WIDE_PLATE} pixels | right, wider plate | in ${foreign.length} pictures without a Chinese plate |`,
    "|---|--:|--:|--:|",
    ...rows,
  ].join("\n");
}

/** What went wrong in pictures as they are, and every wrong suggestion. */
export function failures(sets: readonly Measured[]): string {
  const rows = sets.flatMap(({ scale, attempts }) =>
    attempts
      .filter((one) => !isRight(one) && (scale === 1 || one.probability >= LEAST_PROBABILITY))
      .map(
        ({ file, wanted, raw, got, probability }) =>
          `| ${file} × ${scale} | ${wanted.join(" ")} | ${raw} | ${got ?? "–"} | ${probability.toFixed(3)} |`,
      ),
  );
  return ["| file | label | raw | read | probability |", "|---|---|---|---|--:|", ...rows].join("\n");
}

/** Share of positions that agree, of plates of which as many characters were read as they have. */
function characters(attempts: readonly Attempt[]): string {
  let all = 0;
  let right = 0;
  for (const { wanted, got = "" } of attempts) {
    const label = [...(wanted.includes(got) ? got : (wanted[0] ?? ""))];
    all += label.length;
    right += label.filter((symbol, index) => [...got][index] === symbol).length;
  }
  return `${((100 * right) / all).toFixed(1)} %`;
}

function ratio(count: number, of: readonly unknown[]): string {
  return of.length === 0 ? "–" : `${count}/${of.length} (${((100 * count) / of.length).toFixed(1)} %)`;
}
