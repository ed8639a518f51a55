import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redactUrl, scrubLine, secretsOf } from "./redact-url.ts";

describe("redactUrl", () => {
  it.each([
    ["rtsp://admin:geheim@10.0.0.5:554/Streaming/101", "rtsp://***@10.0.0.5:554/Streaming/101"],
    ["rtsp://admin:p@ss/w?rd@10.0.0.5/a", "rtsp://***@10.0.0.5/a"],
    ["rtsp://admin:p#ss@10.0.0.5/a", "rtsp://***@10.0.0.5/a"],
    ["rtsp://admin:1/2@10.0.0.5/a", "rtsp://***@10.0.0.5/a"],
    ["http://h/live.flv?token=abc&ch=1&PassWord=x", "http://h/live.flv?token=***&ch=1&PassWord=***"],
    ["https://h/a@b.m3u8", "https://h/a@b.m3u8"],
    ["https://h/a?auth_key=1-2#frag", "https://h/a?auth_key=***"],
    ["/data/clip 1.mp4", "/data/clip 1.mp4"],
    ["file:///data/clip.mp4", "file:///data/clip.mp4"],
  ])("%s → %s", (url, redacted) => {
    expect(redactUrl(url)).toBe(redacted);
  });

  it("never lets a password through, whatever is in it", () => {
    const password = fc.stringMatching(/^[!-~]{6,20}$/).filter((text) => !text.includes("#"));
    fc.assert(
      fc.property(password, (secret) => {
        const url = `rtsp://admin:${encodeURIComponent(secret)}@192.0.2.7:554/stream`;
        expect(redactUrl(url)).toBe("rtsp://***@192.0.2.7:554/stream");
      }),
    );
  });
});

describe("scrubLine", () => {
  it("hides URLs, headers, and the source's own credentials wherever they stand", () => {
    const secrets = secretsOf("rtsp://admin:p%40ssw0rd@cam/1");
    expect(scrubLine("rtsp://admin:p%40ssw0rd@cam/1: Connection refused", secrets)).toBe(
      "rtsp://***@cam/1: Connection refused",
    );
    expect(scrubLine("Authorization: Basic YWJj", secrets)).toBe("Authorization: ***");
    expect(scrubLine("password p@ssw0rd was wrong", secrets)).toBe("password *** was wrong");
  });
});
