import { type OfCase, type Party, partyKinds } from "../source.ts";
import type { FieldValues } from "../template.ts";

/** 当事人 */
export function partyFields({ file: { party } }: OfCase): FieldValues {
  if (party === null) return {};
  return {
    partyName: party.name,
    partyKind: partyKinds[party.kind],
    partyIdLabel: isPerson(party) ? "居民身份证号码" : "统一社会信用代码",
    partyId: isPerson(party) ? party.idNo : party.unifiedCode,
    partyAddress: party.address,
    partyPhone: party.phone,
    partyPlate: party.plate,
    legalRepresentative: party.legalRepresentative,
    partyLine: partyLine(party),
    you: isPerson(party) ? "你" : "你单位",
  };
}

function isPerson({ kind }: Party): boolean {
  return kind === "person";
}

/** One line with what tells this party from every other. */
function partyLine(party: Party): string {
  const person = isPerson(party);
  const parts: [string, string | null][] = [
    [person ? "居民身份证号码" : "统一社会信用代码", person ? party.idNo : party.unifiedCode],
    ["法定代表人（负责人、经营者）", person ? null : party.legalRepresentative],
    [person ? "住址" : "住所（经营场所）", party.address],
    ["联系电话", party.phone],
    ["车辆号牌", party.plate],
  ];
  const known = parts.flatMap(([label, value]) =>
    value === null || value === "" ? [] : [`${label}：${value}`],
  );
  return [party.name, ...known].join("，");
}
