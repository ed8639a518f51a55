import { describe, expect, it } from "vitest";
import { SourceNotAllowedError } from "./errors.ts";
import { isLiveSource, sourceInput } from "./source-input.ts";

const open = (url: string) => sourceInput({ url, transport: "tcp" });
const whitelist = (url: string) => {
  const { options } = open(url);
  return options[options.indexOf("-protocol_whitelist") + 1];
};

describe("sourceInput", () => {
  it.each([
    "-vf.mp4",
    "concat:a|b",
    "pipe:0",
    "subfile,,start,0,end,9,,:/etc/passwd",
    "data:video;base64,AA",
  ])("takes %s for a file name and nothing else", (url) => {
    expect(open(url)).toMatchObject({ kind: "file", inputUrl: `file:${process.cwd()}/${url}` });
  });

  it("understands file URLs, with percent-encoding", () => {
    expect(open("file:///data/a%20b.mp4").inputUrl).toBe("file:/data/a b.mp4");
    expect(open("file:/data/a%20b.mp4").inputUrl).toBe("file:/data/a%20b.mp4");
  });

  it("lets each kind use its own protocols only", () => {
    expect(whitelist("/data/clip.m3u8")).toBe("file");
    expect(whitelist("rtsp://cam/1")).toBe("rtsp,rtp,udp,tcp");
    expect(whitelist("http://h/live.m3u8")).not.toContain("file");
    expect(open("rtsp://cam/1").options).toContain("-rtsp_transport");
  });

  it.each(["ftp://h/a", "gopher://h/a", "concat://a", "smb://h/a", "tcp://h:1", "javascript://x"])(
    "refuses %s",
    (url) => {
      expect(() => open(url)).toThrow(SourceNotAllowedError);
    },
  );

  it("does not repeat a password when it refuses", () => {
    expect(() => open("ftp://me:geheim@h/a")).toThrow(/^ftp:\/\/\*\*\*@h\/a: "ftp" sources are not opened/);
  });
});

describe("an address with something secret in it", () => {
  it.each([
    ["rtsp://admin:p'w@cam/1", "rtsp", "file 'rtsp://admin:p'\\''w@cam/1'"],
    ["rtsp://u:p@cam/1", "rtsp", "file 'rtsp://u:p@cam/1'"],
    ["https://h/live.flv?token=abc", "http", "file 'https://h/live.flv?token=abc'"],
    ["rtmp://h/app/key?pw=1", "rtmp", "file 'rtmp://h/app/key?pw=1'"],
  ])("keeps %s out of the arguments", (url, kind, line) => {
    const input = open(url);
    expect(input).toMatchObject({ kind, inputUrl: "pipe:0" });
    expect(input.options.join(" ")).not.toMatch(/p'w|u:p|abc|pw=1/);
    expect(input.options).toContain("concat");
    expect(input.stdin?.split("\n")).toEqual(
      expect.arrayContaining([
        "ffconcat version 1.0",
        line,
        expect.stringMatching(/^option (rw_)?timeout \d+$/),
      ]),
    );
  });

  it("gives the transport to the demuxer behind the playlist", () => {
    const { stdin } = sourceInput({ url: "rtsp://u:p@cam/1", transport: "udp" });
    expect(stdin).toContain("option rtsp_transport udp\n");
  });

  it("cannot carry further entries in", () => {
    expect(() => open("rtsp://u:p@cam/1\nfile '/etc/passwd'")).toThrow(SourceNotAllowedError);
  });

  it("leaves an address without secrets as it is", () => {
    expect(open("rtsp://cam/1")).toMatchObject({ inputUrl: "rtsp://cam/1", secrets: [] });
    expect(open("rtsp://cam/1").stdin).toBeUndefined();
  });
});

describe("isLiveSource", () => {
  it("takes a recording on a web server for a recording", () => {
    expect(isLiveSource("http", 12)).toBe(false);
    expect(isLiveSource("http", null)).toBe(true);
    expect(isLiveSource("rtsp", 12)).toBe(true);
    expect(isLiveSource("file", null)).toBe(false);
  });
});
