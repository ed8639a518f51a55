import type { MatterFacts } from "../casework/case/step-facts.ts";
import type { LocalDate } from "../casework/clocks/clock.ts";
import type { Benchmark } from "../casework/discretion/benchmark.ts";
import type { LawBook } from "../casework/law-book.ts";
import { loadCalendar } from "./calendar.ts";
import { basesOn, benchmarkOn, type DiscretionCatalogue, discretionCatalogue } from "./discretion.ts";
import { violationOf } from "./legal-basis.ts";
import { parametersOn } from "./parameters.ts";

/**
 * The law as this installation knows it: its catalogues and calendar, each as it was in force on a day.
 * @param calendarDir folder with further years of the working-day calendar; null: only those that come with the software
 */
export function loadLawBook(calendarDir: string | null): LawBook {
  const calendar = loadCalendar(calendarDir);
  return {
    calendar,
    parametersOn,
    matterOn: (violation, actDate, today) => matterOn(violation, actDate, today),
  };
}

/**
 * The matter with its penalty bases and benchmarks in force on the day of the act or today, those of the act's day first,
 * each once (行政处罚法 37). Throws `InvalidInputError` for a matter the catalogue lacks.
 */
export function matterOn(
  key: string,
  actDate: LocalDate,
  today: LocalDate,
  catalogue: DiscretionCatalogue = discretionCatalogue,
): MatterFacts {
  const violation = violationOf(key);
  const days = [actDate, today];
  const bases = [...new Set(days.flatMap((day) => basesOn(key, day, catalogue)))];
  return {
    key,
    zh: violation.name.zh,
    en: violation.name.en,
    matterCode: violation.matterCode,
    minorFirst: violation.minorFirst,
    penaltyPossible: violation.penaltyPossible,
    bases,
    benchmarks: bases.flatMap(({ id }) => benchmarksOf(id, days, catalogue)),
  };
}

/** A basis's benchmarks of these days, each version once. */
function benchmarksOf(
  basisId: string,
  days: readonly LocalDate[],
  catalogue: DiscretionCatalogue,
): Benchmark[] {
  const found = days
    .map((day) => benchmarkOn(basisId, day, catalogue))
    .filter((benchmark) => benchmark !== undefined);
  return [...new Map(found.map((benchmark) => [`${benchmark.id} ${benchmark.version}`, benchmark])).values()];
}
