import { parseArgs } from "node:util";
import { loadConfig } from "../config/env.ts";
import { AppError, UsageError } from "../pipeline/domain/errors.ts";
import { exitOnSignals, Lifecycle } from "../runtime/lifecycle.ts";
import { createLogger } from "../runtime/logger.ts";
import { createWorkerContext } from "./context.ts";
import { keepArmed } from "./keep-armed.ts";
import { serveMetrics } from "./metrics-server.ts";
import { type WorkerRole, workerRoles } from "./registry.ts";
import { startRole } from "./start-role.ts";

const lifecycle = new Lifecycle();

try {
  const config = loadConfig();
  const log = createLogger({ name: "worker", level: config.logLevel });
  exitOnSignals(lifecycle, log);
  const roles = rolesFrom(process.argv.slice(2));
  const context = await createWorkerContext(config, log, lifecycle);
  await serveMetrics(context, context.metrics, lifecycle);
  await keepArmed(context, roles, lifecycle);
  for (const role of roles) startRole(context, role, lifecycle);
  log.info({ roles }, "working");
  process.send?.({ type: "working", roles });
} catch (error) {
  console.error(error instanceof AppError ? `forewarn: ${error.message}` : error);
  await lifecycle.close();
  process.exit(error instanceof AppError ? 2 : 1);
}

function rolesFrom(args: string[]): WorkerRole[] {
  const { values } = parseArgs({ args, options: { roles: { type: "string" } } });
  if (values.roles === undefined) return [...workerRoles];
  return values.roles.split(",").map((name) => {
    const role = workerRoles.find((known) => known === name.trim());
    if (!role) throw new UsageError(`--roles: "${name}" is not one of ${workerRoles.join(", ")}`);
    return role;
  });
}
