import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type MotRow, parseMotRows } from "../../pipeline/domain/tracking/mot-challenge.ts";
import { trackSequence } from "../../pipeline/domain/tracking/offline.ts";
import { countMot, motScores } from "./mot-metrics.ts";

const row = (frame: number, id: number, x: number, confidence = 1): MotRow => ({
  frame,
  id,
  box: [x, 0, x + 10, 10],
  confidence,
});

describe("CLEAR MOT by hand", () => {
  it("counts a switch when an object gets another identity, and a fragmentation when it is found again", () => {
    const truth = [1, 2, 3, 4].map((frame) => row(frame, 1, 0));
    const counts = countMot(truth, [row(1, 7, 0), row(3, 8, 0), row(4, 8, 0)]);
    expect(counts).toMatchObject({
      misses: 1,
      falsePositives: 0,
      switches: 1,
      fragmentations: 1,
      overlap: 3,
    });
    expect(counts.identityTruePositives).toBe(2);
    expect(motScores(counts).mota).toBe(50);
  });

  it("keeps the pair of the frame before although another is closer", () => {
    const counts = countMot([row(1, 1, 0), row(2, 1, 0)], [row(1, 7, 0), row(2, 7, 3), row(2, 8, 0)]);
    expect(counts).toMatchObject({ switches: 0, falsePositives: 1 });
  });

  it("ignores ground truth marked 0 and needs an overlap of a half", () => {
    const counts = countMot([row(1, 1, 0, 0), row(1, 2, 100)], [row(1, 7, 106)]);
    expect(counts).toMatchObject({ truths: 1, misses: 1, falsePositives: 1 });
  });
});

const folder = new URL("../../../shared/footage/mot/", import.meta.url);
const present = existsSync(new URL("published.json", folder));
const read = (path: string) => readFileSync(new URL(path, folder), "utf8");
const rows = (path: string) => parseMotRows(read(path), path);

// Without ../shared/footage/mot beside the checkout there is nothing to compare with: skipped.
describe.skipIf(!present)("on public sequences (../shared/footage/mot)", () => {
  it.each(["TUD-Campus", "TUD-Stadtmitte"])("gives the published metrics of fixed tracks on %s", (name) => {
    const number = z.number();
    const published = z
      .object({
        publishedMetricsOnFixedTracks: z.looseObject({
          [name]: z.object({
            MOTA: number,
            IDF1: number,
            Rcll: number,
            Prcn: number,
            FP: number,
            FN: number,
            IDs: number,
            FM: number,
            MOTP_distance: number,
          }),
        }),
      })
      .parse(JSON.parse(read("published.json"))).publishedMetricsOnFixedTracks[name];
    const counts = countMot(rows(`${name}/gt.txt`), rows(`${name}/pymotmetrics_test.txt`));
    const scores = motScores(counts);
    const rounded = (value: number, digits = 1) => Number(value.toFixed(digits));
    expect({
      MOTA: rounded(scores.mota),
      IDF1: rounded(scores.idf1),
      Rcll: rounded(scores.recall),
      Prcn: rounded(scores.precision),
      FP: counts.falsePositives,
      FN: counts.misses,
      IDs: counts.switches,
      FM: counts.fragmentations,
      MOTP_distance: rounded(1 - scores.motp / 100, 3),
    }).toEqual(published);
  });

  it("tracks better than SORT: mean MOTA at least 50.7, fewer than 210 identity switches", () => {
    const fps = {
      "TUD-Campus": 25,
      "TUD-Stadtmitte": 25,
      "PETS09-S2L1": 7,
      "KITTI-13": 10,
      "ADL-Rundle-6": 30,
    };
    const counts = Object.entries(fps).map(([name, rate]) =>
      countMot(rows(`${name}/gt.txt`), trackSequence(rows(`${name}/det.txt`), { fps: rate })),
    );
    const mean = counts.reduce((sum, one) => sum + motScores(one).mota, 0) / counts.length;
    expect(mean).toBeGreaterThanOrEqual(50.7);
    expect(counts.reduce((sum, one) => sum + one.switches, 0)).toBeLessThan(210);
  });
});
