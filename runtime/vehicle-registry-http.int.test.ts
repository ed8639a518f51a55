import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { httpVehicleRegistry } from "./vehicle-registry-http.ts";

describe("a vehicle registry behind HTTP", () => {
  let server: Server;
  let url: string;
  const asked: { plate?: string; token?: string; path?: string }[] = [];

  beforeAll(async () => {
    server = createServer((req, res) => {
      void text(req).then((body) => {
        const { plate } = JSON.parse(body) as { plate: string };
        asked.push({ plate, token: req.headers.authorization ?? "", path: req.url ?? "" });
        const reply = (status: number, content = "") => res.writeHead(status).end(content);
        if (plate === "川A00001")
          reply(200, JSON.stringify({ name: "张三", phone: "13800000000", secret: 1 }));
        else if (plate === "川A00002") reply(500);
        else if (plate === "川A00003") reply(200, "<html>");
        else if (plate !== "川A00004") reply(404);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/owners`;
  });
  afterAll(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  it("names the owner, knows when it does not, and tells when it cannot say", async () => {
    const registry = httpVehicleRegistry({ url, token: "t", timeoutMs: 300 });
    expect(await registry.findOwner("川A00001")).toEqual({
      name: "张三",
      phone: "13800000000",
      address: null,
    });
    expect(await registry.findOwner("川A99999")).toBeNull();
    const unavailable = { code: "registry.unavailable" };
    for (const plate of ["川A00002", "川A00003", "川A00004"])
      await expect(registry.findOwner(plate)).rejects.toMatchObject(unavailable);
    const nowhere = httpVehicleRegistry({ url: "http://127.0.0.1:1/owners" });
    await expect(nowhere.findOwner("川A00001")).rejects.toMatchObject(unavailable);
    // The plate is in no address.
    expect(asked[0]).toEqual({ plate: "川A00001", token: "Bearer t", path: "/owners" });
  });
});
