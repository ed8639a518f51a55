import { expect, it } from "vitest";
import { required } from "./required.ts";

it("hands over what is set, empty or not", () => {
  expect(required("redis://127.0.0.1", "FOREWARN_REDIS_URL")).toBe("redis://127.0.0.1");
  expect([required(0, "X"), required("", "X"), required(false, "X")]).toEqual([0, "", false]);
});

it("names the setting that is missing and where it comes from", () => {
  expect(() => required(undefined, "FOREWARN_REDIS_URL")).toThrow(
    expect.objectContaining({
      code: "usage.wrong",
      message: expect.stringMatching(/^FOREWARN_REDIS_URL is not set.*npm run up/),
    }),
  );
});
