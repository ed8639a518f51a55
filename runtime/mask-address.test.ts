import { describe, expect, it } from "vitest";
import { maskAddress } from "./mask-address.ts";

describe("an address for other eyes", () => {
  it.each([
    ["13812345678", "138****5678"],
    ["+86 138-1234-5678", "861****5678"],
    ["0281234", "****34"],
    ["zhang.san@example.cn", "z***@example.cn"],
    ["spk-01", "spk-01"],
  ])("%s becomes %s", (address, masked) => {
    expect(maskAddress(address)).toBe(masked);
  });
});
