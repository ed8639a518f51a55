import type { Benchmark } from "../../discretion/benchmark.ts";
import type { DiscretionFindings } from "../../discretion/findings.ts";
import type { Penalty, PenaltyBasis } from "../../discretion/penalty.ts";
import type { RoleId } from "../../roles.ts";
import type { Party } from "../case-file.ts";
import type { AgencyFacts, CameraRecord, MatterFacts, PersonFacts } from "../step-facts.ts";

export function person(
  userId: string,
  roles: readonly RoleId[],
  other: Partial<PersonFacts> = {},
): PersonFacts {
  const certified = roles.includes("officer");
  return {
    userId,
    displayName: `工作人员（${userId}）`,
    roles,
    certificate: certified ? { no: `51-${userId}`, validFrom: "2024-01-01", validTo: "2029-12-31" } : null,
    legalQualification: roles.includes("legal_reviewer"),
    ...other,
  };
}

export function party(other: Partial<Party> = {}): Party {
  return {
    kind: "person",
    name: "张三",
    idNo: "510107199006011234",
    unifiedCode: null,
    legalRepresentative: null,
    birthDate: "1990-06-01",
    address: "成都市武侯区某路1号",
    phone: "13800000000",
    plate: null,
    ...other,
  };
}

export function unitParty(other: Partial<Party> = {}): Party {
  return party({
    kind: "legal_person",
    name: "某某餐饮有限公司",
    idNo: null,
    unifiedCode: "91510100MA00000000",
    legalRepresentative: "李四",
    birthDate: null,
    ...other,
  });
}

export function agency(other: Partial<AgencyFacts> = {}): AgencyFacts {
  return {
    agency: "wuhou-chengguan",
    region: "510107",
    zh: "成都市武侯区综合行政执法局",
    numberPrefix: "武综执",
    address: "成都市武侯区某街2号",
    phone: "028-00000000",
    reviewBody: "成都市武侯区人民政府",
    court: "成都市武侯区人民法院",
    payee: "武侯区财政局",
    powers: ["street_vending", "vehicle_sidewalk", "road_spill"],
    ...other,
  };
}

/** 城市道路管理条例 42: may fine up to 20 000 yuan, whoever it is. */
export function streetVendingBasis(other: Partial<PenaltyBasis> = {}): PenaltyBasis {
  return {
    id: "street_vending.csdl-42",
    violation: "street_vending",
    forbids: { law: "csdl", article: "27(1)" },
    penalises: { law: "csdl", article: "42" },
    subjectKind: "any",
    kinds: ["fine"],
    minFen: 0,
    maxFen: 2_000_000,
    precondition: "none",
    validFrom: "2019-03-24",
    validTo: null,
    verifiedBy: "法规全文核对",
    verifiedOn: "2025-11-01",
    ...other,
  };
}

/** 道路交通安全法 93: a warning, or 20 to 200 yuan. Made plainer than the law: without its precondition. */
export function vehicleSidewalkBasis(other: Partial<PenaltyBasis> = {}): PenaltyBasis {
  return {
    ...streetVendingBasis(),
    id: "vehicle_sidewalk.djaq-93",
    violation: "vehicle_sidewalk",
    forbids: { law: "djaq", article: "56" },
    penalises: { law: "djaq", article: "93" },
    kinds: ["warning", "fine"],
    minFen: 2_000,
    maxFen: 20_000,
    ...other,
  };
}

/** 大气污染防治法 116: 2 000 to 20 000 yuan. */
export function roadSpillBasis(other: Partial<PenaltyBasis> = {}): PenaltyBasis {
  return {
    ...streetVendingBasis(),
    id: "road_spill.dqfz-116",
    violation: "road_spill",
    forbids: { law: "dqfz", article: "70" },
    penalises: { law: "dqfz", article: "116" },
    subjectKind: "unit",
    minFen: 200_000,
    maxFen: 2_000_000,
    ...other,
  };
}

export function matter(basis: PenaltyBasis, other: Partial<MatterFacts> = {}): MatterFacts {
  const { violation } = basis;
  return {
    key: violation,
    zh: violation === "street_vending" ? "占道经营" : violation,
    en: violation,
    matterCode: "09006",
    minorFirst: true,
    penaltyPossible: true,
    bases: [basis],
    benchmarks: [benchmark(basis)],
    ...other,
  };
}

/** The default fractions of the range, with the mandatory lowering fact and the raising one tests use. */
export function benchmark(basis: PenaltyBasis, other: Partial<Benchmark> = {}): Benchmark {
  return {
    id: `${basis.id}.benchmark`,
    violation: basis.violation,
    matterCode: "09006",
    basisId: basis.id,
    version: "test-1",
    publishedUrl: null,
    validFrom: "2019-01-01",
    validTo: null,
    tag: "T",
    isDefault: false,
    tiers: [
      { id: "light", fractionFromPermille: 0, fractionToPermille: 300, defaultPermille: 100 },
      { id: "general", fractionFromPermille: 300, fractionToPermille: 700, defaultPermille: 500 },
      { id: "heavy", fractionFromPermille: 700, fractionToPermille: 1000, defaultPermille: 850 },
    ],
    factors: [
      {
        id: "harm_reduced",
        zh: "主动消除或者减轻违法行为危害后果",
        en: "removed or reduced the harm",
        kind: "mandatory_lower",
        source: "xzcf:32(1)",
        evidenceNeeded: true,
        effect: { kind: "tier_shift", by: -1 },
      },
      {
        id: "repeated",
        zh: "一年内再次实施同类违法行为",
        en: "the same violation again within a year",
        kind: "raise",
        source: "local",
        evidenceNeeded: true,
        effect: { kind: "tier_shift", by: 1 },
        excludes: "first_time",
      },
    ],
    ...other,
  };
}

/**
 * A first violation, put right, with slight harm, penalised for a reason that a person gave: light, a tenth of the range
 * (street vending: 2 000 yuan, below the hearing's threshold).
 */
export function lightFindings(basisId: string, other: Partial<DiscretionFindings> = {}): DiscretionFindings {
  return {
    basisId,
    ageYears: 35,
    incapacitated: false,
    faultDisproved: false,
    firstTime: true,
    corrected: true,
    refused: null,
    harm: "slight",
    factors: [],
    exemptionDeclined: "经多次劝导后仍在同一路段经营，妨碍盲道通行",
    weighing: null,
    fractionPermille: null,
    departure: null,
    ...other,
  };
}

/** Nothing that lowers and nothing that raises: general, half of the range (street vending: 10 000 yuan). */
export function generalFindings(
  basisId: string,
  other: Partial<DiscretionFindings> = {},
): DiscretionFindings {
  return lightFindings(basisId, { firstTime: false, corrected: false, exemptionDeclined: null, ...other });
}

export function fine(basisId: string, fineFen: number): Penalty {
  return { kinds: ["fine"], fineFen, confiscation: null, basisId };
}

export function warningOnly(basisId: string): Penalty {
  return { kinds: ["warning"], fineFen: 0, confiscation: null, basisId };
}

/** A confirmed record of a camera that is fit for use, as evidence beside other evidence. */
export function cameraRecord(incidentId: string, other: Partial<CameraRecord> = {}): CameraRecord {
  return {
    incidentId,
    cameraId: "camera-1",
    capturedOn: "2026-01-04",
    region: "510107",
    violation: "street_vending",
    state: "escalated",
    caseIds: [],
    confirmed: true,
    reviewer: "content-reviewer",
    useAuthority: "corroborative",
    faults: [],
    ...other,
  };
}
