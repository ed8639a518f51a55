import { expect, it } from "vitest";
import { formatDocumentNumber } from "./document-number.ts";

const parts = { agencyPrefix: "川建（城）", mark: "罚决", year: 2026, seq: 1, zeroPadding: 3 };

it("has full-width brackets and as many figures as the parameter says", () => {
  expect(formatDocumentNumber(parts)).toBe("川建（城）罚决字〔2026〕第001号");
  expect(formatDocumentNumber({ ...parts, zeroPadding: 1 })).toBe("川建（城）罚决字〔2026〕第1号");
  expect(formatDocumentNumber({ ...parts, seq: 12_345 })).toBe("川建（城）罚决字〔2026〕第12345号");
});

it.each([0, -1, 1.5])("refuses the sequence number %s", (seq) => {
  expect(() => formatDocumentNumber({ ...parts, seq })).toThrow(RangeError);
});
