/** Why a party says that a camera's record is wrong or should not count. */
export const objectionGrounds = {
  wrong_plate: "车牌识别错误，不是我的车",
  stolen: "车辆或财物被盗用、套牌",
  emergency: "紧急情况（救护、抢险等）",
  permitted: "已取得许可或属于规定的经营地点、时段",
  record_defect: "监控记录有误、不清楚或不完整",
  other: "其他理由",
} as const;
export type ObjectionGround = keyof typeof objectionGrounds;

/** How an objection stands in the case's record of statements. */
export function objectionText(ground: ObjectionGround, text: string): string {
  return `对电子技术监控记录提出异议（${objectionGrounds[ground]}）：${text}`;
}
