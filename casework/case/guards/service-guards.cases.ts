import type { CaseFile } from "../case-file.ts";
import type { CaseStep, StepOf } from "../step-input.ts";
import { decided, decidedCase, servedCase } from "../testing/decided-case.ts";
import type { GuardCase } from "../testing/guard-case.ts";
import { attempted, hearableCase, noticeIssued, served, serving } from "../testing/noticed-case.ts";
import type { TestWorld } from "../testing/world.ts";

type Serve = Partial<StepOf<"serve">>;

const decisionId = (file: CaseFile) => file.decision?.docId ?? "";
const docOf = (file: CaseFile, code: string) => file.documents.find((one) => one.code === code)?.docId ?? "";

/** The decision of 13 January is served, in a file made this way. */
const serve =
  (other: Serve = {}, make: (world: TestWorld) => CaseFile = decidedCase): GuardCase["passes"] =>
  (world) => {
    const file = make(world);
    return world.context(file, serving(world, decisionId(file), other));
  };

const electronic = {
  method: "electronic",
  details: { channel: "sms", address: "13800000000", messageId: "m-1", arrivalProof: "回执" },
} as const;
const mail = { method: "mail", details: { trackingNo: "EMS1", slip: "已签收" } } as const;
const posted = {
  method: "public_notice",
  details: { reason: "下落不明", postedAt: "本局网站", screenshot: "sha256" },
} as const;

const confirm: CaseStep = {
  step: "confirm_address",
  channels: [{ channel: "sms", address: "13800000000" }],
  signedOn: "2026-01-13",
};
const confirmed = (world: TestWorld) => world.take(decidedCase(world), confirm);
const triedOnce = (world: TestWorld) => {
  const file = decidedCase(world);
  return attempted(world, file, decisionId(file));
};

export const cases: readonly GuardCase[] = [
  {
    guard: "document_known",
    about: "after the closing only what can be challenged",
    passes: serve({}, (world) => ({ ...decidedCase(world), state: "closed" })),
    refused: (world) => {
      const file = { ...noticeIssued(world), state: "closed" as const };
      return world.context(file, serving(world, file.notice?.docId ?? ""));
    },
    code: "document.case_closed",
  },
  {
    guard: "document_known",
    passes: serve(),
    refused: serve({ docId: "doc-of-nobody" }),
    code: "document.unknown",
  },
  {
    guard: "document_known",
    about: "what stays in the file is not served",
    passes: serve(),
    refused: (world) => {
      const file = decidedCase(world);
      return world.context(file, serving(world, docOf(file, "N13")));
    },
    code: "document.not_for_service",
  },
  {
    guard: "document_known",
    about: "once is enough",
    passes: serve(),
    refused: serve({}, servedCase),
    code: "service.served_before",
  },
  {
    guard: "document_known",
    about: "a notice that was replaced",
    passes: (world) => {
      const file = noticeIssued(world);
      return world.context(file, serving(world, docOf(file, "D05")));
    },
    refused: (world) => {
      const file = world.take(noticeIssued(world), { step: "issue_notice" });
      return world.context(file, serving(world, docOf(file, "D05")));
    },
    code: "document.outdated",
  },
  {
    guard: "document_known",
    about: "the hearing right goes with the notice",
    passes: serve(),
    refused: (world) => {
      const file = hearableCase(world);
      return world.context(file, serving(world, docOf(file, "D06")));
    },
    code: "document.goes_with_notice",
  },
  {
    guard: "service_method_allowed",
    about: "electronic: the party has signed for this channel and address",
    passes: serve(electronic, confirmed),
    refused: serve(electronic),
    code: "service.not_agreed",
  },
  {
    guard: "service_method_allowed",
    about: "electronic: to the address that was agreed",
    passes: serve(electronic, confirmed),
    refused: serve({ ...electronic, details: { ...electronic.details, address: "13900000000" } }, confirmed),
    code: "service.not_agreed",
  },
  {
    guard: "service_method_allowed",
    about: "electronic: not after it was taken back",
    passes: serve(electronic, confirmed),
    refused: serve(electronic, (world) => world.take(confirmed(world), { step: "revoke_address" }, "party")),
    code: "service.not_agreed",
  },
  {
    guard: "service_method_allowed",
    about: "mail: after a failed attempt in person",
    passes: serve(mail, triedOnce),
    refused: serve(mail),
    code: "service.direct_first",
  },
  {
    guard: "service_method_allowed",
    about: "mail: or where it is said why not in person",
    passes: serve({ ...mail, details: { ...mail.details, whyNotDirect: "当事人住所在外省" } }),
    refused: serve({ ...mail, details: { ...mail.details, whyNotDirect: " " } }),
    code: "service.direct_first",
  },
  {
    guard: "service_method_allowed",
    about: "public notice: the last resort",
    passes: serve(posted, triedOnce),
    refused: serve(posted),
    code: "service.notice_is_last",
  },
  {
    guard: "service_method_allowed",
    about: "public notice: a failed attempt with another document does not count",
    passes: serve(posted, triedOnce),
    refused: serve(posted, (world) => {
      const issued = noticeIssued(world);
      const noticeId = docOf(issued, "D05");
      const file = served(world, attempted(world, issued, noticeId), noticeId);
      return decided(world.on("2026-01-13"), file);
    }),
    code: "service.notice_is_last",
  },
  {
    guard: "service_method_allowed",
    about: "public notice: posted once",
    passes: serve(posted, triedOnce),
    refused: serve(posted, (world) => {
      const file = triedOnce(world);
      return world.take(file, serving(world, decisionId(file), posted));
    }),
    code: "service.notice_posted_once",
  },
  ...(
    [
      ["direct", {}, { receiver: "张三" }],
      ["leave", { method: "leave", details: { reason: "拒收", photo: "sha256" } }, { reason: "拒收" }],
      ["electronic", electronic, { ...electronic.details, arrivalProof: "" }],
      ["mail", mail, { trackingNo: "EMS1" }],
      [
        "entrust",
        { method: "entrust", details: { entrusted: "某局", receiver: "张三" } },
        { entrusted: "某局" },
      ],
      [
        "relay",
        { method: "relay", details: { relayedBy: "看守所", reason: "被羁押", receiver: "张三" } },
        { relayedBy: "看守所", receiver: "张三" },
      ],
      ["public notice", posted, { reason: "下落不明", postedAt: "本局网站" }],
      [
        "failed",
        { outcome: "failed", details: { reason: "家中无人" } },
        { receiver: "张三", receiverRole: "本人" },
      ],
    ] satisfies [string, Serve, Record<string, string>][]
  ).map(
    ([about, whole, details]): GuardCase => ({
      guard: "service_recorded",
      about,
      passes: serve(whole),
      refused: serve({ ...whole, details }),
      code: "service.record_incomplete",
    }),
  ),
  {
    guard: "service_recorded",
    about: "not received before it was written",
    passes: serve(),
    refused: serve({ attemptedOn: "2026-01-12", on: "2026-01-12" }),
    code: "service.dates",
  },
];
