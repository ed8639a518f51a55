import type { Refusal } from "./refusal.ts";

/** Everyone the product knows, by what the law or the agency lets them do. */
export const roleNames = {
  officer: { zh: "执法人员", en: "officer" },
  unit_head: { zh: "承办机构负责人", en: "head of the handling unit" },
  legal_reviewer: { zh: "法制审核人员", en: "legal reviewer" },
  agency_leader: { zh: "行政机关负责人", en: "agency leader" },
  hearing_host: { zh: "听证主持人", en: "hearing host" },
  content_reviewer: { zh: "监控记录审核人员", en: "reviewer of monitoring records" },
  equipment_reviewer: { zh: "设备技术审核人员", en: "technical reviewer of cameras" },
  auxiliary: { zh: "协管人员", en: "auxiliary" },
  publicity_editor: { zh: "公示信息发布员", en: "publicity editor" },
  archivist: { zh: "档案员", en: "archivist" },
  city_supervisor: { zh: "市级监督员", en: "city supervisor" },
  province_supervisor: { zh: "省级监督员", en: "province supervisor" },
  privacy_officer: { zh: "个人信息保护负责人", en: "privacy officer" },
  party: { zh: "当事人", en: "party" },
  system_admin: { zh: "系统管理员", en: "system administrator" },
} as const;

export type RoleId = keyof typeof roleNames;

export const roleIds = Object.keys(roleNames) as RoleId[];

export function isRoleId(text: string): text is RoleId {
  return Object.hasOwn(roleNames, text);
}

/** Whoever does something. The system may propose and prepare; deciding is for people. */
export type Actor =
  | { readonly kind: "user"; readonly userId: string; readonly roles: readonly RoleId[] }
  | { readonly kind: "system"; readonly name: string }
  /** Behind a link; of a case only where the link is of that case. */
  | { readonly kind: "party"; readonly caseId?: string };

const readers: readonly RoleId[] = [
  "officer",
  "unit_head",
  "legal_reviewer",
  "agency_leader",
  "city_supervisor",
  "province_supervisor",
];

/** Permission → the roles that hold it. The system administrator holds no right over incidents and cases. */
const permissions = {
  "incident.read": [...readers, "content_reviewer"],
  "incident.claim": ["content_reviewer", "officer"],
  "incident.review": ["content_reviewer"],
  "incident.dispose": ["officer"],
  "warning.send": ["officer"],
  "evidence.request_access": [...readers, "content_reviewer"],
  "evidence.approve_access": ["privacy_officer", "agency_leader"],
  "evidence.place_hold": ["officer", "unit_head", "legal_reviewer", "agency_leader", "privacy_officer"],
  "evidence.release_hold": ["legal_reviewer", "agency_leader"],
  "evidence.read_tombstones": [...readers, "content_reviewer", "privacy_officer", "archivist"],
  "case.read": [...readers, "hearing_host", "archivist", "publicity_editor"],
  "case.open": ["officer"],
  "case.handle": ["officer"],
  "case.endorse": ["unit_head"],
  "case.approve": ["agency_leader"],
  "case.review_law": ["legal_reviewer"],
  "case.host_hearing": ["hearing_host"],
  "case.publish": ["publicity_editor"],
  "case.archive": ["archivist"],
  "parameter.read": [...readers, "system_admin"],
  "parameter.confirm": ["legal_reviewer"],
  "agency.read": [...readers, "system_admin"],
  "agency.manage": ["system_admin"],
  "template.read": ["officer", "unit_head", "agency_leader", "legal_reviewer"],
  "template.manage": ["unit_head"],
  "registry.read": ["officer", "unit_head"],
  "registry.manage": ["officer", "unit_head"],
  "delivery.read": ["officer", "unit_head"],
  "delivery.retry": ["officer", "unit_head"],
  "statistics.read": readers,
  "supervision.read": readers,
  "supervision.raise": ["city_supervisor", "province_supervisor"],
  "supervision.answer": ["officer", "unit_head"],
  "supervision.close": ["city_supervisor", "province_supervisor"],
  "camera.review_law": ["legal_reviewer"],
  "camera.review_technical": ["equipment_reviewer"],
  "camera.read": [...readers, "content_reviewer", "equipment_reviewer", "system_admin"],
  "camera.manage": ["equipment_reviewer", "system_admin"],
  "user.manage": ["system_admin"],
} as const satisfies Record<string, readonly RoleId[]>;

export type Permission = keyof typeof permissions;

export function rolesWith(permission: Permission): readonly RoleId[] {
  return permissions[permission];
}

export function holdsPermission(roles: readonly RoleId[], permission: Permission): boolean {
  return rolesWith(permission).some((role) => roles.includes(role));
}

export const personRequired: Refusal = {
  code: "permission.person_required",
  article: "grxx:24",
  messageZh: "此步骤必须由工作人员本人作出，系统不能代为决定。",
  messageEn: "A person must take this step; the system cannot decide it.",
};

/** Null when the actor is a person who holds the permission. */
export function refuseWithout(permission: Permission, actor: Actor): Refusal | null {
  if (actor.kind !== "user") return personRequired;
  if (holdsPermission(actor.roles, permission)) return null;
  const wanted = rolesWith(permission);
  return {
    code: "permission.role_required",
    messageZh: `此步骤须由${wanted.map((role) => roleNames[role].zh).join("或")}办理。`,
    messageEn: `This step is for: ${wanted.map((role) => roleNames[role].en).join(", ")}.`,
  };
}

/** Who does what in one case: user ids. */
export interface Duties {
  readonly handlers: readonly string[];
  readonly legalReviewer?: string;
  readonly hearingHost?: string;
  /** Everyone who approved a step, unit head and agency leader alike, in order. */
  readonly approvers?: readonly string[];
}

/**
 * Separation of duties inside one case, per person. Returns every clash: a handler reviews, hosts the hearing
 * or approves their own case; reviewer and host are one; two levels of approval come from one person.
 */
export function dutyClashes(duties: Duties): Refusal[] {
  const { handlers, legalReviewer, hearingHost, approvers = [] } = duties;
  const clashes: Refusal[] = [];
  if (legalReviewer !== undefined && handlers.includes(legalReviewer)) {
    clashes.push({
      code: "duty.handler_is_legal_reviewer",
      article: "xzcf:58",
      messageZh: "本案承办人员不得担任本案法制审核人员。",
      messageEn: "An officer of this case cannot be its legal reviewer.",
    });
  }
  if (hearingHost !== undefined && (handlers.includes(hearingHost) || hearingHost === legalReviewer)) {
    clashes.push({
      code: "duty.hearing_host_not_independent",
      article: "xzcf:64(4)",
      messageZh: "听证主持人不得是本案调查人员或法制审核人员。",
      messageEn: "The hearing host cannot be an officer or the legal reviewer of this case.",
    });
  }
  if (approvers.some((approver) => handlers.includes(approver))) {
    clashes.push({
      code: "duty.handler_approves_own_case",
      messageZh: "承办人员不得审批自己承办的案件，请由其他负责人审批。",
      messageEn: "An officer of this case cannot approve it; somebody else must.",
    });
  }
  if (new Set(approvers).size < approvers.length) {
    clashes.push({
      code: "duty.two_levels_one_person",
      messageZh: "两级审批须由不同的人作出。",
      messageEn: "The two levels of approval must come from two people.",
    });
  }
  return clashes;
}
