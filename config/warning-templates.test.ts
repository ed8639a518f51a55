import { describe, expect, it } from "vitest";
import { defaultTemplate, defaultTemplates, templatesFromUnknown } from "./warning-templates.ts";

const row = {
  violation: null,
  audience: "place",
  channels: ["speaker_mqtt"],
  textZh: "{{place}}：请{{request}}",
  textEn: "{{place}}: please {{request}}",
};
const load = (changes: object) => () =>
  templatesFromUnknown({ source: "test", templates: [{ ...row, ...changes }] }, "x.json");

describe("the words of warnings", () => {
  it("are there for everybody who is reached over a loudspeaker or by message", () => {
    for (const audience of ["place", "responsible_party", "vehicle_owner"] as const)
      expect(defaultTemplate("vehicle_sidewalk", audience, "speaker_mqtt")).toBeDefined();
    for (const audience of ["responsible_party", "vehicle_owner"] as const)
      expect(defaultTemplate("store_overflow", audience, "sms")).toBeDefined();
    // A place has no telephone, and what an officer hands over is the letter.
    expect(defaultTemplate("store_overflow", "place", "sms")).toBeUndefined();
    expect(defaultTemplate("store_overflow", "vehicle_owner", "log")).toBeUndefined();
    expect(defaultTemplates.length).toBeGreaterThan(8);
  });

  it("are refused with the place of the fault", () => {
    expect(load({})).not.toThrow();
    expect(load({ textZh: "请离开" })).toThrow(/templates\[0\]\.textZh: \{\{place\}\} is missing/);
    expect(load({ textEn: "{{place}} {{request}} {{shop}}" })).toThrow(/textEn: \{\{shop\}\} names somebody/);
    expect(load({ violation: "jaywalking" })).toThrow(/violation: is not in the catalogue/);
    expect(load({ channels: ["fax"] })).toThrow(/channels/);
  });
});
