import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { digestBytes } from "../node-digest.ts";
import { openZipBytes } from "./unzip.ts";

const SEAL = { "seal.json": new Uint8Array(40), "masked/a.jpg": new Uint8Array(300).fill(7) };
const codes = (bytes: Uint8Array) => openZipBytes(bytes, digestBytes).problems.map(({ code }) => code);
const at = (bytes: Buffer, name: string, which: "local" | "directory") =>
  which === "local" ? bytes.indexOf(name) - 30 : bytes.lastIndexOf(name) - 46;
const zip = (level: 0 | 6 = 6) => Buffer.from(zipSync(SEAL, { level }));

describe("a zip", () => {
  it("gives its files back, packed or stored, with a comment at its end or without", async () => {
    for (const level of [0, 6] as const) {
      const source = openZipBytes(zip(level), digestBytes);
      expect(source.entries.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
        ["masked/a.jpg", 300],
        ["seal.json", 40],
      ]);
      expect(Uint8Array.from(await source.read("masked/a.jpg"))).toEqual(SEAL["masked/a.jpg"]);
    }
    const commented = Buffer.concat([zip(), Buffer.from("note")]);
    commented.writeUInt16LE(4, zip().length - 2);
    expect(codes(commented)).toEqual([]);
  });

  it("is refused when its two lists of names differ: programs would unpack different files", () => {
    const bytes = zip();
    bytes.write("masked/b.jpg", at(bytes, "masked/a.jpg", "local") + 30);
    expect(codes(bytes)).toEqual(["zip.ambiguous"]);
  });

  it("is refused with anything behind its end, or a directory that is cut or too long", () => {
    expect(codes(Buffer.concat([zip(), Buffer.from("more")]))).toEqual(["zip.unreadable"]);
    for (const count of [1, 3]) {
      const bytes = zip();
      bytes.writeUInt16LE(count, bytes.length - 12);
      expect(codes(bytes), `${count} entries`).toEqual(["zip.unreadable"]);
    }
    const bytes = zip();
    bytes.writeUInt32LE(0xffff_fff0, at(bytes, "seal.json", "directory") + 42);
    expect(codes(bytes)).toEqual(["zip.ambiguous"]);
  });

  it("is refused when the two places that describe an entry differ in anything that matters", () => {
    const fields = { flags: 6, method: 8, crc: 14, packedBytes: 18, sizeBytes: 22 };
    for (const [field, place] of Object.entries(fields)) {
      const bytes = zip();
      const start = at(bytes, "masked/a.jpg", "local") + place;
      bytes.writeUInt8(bytes.readUInt8(start) ^ 2, start);
      expect(codes(bytes), field).toEqual(["zip.ambiguous"]);
    }
  });

  it("is refused when an entry is encrypted, or has its sizes behind its content", () => {
    for (const flag of [1, 8, 64, 0x2000]) {
      const bytes = zip();
      for (const start of [at(bytes, "seal.json", "local") + 6, at(bytes, "seal.json", "directory") + 8])
        bytes.writeUInt16LE(bytes.readUInt16LE(start) | flag, start);
      expect(codes(bytes), `bit of value ${flag}`).toEqual(["zip.ambiguous"]);
    }
  });

  it("is refused with bytes that belong to no file or to two: a program that goes from header to header sees others", () => {
    const whole = zip();
    const hidden = Buffer.from(zipSync({ "masked/b.jpg": new Uint8Array(40).fill(9) }));
    const extra = hidden.subarray(0, hidden.lastIndexOf("masked/b.jpg") - 46);
    const start = whole.readUInt32LE(whole.length - 6);
    const moved = (place: number) => {
      const bytes = Buffer.concat([whole.subarray(0, place), extra, whole.subarray(place)]);
      bytes.writeUInt32LE(start + extra.length, bytes.length - 6);
      for (const name of ["seal.json", "masked/a.jpg"]) {
        const offset = at(bytes, name, "directory") + 42;
        if (bytes.readUInt32LE(offset) >= place)
          bytes.writeUInt32LE(bytes.readUInt32LE(offset) + extra.length, offset);
      }
      return bytes;
    };
    for (const place of [0, at(whole, "masked/a.jpg", "local"), start])
      expect(codes(moved(place)), `at ${place}`).toEqual(["zip.ambiguous"]);
    const twice = zip();
    twice.writeUInt32LE(at(twice, "seal.json", "local"), at(twice, "masked/a.jpg", "directory") + 42);
    expect(codes(twice)).toEqual(["zip.ambiguous"]);
  });

  it("is refused with a second end in its comment, or a second name in an extra field", () => {
    const whole = zip();
    const commented = Buffer.concat([whole, Buffer.alloc(8), whole.subarray(whole.length - 22)]);
    commented.writeUInt16LE(30, whole.length - 2);
    expect(codes(commented)).toEqual(["zip.ambiguous"]);
    const named = (name: string) => {
      const content = Buffer.concat([Buffer.alloc(5, 1), Buffer.from(name)]);
      return codes(zipSync({ "seal.json": [new Uint8Array(40), { extra: { 28789: content } }] }) as Buffer);
    };
    expect(named("seal.json")).toEqual([]);
    expect(named("evil.json")).toEqual(["zip.ambiguous"]);
  });

  it("is refused with a name that would move a terminal's cursor", () => {
    for (const evil of ["\r", "\u001b", "\u007f", "\u009b", "\n"]) {
      const source = openZipBytes(
        zipSync({ ...SEAL, [`masked/${evil}x.jpg`]: new Uint8Array(1) }),
        digestBytes,
      );
      expect(source.problems.map(({ code }) => code)).toEqual(["zip.unsafe_path"]);
      expect(source.problems[0]?.message).not.toContain(evil);
    }
  });

  it("is refused when an entry unpacks to another size than announced, in either direction", () => {
    for (const sizeBytes of [299, 301]) {
      const bytes = zip();
      bytes.writeUInt32LE(sizeBytes, at(bytes, "masked/a.jpg", "directory") + 24);
      bytes.writeUInt32LE(sizeBytes, at(bytes, "masked/a.jpg", "local") + 22);
      expect(codes(bytes), `${sizeBytes} bytes`).toEqual(["zip.unreadable"]);
    }
  });

  it("shows a link as what it is", () => {
    const bytes = zip();
    bytes.writeUInt32LE(0o120_777 * 0x1_0000, at(bytes, "masked/a.jpg", "directory") + 38);
    expect(openZipBytes(bytes, digestBytes).entries).toContainEqual({
      path: "masked/a.jpg",
      kind: "other",
      sizeBytes: 300,
    });
  });

  it("never throws, whatever byte is changed or wherever it is cut", () => {
    const whole = zip();
    for (let index = 0; index < whole.length; index += 1) {
      const changed = Buffer.from(whole);
      changed[index] = (changed[index] ?? 0) ^ 0xff;
      expect(() => codes(changed)).not.toThrow();
      expect(codes(whole.subarray(0, index))).toEqual(["zip.unreadable"]);
    }
  });
});
