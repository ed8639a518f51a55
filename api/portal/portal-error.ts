/** A refusal of the portal: whoever asked did something wrong, and reads what. Becomes problem details with this status. */
export class PortalError extends Error {
  readonly status: number;
  /** Stable: `portal.link_invalid`. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Says the same for a wrong, a revoked and an expired link, so that guessing teaches nothing. */
export function linkInvalid(): PortalError {
  return new PortalError(
    404,
    "portal.link_invalid",
    "The link is wrong or no longer valid; ask the office that sent it 链接不正确或者已失效，请联系发送链接的机关",
  );
}

export function linkLocked(): PortalError {
  return new PortalError(
    423,
    "portal.link_locked",
    "Too many wrong answers; ask the office for a new link 验证信息多次不正确，链接已锁定，请联系机关重新发送",
  );
}

export function factorWrong(triesLeft: number): PortalError {
  return new PortalError(
    401,
    "portal.factor_wrong",
    `That is not what is on record; ${triesLeft} tries are left 验证信息不正确，还可以尝试${triesLeft}次`,
  );
}

export function sessionEnded(): PortalError {
  return new PortalError(
    401,
    "portal.session_ended",
    "Please open the link and answer the question again 请重新打开链接并验证",
  );
}

/** The link is of the other kind: of a case where a record is asked for, or the other way round. */
export function notOfThisLink(): PortalError {
  return new PortalError(
    404,
    "portal.not_of_this_link",
    "This link does not lead there 该链接不能查看此内容",
  );
}

export function keyReused(): PortalError {
  return new PortalError(
    422,
    "idempotency.key_reused",
    "This Idempotency-Key came with something else before 该请求标识已用于其他内容",
  );
}
