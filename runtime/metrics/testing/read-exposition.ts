/** A scraped sample: `name{label="value",…}` with its labels sorted, without those every sample has. */
export type Samples = ReadonlyMap<string, number>;

const SAMPLE = /^([a-z_:][\w:]*)(?:\{(.*)\})? (\S+)$/i;
const LABEL = /([a-z_]\w*)="((?:[^"\\]|\\.)*)"/gi;

/**
 * Reads Prometheus's text format the way a scraper does.
 * @throws Error on a line that is none, a sample that stands twice, or one whose type was not told before
 */
export function readExposition(text: string): Samples {
  const samples = new Map<string, number>();
  const typed = new Set<string>();
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("# HELP ")) continue;
    const type = /^# TYPE (\S+) (?:counter|gauge|histogram)$/.exec(line);
    if (type?.[1] !== undefined) {
      typed.add(type[1]);
      continue;
    }
    const [, name = "", labels = "", value = ""] = SAMPLE.exec(line) ?? [];
    if (!typed.has(name) && !typed.has(name.replace(/_(bucket|sum|count)$/, "")))
      throw new Error(`no sample, or of no known type: ${line}`);
    const own = [...labels.matchAll(LABEL)]
      .map(([, key = "", told = ""]) => `${key}="${told}"`)
      .filter((label) => !label.startsWith("program="))
      .sort();
    const key = own.length === 0 ? name : `${name}{${own.join(",")}}`;
    if (samples.has(key)) throw new Error(`stands twice: ${key}`);
    if (Number.isNaN(Number(value)) && value !== "NaN") throw new Error(`no number: ${line}`);
    samples.set(key, Number(value));
  }
  return samples;
}
