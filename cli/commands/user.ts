import { text } from "node:stream/consumers";
import type { Command } from "commander";
import type pg from "pg";
import { z } from "zod";
import { isRegionCode } from "../../casework/region.ts";
import { isRoleId, roleIds, roleNames } from "../../casework/roles.ts";
import { loadConfig } from "../../config/env.ts";
import { InvalidInputError } from "../../pipeline/domain/errors.ts";
import { systemClock } from "../../runtime/clock.ts";
import { newId } from "../../runtime/ids.ts";
import { required } from "../../runtime/required.ts";
import type { Act } from "../../store/act.ts";
import { hashPassword, newOneTimePassword, passwordFault } from "../../store/passwords.ts";
import { createPool, withTx } from "../../store/pool.ts";
import { listUsers, type User } from "../../store/user-read-model.ts";
import { addUser, disableUser } from "../../store/user-store.ts";

interface JsonOption {
  readonly json?: true;
}

const newUser = z.object({
  login: z
    .string()
    .toLowerCase()
    .regex(/^[a-z0-9][a-z0-9._-]{1,63}$/, "2–64 letters, digits, dots, dashes or underscores"),
  name: z.string().trim().min(1).max(100),
  role: z.array(z.string().refine(isRoleId, `one of: ${roleIds.join(", ")}`)).min(1),
  region: z.array(z.string().refine(isRegionCode, "six digits of GB/T 2260, such as 510107")).min(1),
});

export function registerUser(program: Command): void {
  const user = program.command("user").description("users (用户): add, list, disable");
  user
    .command("add")
    .description("add a user; prints a one-time password unless one comes on stdin")
    .argument("<login>", "what they sign in with")
    .requiredOption("--name <name>", "what colleagues see")
    .requiredOption("--role <roles...>", "one or more roles, listed below")
    .requiredOption("--region <codes...>", "GB/T 2260: 510107 a county, 510100 its city, 510000 the province")
    .option("--password-stdin", "read the password from standard input instead of making a one-time one")
    .option("--json", "one JSON object on stdout")
    .addHelpText(
      "after",
      `
Roles:
${roleIds.map((role) => `  ${role.padEnd(20)} ${roleNames[role].zh} ${roleNames[role].en}`).join("\n")}

Examples:
  forewarn user add limin --name 李敏 --role content_reviewer officer --region 510107
  forewarn user add wang --name 王强 --role agency_leader --region 510100 --password-stdin < password.txt

Exit codes: 0 added · 1 the login is taken · 2 wrong usage or configuration`,
    )
    .action(add);
  user
    .command("list")
    .description("everybody, with roles and regions")
    .option("--json", "one JSON object a line on stdout")
    .addHelpText("after", "\nExample:\n  forewarn user list --json | jq -r .login")
    .action(list);
  user
    .command("disable")
    .description("end a user's access at once; what they did stays on record")
    .argument("<login>")
    .option("--json", "one JSON object on stdout")
    .addHelpText("after", "\nExample:\n  forewarn user disable limin")
    .action(disable);
}

async function add(
  login: string,
  options: JsonOption & { name: string; role: string[]; region: string[]; passwordStdin?: true },
): Promise<void> {
  const input = parseUser({ login, name: options.name, role: options.role, region: options.region });
  const chosen = options.passwordStdin ? await readPassword() : null;
  const password = chosen ?? newOneTimePassword();
  const passwordHash = await hashPassword(password);
  const { userId } = await withDatabase((pool) =>
    withTx(pool, (tx) =>
      addUser(tx, act(), {
        login: input.login,
        displayName: input.name,
        passwordHash,
        mustChangePassword: chosen === null,
        roles: input.role,
        regions: input.region,
      }),
    ),
  );
  const oneTime = chosen === null ? { oneTimePassword: password } : {};
  if (options.json) console.log(JSON.stringify({ type: "user", userId, login: input.login, ...oneTime }));
  else {
    console.log(`added ${input.login} (${input.name})`);
    if (chosen === null)
      console.log(`one-time password: ${password}   (must be changed at the first sign-in)`);
  }
}

async function list(options: JsonOption): Promise<void> {
  const users = await withDatabase((pool) => listUsers(pool));
  if (options.json) for (const user of users) console.log(JSON.stringify({ type: "user", ...user }));
  else console.log(users.length === 0 ? "no users yet: forewarn user add …" : users.map(line).join("\n"));
}

async function disable(login: string, options: JsonOption): Promise<void> {
  const { changed } = await withDatabase((pool) =>
    withTx(pool, (tx) => disableUser(tx, act(), login.toLowerCase())),
  );
  if (options.json) console.log(JSON.stringify({ type: "user", login, disabled: true, changed }));
  else console.log(changed ? `disabled ${login}` : `${login} was disabled already`);
}

function line(user: User): string {
  const flags = user.disabled ? "  disabled" : user.mustChangePassword ? "  one-time password" : "";
  return `${user.login}  ${user.displayName}  ${user.roles.join(",")}  ${user.regions.join(",")}${flags}`;
}

function parseUser(input: z.input<typeof newUser>): z.output<typeof newUser> {
  const parsed = newUser.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(
    "user add",
    parsed.error.issues.map((issue) => ({
      path: issue.path[0] === "login" ? "LOGIN" : `--${String(issue.path[0])}`,
      message: issue.message,
    })),
  );
}

async function readPassword(): Promise<string> {
  const password = (await text(process.stdin)).replace(/\r?\n$/, "");
  const fault = passwordFault(password);
  if (fault !== null) throw new InvalidInputError("standard input", [{ path: "", message: fault }]);
  return password;
}

function act(): Act {
  return { actor: { kind: "system", name: "cli" }, scope: "every", at: systemClock.now(), newId };
}

async function withDatabase<Result>(use: (pool: pg.Pool) => Promise<Result>): Promise<Result> {
  const pool = createPool(required(loadConfig().databaseUrl, "FOREWARN_DATABASE_URL"));
  try {
    return await use(pool);
  } finally {
    await pool.end();
  }
}
