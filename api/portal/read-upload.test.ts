import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { cleanCopy, mediaTypeOf, shownName } from "./read-upload.ts";

const picture = (format: "jpeg" | "png") =>
  sharp({ create: { width: 40, height: 20, channels: 3, background: "#336699" } })
    .withExif({ IFD3: { GPSLatitude: "30/1 39/1 0/1" }, IFD0: { ImageDescription: "hidden words" } })
    .toFormat(format)
    .toBuffer();

describe("a file a party sends", () => {
  it("is what its first bytes say, whatever it is called", async () => {
    expect(mediaTypeOf(await picture("jpeg"))).toBe("image/jpeg");
    expect(mediaTypeOf(await picture("png"))).toBe("image/png");
    expect(mediaTypeOf(Buffer.from("%PDF-1.7\n"))).toBe("application/pdf");
    expect(mediaTypeOf(Buffer.from("\0\0\0\x18ftypmp42"))).toBe("video/mp4");
    for (const other of ["", "<svg onload=alert(1)>", "<!doctype html>", "MZ\x90", "PK\x03\x04", "GIF89a"])
      expect(() => mediaTypeOf(Buffer.from(other, "latin1"))).toThrow(/JPEG/);
  });

  it("is written anew when it is a picture, without what was hidden in it", async () => {
    const received = await picture("jpeg");
    expect(received.includes("hidden words")).toBe(true);
    const copy = await cleanCopy(received, "image/jpeg");
    if (copy === null) throw new Error("a picture has a copy");
    expect(copy.includes("hidden words")).toBe(false);
    expect(await sharp(copy).metadata()).toMatchObject({ format: "jpeg", width: 40, height: 20 });
    expect((await sharp(copy).metadata()).exif).toBeUndefined();
    expect(await cleanCopy(Buffer.from("%PDF-1.7"), "application/pdf")).toBeNull();
  });

  it("is refused when it only begins like a picture", async () => {
    const broken = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(200)]);
    await expect(cleanCopy(broken, "image/jpeg")).rejects.toMatchObject({ status: 422 });
  });

  it("is refused when it would unfold to far more than its bytes", async () => {
    const bomb = await sharp({ create: { width: 6_000, height: 6_000, channels: 3, background: "#fff" } })
      .png({ compressionLevel: 9 })
      .toBuffer();
    await expect(cleanCopy(bomb, "image/png")).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining("2500万像素"),
    });
  });

  it("stands upright as it was held", async () => {
    const held = await sharp(await picture("jpeg"))
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const copy = await cleanCopy(held, "image/jpeg");
    expect(await sharp(copy ?? Buffer.alloc(0)).metadata()).toMatchObject({ width: 20, height: 40 });
  });

  it("waits its turn, and is sent away while too many wait", async () => {
    const received = await picture("png");
    const outcomes = await Promise.allSettled(
      Array.from({ length: 12 }, () => cleanCopy(received, "image/png")),
    );
    const refused = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(refused).toHaveLength(4);
    expect(refused[0]).toMatchObject({ code: "auth.too_many_attempts", retryAfterSec: 5 });
    await expect(cleanCopy(received, "image/png")).resolves.toBeInstanceOf(Buffer);
  });

  it("keeps no path and nothing unseen in its name", () => {
    expect(shownName("../../etc/passwd")).toBe("passwd");
    expect(shownName("C:\\照片\\现场.jpg")).toBe("现场.jpg");
    expect(shownName('a"\u202egpj.exe')).toBe("agpj.exe");
    expect(shownName("/")).toBe("未命名");
  });
});
