import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { checkNode, checkPort, diskSpace } from "./check-machine.ts";
import { missingNames } from "./check-tools.ts";

describe("checkNode", () => {
  it.each([
    ["20.12.0", "ok"],
    ["22.0.0", "ok"],
    ["20.11.1", "fail"],
    ["18.20.0", "fail"],
  ])("finds Node %s %s", (version, status) => {
    expect(checkNode(version).status).toBe(status);
  });
});

describe("diskSpace", () => {
  it.each([
    [0.9e9, "fail"],
    [5e9, "warn"],
    [50e9, "ok"],
  ])("finds %d free bytes %s", (bytes, status) => {
    expect(diskSpace("/data", bytes).status).toBe(status);
  });
});

describe("missingNames", () => {
  const list = " ... select            V->N       Select\n  E mov,mp4,m4a   QuickTime\n";
  it("reads the second column, lists of names included", () => {
    expect(missingNames(list, ["select", "mp4", "showinfo"], "filter")).toEqual(["filter showinfo"]);
  });
  it("misses everything when ffmpeg said nothing", () => {
    expect(missingNames(undefined, ["select"], "filter")).toEqual(["filter select"]);
  });
});

describe("checkPort", () => {
  it("tells a free port from a taken one, and minds who may have taken it", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    expect(await checkPort("127.0.0.1", port, false)).toMatchObject({ status: "fail" });
    expect(await checkPort("127.0.0.1", port, true)).toMatchObject({ status: "ok" });
    await new Promise((resolve) => server.close(resolve));
    expect(await checkPort("127.0.0.1", port, false)).toMatchObject({ status: "ok" });
  });
});
