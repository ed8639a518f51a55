import { describe, expect, it } from "vitest";
import { RefusedError, StaleVersionError } from "../../store/errors.ts";
import { problemOf } from "./problem.ts";

describe("what a problem says to people", () => {
  it("is said in Chinese too, and what a rule says goes before what its code says", () => {
    expect(problemOf(new StaleVersionError("case", "cas_1", 3, 4))).toMatchObject({
      ...{ status: 412, code: "store.stale_version" },
      titleZh: "在您打开之后已有他人修改，请刷新查看最新内容后再办理。",
    });
    const refusal = { code: "evidence.deleted", messageZh: "证据已于三月删除。", messageEn: "Deleted." };
    expect(problemOf(new RefusedError(refusal))).toMatchObject({
      status: 410,
      titleZh: "证据已于三月删除。",
    });
  });

  it("tells nothing of a fault of ours", () => {
    const problem = problemOf(new Error("password=hush"));
    expect(problem).toMatchObject({ status: 500, titleZh: expect.stringContaining("已记录") });
    expect(JSON.stringify(problem)).not.toContain("hush");
  });
});
