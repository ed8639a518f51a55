import { expect, it } from "vitest";
import { subjectKey } from "./subject-key.ts";

it("is the same for the same plate however it is written, and for nobody else", () => {
  const of = (plate: string, secret = "s") => subjectKey(secret, { kind: "plate", plate });
  expect(new Set([of("川A12345"), of(" 川a·12345"), of("川A-12345"), of("川Ａ12345")]).size).toBe(1);
  expect(of("川A12345")).toMatch(/^[0-9a-f]{64}$/);
  const others = [
    of("川A12346"),
    of("川A12345", "other"),
    subjectKey("s", { kind: "party", partyId: "川A12345" }),
  ];
  expect(others).not.toContain(of("川A12345"));
});
