/** What a refusal says to people in Chinese, where it does not come from a rule of the casework that says so itself. */
export const problemTitlesZh: Readonly<Record<string, string>> = {
  "auth.not_signed_in": "尚未登录或者登录已失效，请重新登录。",
  "auth.bad_credentials": "用户名或者密码不正确。",
  "auth.password_change_required": "请先修改初始密码，再办理其他事项。",
  "auth.forbidden": "您的岗位或者管辖地区没有办理此事项的权限。",
  "auth.too_many_attempts": "尝试次数过多，请稍后再试。",
  "auth.csrf": "页面已过期，请刷新后重试。",
  "http.not_found": "没有找到所请求的内容。",
  "http.precondition_required": "请先读取最新内容，再提交修改。",
  "http.bad_request": "请求的格式有误，请检查后重试。",
  "http.bad_json": "请求的格式有误，请检查后重试。",
  "http.too_large": "提交的内容过大，请减少后重试。",
  "http.unsupported_media_type": "不支持所提交内容的格式。",
  "store.not_found": "没有找到，或者不在您的管辖地区内。",
  "store.object_missing": "文件已不存在。",
  "store.already_exists": "已有相同的记录，不能重复登记。",
  "store.stale_version": "在您打开之后已有他人修改，请刷新查看最新内容后再办理。",
  "store.busy": "他人正在办理同一事项或者系统繁忙，本次没有办成，请稍后再试。",
  "store.file_damaged": "文件与存档时不一致，不能提供，请联系系统管理员。",
  "input.invalid": "填写的内容有误，请按提示修改。",
  "evidence.deleted": "证据已按保存期限删除。",
  "idempotency.in_progress": "同一请求正在办理，请稍候。",
  "idempotency.reply_lost": "同一请求已经办理，但结果未能保存，请刷新查看。",
  "idempotency.key_reused": "请求编号已用于其他内容，请刷新后重新提交。",
};

export const internalTitleZh = "系统内部出现故障，已记录，请稍后再试。";
