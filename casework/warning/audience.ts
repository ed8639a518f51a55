import type { Refusal } from "../refusal.ts";

/** Who is told. A place is nobody in particular; the others name somebody, so a person has to click (个人信息保护法 24). */
export const audienceKinds = {
  place: { zh: "现场广播（不指名）", en: "whoever is there, nobody by name" },
  responsible_party: { zh: "门前责任单位", en: "the shop or unit answerable for the place" },
  vehicle_owner: { zh: "车辆所有人", en: "the vehicle's owner" },
} as const;

export type AudienceKind = keyof typeof audienceKinds;

export const channelNames = {
  speaker_mqtt: { zh: "广播（MQTT）", en: "loudspeaker over MQTT" },
  speaker_http: { zh: "广播（HTTP）", en: "loudspeaker over HTTP" },
  sms: { zh: "短信", en: "text message" },
  email: { zh: "电子邮件", en: "e-mail" },
  webhook: { zh: "推送接口", en: "webhook" },
  log: { zh: "由执法人员转交", en: "an officer hands it over" },
} as const;

export type ChannelName = keyof typeof channelNames;

/** Everything by which somebody can be reached. */
export interface Reach {
  readonly speakers: readonly { readonly transport: "mqtt" | "http"; readonly address: string }[];
  readonly phone: string | null;
  readonly email: string | null;
}

/** One way to go, and where to. */
export interface Target {
  readonly channel: ChannelName;
  /** Null: the channel knows itself. */
  readonly address: string | null;
}

/** What names a person, a shop or a plate needs a person's click. */
export function namesSomeone(audience: AudienceKind): boolean {
  return audience !== "place";
}

/**
 * Every way by which somebody can be reached; where there is none, the webhook if there is one, and an officer who
 * hands the letter over.
 */
export function targetsOf(reach: Reach, hasWebhook: boolean): Target[] {
  const targets: Target[] = reach.speakers.map(({ transport, address }) => ({
    channel: transport === "mqtt" ? "speaker_mqtt" : "speaker_http",
    address,
  }));
  if (reach.phone !== null) targets.push({ channel: "sms", address: reach.phone });
  if (reach.email !== null) targets.push({ channel: "email", address: reach.email });
  return targets.length > 0 ? oncePerChannel(targets) : fallback(hasWebhook);
}

/** A warning goes once over each channel: of several loudspeakers the first named, the nearest, speaks. */
function oncePerChannel(targets: readonly Target[]): Target[] {
  return targets.filter(
    ({ channel }, index) => targets.findIndex((other) => other.channel === channel) === index,
  );
}

function fallback(hasWebhook: boolean): Target[] {
  const log: Target = { channel: "log", address: null };
  return hasWebhook ? [log, { channel: "webhook", address: null }] : [log];
}

/** Of all ways those that were asked for; refused where one of them leads nowhere. */
export function chosenTargets(
  reach: Reach,
  hasWebhook: boolean,
  wanted: readonly ChannelName[] | undefined,
):
  | { readonly ok: true; readonly targets: readonly Target[] }
  | { readonly ok: false; readonly refusal: Refusal } {
  if (wanted === undefined) return { ok: true, targets: targetsOf(reach, hasWebhook) };
  const all = [...targetsOf(reach, hasWebhook), ...fallback(hasWebhook)];
  const missing = [...new Set(wanted)].filter((channel) => !all.some((target) => target.channel === channel));
  if (missing.length > 0) {
    const zh = missing.map((channel) => channelNames[channel].zh).join("、");
    return {
      ok: false,
      refusal: {
        code: "warning.no_address",
        messageZh: `没有可用的${zh}地址，请先登记，或改用其他方式。`,
        messageEn: `There is no address for ${missing.join(", ")}: register one, or choose another channel.`,
      },
    };
  }
  return { ok: true, targets: oncePerChannel(all.filter(({ channel }) => wanted.includes(channel))) };
}

/** A plate is never said in full: its last three characters. */
export function plateTail(plate: string): string {
  return [...plate.trim().toUpperCase()].slice(-3).join("");
}

/** Province sign and letter, then five or six more: 川A12345, 川AD12345. */
const PLATE = /[\u4e00-\u9fa5][A-HJ-NP-Z][·・\s-]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳]/iu;

export function holdsPlate(text: string): boolean {
  return PLATE.test(text);
}

/** Null unless a text that goes out names a whole plate. */
export function refusePlate(text: string): Refusal | null {
  if (!holdsPlate(text)) return null;
  return {
    code: "warning.plate_in_text",
    article: "grxx:28",
    messageZh: "劝导内容不得出现完整车牌，请只写后三位。",
    messageEn: "A warning never says a whole plate: write its last three characters.",
  };
}
