import { type AudienceKind, type ChannelName, holdsPlate } from "./audience.ts";

/** What a template may leave open. */
export const placeholders = {
  place: "地点",
  violation: "事项",
  request: "要求",
  graceUntil: "改正期限",
  plateTail: "车牌后三位",
  shop: "店铺或单位名称",
  link: "详情链接",
  agency: "机关名称",
} as const;

export type Placeholder = keyof typeof placeholders;

/** Without these nobody knows what to do, or where. */
const REQUIRED: readonly Placeholder[] = ["place", "request"];
/** What names somebody. */
const NAMING: readonly Placeholder[] = ["plateTail", "shop"];

const SLOT = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Loudspeakers cannot say a link, and a message has room for little. */
const SPOKEN: readonly ChannelName[] = ["speaker_mqtt", "speaker_http"];
const MAX_LENGTH: Partial<Record<ChannelName, number>> = { speaker_mqtt: 200, speaker_http: 200, sms: 300 };

export interface TemplateText {
  readonly audience: AudienceKind;
  readonly channel: ChannelName;
  readonly textZh: string;
  readonly textEn: string;
}

export interface TemplateFault {
  /** `textZh` or `textEn`. */
  readonly path: string;
  readonly message: string;
}

/** Everything that is wrong with a template; empty: it may be used. */
export function templateFaults(template: TemplateText): TemplateFault[] {
  return (["textZh", "textEn"] as const).flatMap((path) =>
    faultsOf(template, template[path]).map((message) => ({ path, message })),
  );
}

function faultsOf({ audience, channel }: TemplateText, text: string): string[] {
  const used = [...text.matchAll(SLOT)].map(([, name = ""]) => name);
  const faults = [...new Set(used)]
    .filter((name) => !Object.hasOwn(placeholders, name))
    .map((name) => `{{${name}}} is no placeholder; there are ${Object.keys(placeholders).join(", ")}`);
  for (const name of REQUIRED) if (!used.includes(name)) faults.push(`{{${name}}} is missing`);
  if (audience === "place")
    for (const name of NAMING)
      if (used.includes(name)) faults.push(`{{${name}}} names somebody: not in what is said to a place`);
  if (SPOKEN.includes(channel) && used.includes("link")) faults.push("{{link}} cannot be spoken");
  if (holdsAddress(text.replace(SLOT, " ")))
    faults.push("an address of the web is in it: only {{link}} leads anywhere");
  if (holdsPlate(text)) faults.push("a whole plate is in it: only {{plateTail}} may be said");
  if (/\{\{|\}\}/.test(text.replace(SLOT, ""))) faults.push("braces that open or close nothing");
  const max = MAX_LENGTH[channel];
  if (max !== undefined && [...text].length > max) faults.push(`longer than ${max} characters`);
  return faults;
}

/** A scheme, a host name or a number of a host, also in full-width signs: phishing needs one, a warning none. */
function holdsAddress(text: string): boolean {
  const plain = text.normalize("NFKC").replaceAll("。", " ");
  return /:\/\/|www\.|[\p{L}\p{N}-]+\.\p{L}{2,}|\d{1,3}(\.\d{1,3}){3}/iu.test(plain);
}

export type TemplateValues = Readonly<Partial<Record<Placeholder, string>>>;

/** Fills a checked template. What is not known is left empty: `templateFaults` has seen to what must be there. */
export function renderTemplate(text: string, values: TemplateValues): string {
  return text.replace(SLOT, (_, name: string) =>
    Object.hasOwn(placeholders, name) ? (values[name as Placeholder] ?? "") : "",
  );
}
