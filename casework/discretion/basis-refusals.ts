import type { Refusal } from "../refusal.ts";

/** No decision can rest on a provision that nobody has checked. */
export const basisUnverified: Refusal = {
  code: "discretion.basis_unverified",
  article: "xzcf:38",
  messageZh: "处罚依据尚未核对，不能据以处罚，请先由法制审核人员核对法规文本。",
  messageEn: "Nobody has verified this penalty basis: have a legal reviewer check the text before using it.",
};
