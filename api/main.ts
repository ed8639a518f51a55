import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Config, loadConfig } from "../config/env.ts";
import { loadLawBook } from "../config/law-book.ts";
import { AppError } from "../pipeline/domain/errors.ts";
import { connectRedis } from "../queue/connection.ts";
import { Producer } from "../queue/producer.ts";
import { systemClock } from "../runtime/clock.ts";
import { exitOnSignals, Lifecycle } from "../runtime/lifecycle.ts";
import { createLogger } from "../runtime/logger.ts";
import { required } from "../runtime/required.ts";
import { loadOrCreateSecret } from "../runtime/secret-file.ts";
import { createDocumentPress } from "../runtime/typeset/press.ts";
import { PressRoom } from "../runtime/typeset/press-room.ts";
import { noVehicleRegistry, type VehicleRegistry } from "../runtime/vehicle-registry.ts";
import { httpVehicleRegistry } from "../runtime/vehicle-registry-http.ts";
import { FolderObjectStore } from "../store/object-store.ts";
import { createPool } from "../store/pool.ts";
import { createApp } from "./app.ts";
import { LoginThrottle } from "./http/login-throttle.ts";

const lifecycle = new Lifecycle();

/** Somebody who waits for another's step to end waits no longer than this, and holds a connection no longer. */
const LOCK_TIMEOUT_MS = 3_000;

try {
  const config = loadConfig();
  const log = createLogger({ name: "api", level: config.logLevel });
  exitOnSignals(lifecycle, log);

  const pool = createPool(required(config.databaseUrl, "FOREWARN_DATABASE_URL"), log, {
    lockTimeoutMs: LOCK_TIMEOUT_MS,
  });
  lifecycle.onClose("postgres", () => pool.end());
  const redis = connectRedis(required(config.redisUrl, "FOREWARN_REDIS_URL"), (err) =>
    log.warn({ err }, "redis"),
  );
  lifecycle.onClose("redis", () => redis.disconnect());
  const producer = new Producer(redis, config.queuePrefix);
  lifecycle.onClose("queues", () => producer.close());

  const objects = new FolderObjectStore(join(config.dataDir, "objects"));
  const book = loadLawBook(join(config.dataDir, "calendar"));
  const pressRoom = new PressRoom();
  lifecycle.onClose("press", () => pressRoom.close());
  pressRoom.start();
  const app = createApp(
    {
      config,
      pool,
      redis,
      producer,
      objects,
      casework: { book, objects, press: createDocumentPress(pressRoom) },
      throttle: new LoginThrottle(redis, config.queuePrefix),
      vehicleRegistry: vehicleRegistryOf(config),
      linkSecret: await loadOrCreateSecret(join(config.dataDir, "keys", "warning-link.secret")),
      clock: systemClock,
      log,
    },
    config.secrets.sessionSecret ??
      (await loadOrCreateSecret(join(config.dataDir, "keys", "session.secret"))),
  );
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(config.port, config.host, resolve);
  });
  lifecycle.onClose("http", () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  log.info({ host: config.host, port }, "listening");
  // Whoever started us as a child learns the port the system chose.
  process.send?.({ type: "listening", port });
} catch (error) {
  console.error(explain(error));
  await lifecycle.close();
  process.exit(error instanceof AppError ? 2 : 1);
}

function vehicleRegistryOf({ vehicleRegistryUrl: url, secrets }: Config): VehicleRegistry {
  if (url === undefined) return noVehicleRegistry;
  const token = secrets.vehicleRegistryToken;
  return httpVehicleRegistry({ url, ...(token === undefined ? {} : { token }) });
}

function explain(error: unknown): unknown {
  const fault = error as NodeJS.ErrnoException & { port?: number };
  if (fault.code === "EADDRINUSE") {
    return `forewarn: port ${fault.port} is taken; set FOREWARN_PORT to another one (0 lets the system choose)`;
  }
  return error instanceof AppError ? `forewarn: ${error.message}` : error;
}
