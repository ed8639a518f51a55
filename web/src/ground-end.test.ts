import { expect, it } from "vitest";
import { groundEnd, RECHECK_MS } from "./ground-end.ts";

const until = "2026-03-10T01:15:00.000Z";
const end = Date.parse(until);

it("is when the server said, and a while later on a machine whose clock says that it is over already", () => {
  expect(groundEnd(until, end - 900_000)).toBe(end);
  expect(groundEnd(until, end - 1)).toBe(end);
  expect(groundEnd(until, end)).toBe(end + RECHECK_MS);
  expect(groundEnd(until, end + 3_600_000)).toBe(end + 3_600_000 + RECHECK_MS);
});
