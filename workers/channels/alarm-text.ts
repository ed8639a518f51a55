import type { TaskKind } from "../../store/camera-task-store.ts";

const faults = {
  offline: { zh: "无视频流", en: "sends no stream" },
  frozen: { zh: "画面冻结", en: "repeats the same picture" },
  blind: { zh: "画面过暗、过曝或无内容", en: "shows nothing: dark, overexposed or without any structure" },
  covered: { zh: "画面被遮挡", en: "is covered in large part" },
  view_moved: { zh: "画面移位", en: "looks at another view than it was set up for" },
  clock_off: { zh: "时钟偏差过大", en: "has a clock that is off" },
} as const satisfies Record<Exclude<TaskKind, "disk_full">, { zh: string; en: string }>;

/** What an alarm says in both languages. A full disk is no fault of one camera: it stops all of them. */
export function alarmText(
  kind: TaskKind,
  { cameraName, place }: { readonly cameraName: string; readonly place: string },
): { readonly zh: string; readonly en: string } {
  if (kind === "disk_full")
    return {
      zh: `证据存储空间不足，摄像机“${cameraName}”（${place}）等已全部暂停采集；已封存的证据不会被删除。请清理或扩容，空间恢复后自动继续。`,
      en: `The evidence disk is nearly full: camera "${cameraName}" (${place}) and all others are paused; nothing sealed is deleted. Free or add space, and they go on by themselves.`,
    };
  const { zh, en } = faults[kind];
  return {
    zh: `摄像机“${cameraName}”（${place}）${zh}，已暂停在该处的违法识别，请处理。`,
    en: `Camera "${cameraName}" (${place}) ${en}; nothing is enforced there until it sees again.`,
  };
}
