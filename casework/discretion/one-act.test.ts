import { expect, it } from "vitest";
import { type SeenAct, sameAct } from "./one-act.ts";

const at = (time: string) => Date.parse(`${time}:00+08:00`);

function seen(from: string, to: string, other: Partial<SeenAct> = {}): SeenAct {
  return {
    subject: "id:510107",
    violation: "street_vending",
    place: "某路1号",
    startedAt: at(from),
    endedAt: at(to),
    ...other,
  };
}

const morning = seen("2026-03-10T09:00", "2026-03-10T09:20");
const noon = seen("2026-03-10T12:00", "2026-03-10T12:20");
const nextDay = seen("2026-03-11T09:00", "2026-03-11T09:20");

it("takes two cameras, and hours without any, for one act", () => {
  expect(sameAct(morning, seen("2026-03-10T09:05", "2026-03-10T09:30"))).toBe(true);
  expect(sameAct(noon, morning)).toBe(true);
  expect(sameAct(morning, nextDay)).toBe(true);
});

it("tells subjects, matters and places apart", () => {
  expect(sameAct(morning, { ...noon, subject: "id:510108" })).toBe(false);
  expect(sameAct(morning, { ...noon, violation: "open_bbq" })).toBe(false);
  expect(sameAct(morning, { ...noon, place: "某路2号" })).toBe(false);
});

it("reads one place however it is written, and keeps house numbers apart", () => {
  const written = { ...noon, place: "人民南路二段（16-2 号）" };
  expect(sameAct(written, { ...noon, place: " 人民南路二段 (１６-２号), " })).toBe(true);
  expect(sameAct(written, { ...noon, place: "人民南路二段162号" })).toBe(false);
  expect(sameAct({ ...noon, place: "A座" }, { ...noon, place: "ａ座。" })).toBe(true);
});

it("starts a new act after an order's due date or a decision, not on that day", () => {
  for (const kind of ["order_due", "decision"] as const) {
    const interruption = [{ kind, on: "2026-03-10" }];
    expect(sameAct(morning, nextDay, interruption)).toBe(false);
    expect(sameAct(nextDay, morning, interruption)).toBe(false);
    expect(sameAct(morning, noon, interruption)).toBe(true);
    expect(sameAct(nextDay, seen("2026-03-12T09:00", "2026-03-12T09:20"), interruption)).toBe(true);
  }
});

it("starts a new act after a proven stop", () => {
  const stopped = (time: string) => [{ kind: "proven_stop", at: at(time) } as const];
  expect(sameAct(morning, noon, stopped("2026-03-10T10:00"))).toBe(false);
  expect(sameAct(morning, noon, stopped("2026-03-10T13:00"))).toBe(true);
  expect(sameAct(morning, noon, stopped("2026-03-10T08:00"))).toBe(true);
  expect(sameAct(morning, { ...morning }, stopped("2026-03-10T09:00"))).toBe(true);
});
