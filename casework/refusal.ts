/**
 * Why a move is not allowed. `code` is stable and is what programs act on; both sentences are for people and
 * say what to do instead. `article` names the law registry's id and the article: `xzcf:41(2)`.
 */
export interface Refusal {
  readonly code: string;
  readonly article?: string;
  readonly messageZh: string;
  readonly messageEn: string;
}

export type Refused = { readonly ok: false; readonly refusal: Refusal };

export function refused(refusal: Refusal): Refused {
  return { ok: false, refusal };
}

/** Neither missing nor only blanks. */
export function isFilled(text: string | null | undefined): text is string {
  return text !== null && text !== undefined && text.trim() !== "";
}
