import { party } from "../testing/builders.ts";
import type { GuardCase } from "../testing/guard-case.ts";

const summon = {
  step: "summon",
  at: "2026-01-08 09:00",
  place: "执法大队",
  videoLink: null,
  papers: "身份证",
} as const;
const noPenalty = (education: string) =>
  ({ step: "decide_no_penalty", reason: "违法行为轻微并及时改正", education }) as const;
const transfer = (receiver: string) =>
  ({ step: "transfer", to: "agency", receiver, reason: "不属于本机关管辖" }) as const;

export const cases: readonly GuardCase[] = [
  {
    guard: "reason_given",
    about: "a blank reason",
    passes: (world) =>
      world.context(world.openedCase(), { step: "terminate", reason: "当事人死亡" }, "leader"),
    refused: (world) => world.context(world.openedCase(), { step: "terminate", reason: " \n" }, "leader"),
    code: "step.reason_required",
  },
  {
    guard: "reason_given",
    about: "education beside the reason",
    passes: (world) => world.context(world.investigatedCase(), noPenalty("已当面教育"), "leader"),
    refused: (world) => world.context(world.investigatedCase(), noPenalty(""), "leader"),
    code: "step.reason_required",
  },
  {
    guard: "reason_given",
    about: "who receives a transferred case",
    passes: (world) => world.context(world.filedCase(), transfer("某区公安分局"), "leader"),
    refused: (world) => world.context(world.filedCase(), transfer(""), "leader"),
    code: "step.reason_required",
  },
  {
    guard: "reason_given",
    about: "the party's own text",
    passes: (world) =>
      world.context(
        world.filedCase(),
        { step: "receive_statement", about: "record", text: "车不是我的", via: "portal" },
        "party",
      ),
    refused: (world) =>
      world.context(
        world.filedCase(),
        { step: "receive_statement", about: "record", text: "", via: "portal" },
        "party",
      ),
    code: "step.reason_required",
  },
  {
    guard: "party_known",
    about: "nobody registered",
    passes: (world) => world.context(world.investigatingCase(), summon),
    refused: (world) => world.context({ ...world.investigatingCase(), party: null }, summon),
    code: "party.unknown",
  },
  {
    guard: "party_known",
    about: "a party without a name",
    passes: (world) => world.context({ ...world.investigatingCase(), party: party({ idNo: null }) }, summon),
    refused: (world) => world.context({ ...world.investigatingCase(), party: party({ name: " " }) }, summon),
    code: "party.unknown",
  },
];
