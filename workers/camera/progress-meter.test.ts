import { expect, it } from "vitest";
import { ProgressMeter, type WatchProgress } from "./progress-meter.ts";

function meterAt(start: number) {
  const clock = { at: start, now: () => clock.at };
  const said: WatchProgress[] = [];
  const meter = new ProgressMeter("cam-1", clock, async (progress) => {
    said.push(progress);
  });
  const look = (ptsSec: number) => meter.frame({ capturedAt: clock.at, ptsSec });
  return { clock, said, meter, look };
}

it("reports once a second at most, with the speed since the last report", async () => {
  const { clock, said, meter, look } = meterAt(5_000);
  for (const at of [5_250, 5_500, 5_999]) {
    clock.at = at;
    look(at / 1000);
  }
  expect(said).toEqual([]);
  clock.at = 6_000;
  meter.candidate();
  look(6);
  clock.at = 8_000;
  look(8);
  await meter.done();
  expect(said.slice(0, 2)).toEqual([
    { cameraId: "cam-1", framesAnalysed: 4, analysedFps: 4, candidates: 1, ptsSec: 6 },
    { cameraId: "cam-1", framesAnalysed: 5, analysedFps: 0.5, candidates: 1, ptsSec: 8 },
  ]);
});

it("has said everything when it is done, in order, however slow the listener", async () => {
  const clock = { at: 0, now: () => clock.at };
  const said: number[] = [];
  const waiting: (() => void)[] = [];
  const meter = new ProgressMeter("cam-1", clock, (progress) =>
    new Promise<void>((resolve) => waiting.push(resolve)).then(() => {
      said.push(progress.framesAnalysed);
    }),
  );
  for (const second of [1, 2, 3]) {
    clock.at = second * 1_000;
    meter.frame({ capturedAt: clock.at, ptsSec: second });
  }
  const done = meter.done().then(() => said.push(-1));
  while (said.at(-1) !== -1) {
    waiting.shift()?.();
    await Promise.resolve();
  }
  await done;
  expect(said).toEqual([1, 2, 3, 3, -1]);
});

it("makes no speed of no time", async () => {
  const { said, meter, look } = meterAt(1_000);
  look(0);
  await meter.done();
  expect(said).toEqual([expect.objectContaining({ framesAnalysed: 1, analysedFps: 1_000 })]);
});
