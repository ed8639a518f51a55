import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { validate } from "dockerfile-utils";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { packageRoot } from "../../runtime/version.ts";

const read = (name: string) => readFileSync(join(packageRoot, name), "utf8");
const SECRET = /\w*(password|secret|token|credential)\w*/i;

/** Instructions with their continuation lines joined, comments left out. */
function instructionsOf(dockerfile: string): { readonly name: string; readonly rest: string }[] {
  const joined = dockerfile.replaceAll(/^\s*#.*\n/gm, "").replaceAll(/\\\n\s*/g, " ");
  return [...joined.matchAll(/^([A-Z]+)\s+(.*)$/gm)].map(([, name = "", rest = ""]) => ({ name, rest }));
}

describe("Dockerfile", () => {
  const text = read("Dockerfile");
  const all = instructionsOf(text);
  const lastStage = all.slice(all.findLastIndex(({ name }) => name === "FROM"));
  const valuesOf = (name: string, from = all) =>
    from.filter((instruction) => instruction.name === name).map(({ rest }) => rest);

  it("has no fault that a Docker parser would find", () => {
    expect(validate(text).map(({ message, range }) => `line ${range.start.line + 1}: ${message}`)).toEqual(
      [],
    );
  });

  it("names its bases to the patch", () => {
    expect(valuesOf("FROM").length).toBeGreaterThan(1);
    for (const base of valuesOf("FROM")) expect(base).toMatch(/^[\w./-]+:\d+\.\d+\.\d+-[\w-]+( AS \w+)?$/);
  });

  it("runs as nobody special, under tini, with its health looked at", () => {
    expect(valuesOf("USER", lastStage).at(-1)).toMatch(/^(?!root|0\b)\w+$/);
    expect(valuesOf("ENTRYPOINT", lastStage)).toEqual(['["tini", "--", "node", "cli/forewarn.mjs"]']);
    expect(valuesOf("HEALTHCHECK", lastStage).join()).toContain("/healthz");
    expect(valuesOf("VOLUME", lastStage)).toEqual(["/var/lib/forewarn"]);
  });

  it("holds no secret and fetches nothing by address", () => {
    expect(valuesOf("ADD")).toEqual([]);
    for (const value of [...valuesOf("ENV"), ...valuesOf("ARG")]) expect(value).not.toMatch(SECRET);
    for (const command of valuesOf("RUN")) expect(command).not.toMatch(/curl|wget|https?:/);
  });

  it("copies what is there, and all that is read at run time", () => {
    const copied = valuesOf("COPY", lastStage)
      .filter((value) => !value.startsWith("--from"))
      .flatMap((value) => value.split(" ").slice(0, -1));
    expect(copied.filter((path) => !existsSync(join(packageRoot, path)))).toEqual([]);
    expect(copied).toEqual(
      expect.arrayContaining([
        "store/migrations",
        "config/catalogue",
        "models/manifest.json",
        "models/labels",
      ]),
    );
    const sent = read(".dockerignore").split("\n");
    for (const path of copied) expect(sent).toContain(`!${path.split("/")[0]}`);
  });

  it("tells ONNX Runtime to keep what it sees to itself", () => {
    expect(valuesOf("ENV", lastStage).join(" ")).toContain("ORT_DISABLE_TELEMETRY=1");
  });
});

const serviceSchema = z.object({
  image: z.string().regex(/:/, "no tag"),
  command: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  environment: z.record(z.string(), z.string()),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  healthcheck: z.union([z.object({ disable: z.literal(true) }), z.object({ test: z.array(z.string()) })]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});
const composeSchema = z.object({
  services: z.record(z.string(), serviceSchema.partial({ environment: true })),
  networks: z.record(z.string(), z.unknown()),
  volumes: z.record(z.string(), z.unknown()),
});

describe("compose.yaml", () => {
  const text = read("compose.yaml");
  const { services, networks, volumes } = composeSchema.parse(parse(text, { merge: true }));
  const ours = ["migrate", "api", "worker"] as const;

  it("has the servers, the programs and nothing else", () => {
    expect(Object.keys(services).sort()).toEqual(["api", "migrate", "postgres", "redis", "worker"]);
    for (const name of ours) expect(services[name]?.command?.[0]).toBe(name);
  });

  it("gives the owner of the tables to migrate alone", () => {
    expect(services.migrate?.command).toEqual(["migrate", "--app-role", "forewarn_app"]);
    expect(services.migrate?.environment?.FOREWARN_DATABASE_URL).toMatch(/^postgres:\/\/forewarn:/);
    for (const name of ["api", "worker"] as const) {
      expect(services[name]?.environment?.FOREWARN_DATABASE_URL).toMatch(/^postgres:\/\/forewarn_app:/);
      expect(JSON.stringify(services[name])).not.toContain("POSTGRES_PASSWORD");
    }
  });

  it("looks at the health of all that stays, and waits for it", () => {
    for (const [name, { healthcheck }] of Object.entries(services))
      expect("test" in healthcheck, name).toBe(name !== "migrate");
    for (const name of ["api", "worker"])
      expect(services[name]?.depends_on).toEqual({
        postgres: { condition: "service_healthy" },
        redis: { condition: "service_healthy" },
        migrate: { condition: "service_completed_successfully" },
      });
    expect(services.migrate?.depends_on).toEqual({ postgres: { condition: "service_healthy" } });
  });

  it("opens one port, on this machine only, and a worker may be there many times", () => {
    const open = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(open.map(([name]) => name)).toEqual(["api"]);
    expect(services.api?.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)]);
    expect(text).not.toContain("container_name");
  });

  it("declares its volumes and networks, and mounts nothing of the host", () => {
    const mounted = Object.values(services).flatMap((service) =>
      service.volumes.map((at) => at.split(":")[0]),
    );
    expect([...new Set(mounted)].sort()).toEqual(Object.keys(volumes).sort());
    const joined = new Set(Object.values(services).flatMap((service) => service.networks));
    expect([...joined].sort()).toEqual(Object.keys(networks).sort());
    expect(networks.servers).toEqual({ internal: true });
  });

  it("lets our programs write to their volume only", () => {
    for (const name of ours) expect(services[name]).toMatchObject({ read_only: true, cap_drop: ["ALL"] });
  });

  it("keeps Redis from forgetting", () => {
    const command = services.redis?.command?.join(" ");
    expect(command).toContain("--maxmemory-policy noeviction");
    expect(command).toContain("--appendonly yes");
  });

  it("holds no secret: each comes from the environment, and the example names every variable, secrets empty", () => {
    for (const [name, { environment = {} }] of Object.entries(services))
      for (const [key, value] of Object.entries(environment))
        if (SECRET.test(key)) expect(value, `${name}: ${key}`).toMatch(/^\$\{\w+:?[-?][^}]*\}$/);
    expect(text).not.toMatch(/:\/\/\w+:[^$@\s]+@/);
    const example = read("compose.env.example");
    const wanted = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
    expect([...example.matchAll(/^(\w+)=/gm)].map(([, name]) => name).sort()).toEqual([...wanted].sort());
    for (const [, key = "", value] of example.matchAll(/^(\w+)=(.*)$/gm))
      if (SECRET.test(key)) expect(value, key).toBe("");
  });
});
