import { isFilled, type Refusal } from "../refusal.ts";

/** The four questions of Art. 41(2): is the record true, clear, complete, accurate? */
export const fourTests = {
  true: { zh: "真实", en: "true" },
  clear: { zh: "清晰", en: "clear" },
  complete: { zh: "完整", en: "complete" },
  accurate: { zh: "准确", en: "accurate" },
} as const;

export type TestName = keyof typeof fourTests;
export const testNames = Object.keys(fourTests) as TestName[];

export type TestAnswer =
  | { readonly answer: "yes" }
  /** A "no" says why: it is what the model is later measured by. */
  | { readonly answer: "no"; readonly reason: string };

/** May be incomplete: that is what is refused. */
export type TestAnswers = { readonly [name in TestName]?: TestAnswer | undefined };

export const rejectReasons = {
  false_detection: { zh: "误检", en: "nothing of the kind is there" },
  wrong_zone: { zh: "不在管控区域", en: "outside the zone" },
  permitted: { zh: "已获许可", en: "permitted there and then" },
  unclear_picture: { zh: "画面不清", en: "the picture is not clear enough" },
  duplicate: { zh: "重复记录", en: "same act as another record" },
  minor_in_picture: { zh: "画面中以未成年人为主体", en: "a child is at the centre of the picture" },
  other: { zh: "其他", en: "other" },
} as const;

export type RejectReason = keyof typeof rejectReasons;

export function isRejectReason(text: string): text is RejectReason {
  return Object.hasOwn(rejectReasons, text);
}

/** Null when all four are answered yes. One honest "no" means: reject. */
export function refuseConfirmation(tests: TestAnswers): Refusal | null {
  const missing = testNames.filter((name) => tests[name] === undefined);
  if (missing.length > 0) {
    return {
      code: "review.four_tests_required",
      article: "xzcf:41(2)",
      messageZh: `请逐项回答：记录是否${missing.map((name) => fourTests[name].zh).join("、")}。`,
      messageEn: `Answer each test; missing: ${missing.join(", ")}.`,
    };
  }
  const failed = testNames.filter((name) => tests[name]?.answer === "no");
  if (failed.length > 0) {
    return {
      code: "review.test_failed",
      article: "xzcf:41(2)",
      messageZh: `记录不符合“${failed.map((name) => fourTests[name].zh).join("、")}”的要求，不得确认，应当作不采用处理。`,
      messageEn: `The record fails: ${failed.join(", ")}. It cannot be confirmed; reject it.`,
    };
  }
  return null;
}

/** Null when the reason is complete and every failed test says why. */
export function refuseRejection(
  reason: RejectReason,
  text: string | null,
  tests: TestAnswers,
): Refusal | null {
  if (reason === "other" && !isFilled(text)) {
    return {
      code: "review.reason_text_required",
      messageZh: "选择“其他”时请写明不采用的理由。",
      messageEn: 'Say why in words: "other" alone is not a reason.',
    };
  }
  const unexplained = testNames.filter((name) => {
    const given = tests[name];
    return given?.answer === "no" && !isFilled(given.reason);
  });
  if (unexplained.length === 0) return null;
  return {
    code: "review.failed_test_needs_reason",
    messageZh: `请说明为何不${unexplained.map((name) => fourTests[name].zh).join("、")}。`,
    messageEn: `Say why the record is not ${unexplained.join(", ")}.`,
  };
}
