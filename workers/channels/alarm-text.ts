import type { TaskKind } from "../../store/camera-task-store.ts";

const faults = {
  offline: { zh: "无视频流", en: "sends no stream" },
  frozen: { zh: "画面冻结", en: "repeats the same picture" },
  blind: { zh: "画面过暗、过曝或无内容", en: "shows nothing: dark, overexposed or without any structure" },
  covered: { zh: "画面被遮挡", en: "is covered in large part" },
  view_moved: { zh: "画面移位", en: "looks at another view than it was set up for" },
  clock_off: { zh: "时钟偏差过大", en: "has a clock that is off" },
} as const satisfies Record<TaskKind, { zh: string; en: string }>;

/** What an alarm says in both languages. */
export function alarmText(
  kind: TaskKind,
  { cameraName, place }: { readonly cameraName: string; readonly place: string },
): { readonly zh: string; readonly en: string } {
  const { zh, en } = faults[kind];
  return {
    zh: `摄像机“${cameraName}”（${place}）${zh}，已暂停在该处的违法识别，请处理。`,
    en: `Camera "${cameraName}" (${place}) ${en}; nothing is enforced there until it sees again.`,
  };
}
