import { describe, expect, it } from "vitest";
import { chosenTargets, holdsPlate, plateTail, type Reach, targetsOf } from "./audience.ts";

const nowhere: Reach = { speakers: [], phone: null, email: null };
const speaker = { transport: "mqtt", address: "horn-1" } as const;

describe("how somebody is reached", () => {
  it("is by every address there is, and by an officer where there is none", () => {
    const everywhere: Reach = {
      speakers: [speaker, { transport: "http", address: "horn-2" }],
      phone: "13800000000",
      email: "a@b.cn",
    };
    expect(targetsOf(everywhere, true).map(({ channel }) => channel)).toEqual([
      "speaker_mqtt",
      "speaker_http",
      "sms",
      "email",
    ]);
    expect(targetsOf(nowhere, false)).toEqual([{ channel: "log", address: null }]);
    expect(targetsOf(nowhere, true).map(({ channel }) => channel)).toEqual(["log", "webhook"]);
  });

  it("may be chosen, but not a way that leads nowhere", () => {
    const reach = { ...nowhere, speakers: [speaker, speaker], phone: "13800000000" };
    const chosen = chosenTargets(reach, false, ["sms", "log"]);
    expect(chosen.ok && chosen.targets.map(({ channel }) => channel)).toEqual(["sms", "log"]);
    // The same loudspeaker twice is one loudspeaker.
    const spoken = chosenTargets(reach, false, ["speaker_mqtt"]);
    expect(spoken.ok && spoken.targets).toEqual([{ channel: "speaker_mqtt", address: "horn-1" }]);
    for (const wanted of [["email"], ["webhook"], ["sms", "speaker_http"]] as const)
      expect(chosenTargets(reach, false, wanted)).toMatchObject({ refusal: { code: "warning.no_address" } });
  });
});

describe("a plate", () => {
  it("is said by its last three characters", () => {
    expect(plateTail(" 川a12345 ")).toBe("345");
    expect(plateTail("川AD1234学")).toBe("34学");
  });

  it.each(["车牌川A12345请驶离", "川A·D12345", "川AD12345", "粤B1234港", "川A 1234挂"])(
    "is seen in %s",
    (text) => {
      expect(holdsPlate(text)).toBe(true);
    },
  );

  it.each(["尾号345的车主，请驶离", "请于9:30前驶离人民南路12号", "A区B座12345"])(
    "is not seen in %s",
    (text) => {
      expect(holdsPlate(text)).toBe(false);
    },
  );
});
