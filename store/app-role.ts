import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import type pg from "pg";
import { MigrationError } from "./errors.ts";

/** The role that api and worker connect as: it reads and writes, owns nothing and changes no table. */
export interface AppRole {
  readonly name: string;
  /** Null: the role keeps the one it has; a new role cannot sign in by password. */
  readonly password: string | null;
}

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;
const PASSWORD = /^[\x21-\x7e]{12,}$/;

/**
 * Makes the role, or brings it up to date: to be called in a transaction, by the tables' owner, after each migration.
 * What a table's triggers refuse is not granted either, so that append-only is a matter of privilege first: whoever has
 * this role can neither take a trigger off nor set `session_replication_role`. Nobody else may use the tables.
 *
 * @throws MigrationError when the name or the password is unfit, or the role could do more than it should
 */
export async function setUpAppRole(client: pg.ClientBase, { name, password }: AppRole): Promise<void> {
  if (!NAME.test(name))
    throw new MigrationError(
      `"${name}" is no name for the programs' role: small letters, digits and underscores, 63 at most.`,
    );
  if (password !== null && !PASSWORD.test(password))
    throw new MigrationError(
      "FOREWARN_APP_DATABASE_PASSWORD is too short or has blanks or other signs than ASCII: openssl rand -hex 24 makes a good one.",
    );
  const role = client.escapeIdentifier(name);
  const { rowCount } = await client.query("select 1 from pg_roles where pg_roles.rolname = $1", [name]);
  if (rowCount === 0) await client.query(`create role ${role} login`);
  await refuseMighty(client, name);
  if (password !== null)
    await client.query(`alter role ${role} login password ${client.escapeLiteral(scramVerifier(password))}`);
  await grantWhatIsNeeded(client, role);
}

/** A role that could help itself to more makes every other guard worthless. */
async function refuseMighty(client: pg.ClientBase, name: string): Promise<void> {
  const { rows } = await client.query<{ fault: string }>(
    `select role.oid, fault from pg_roles as role, lateral (values
       (role.rolname = current_user, 'is the one that owns the tables'),
       (role.rolsuper, 'is a superuser'),
       (role.rolcreaterole, 'may make roles'),
       (role.rolcreatedb, 'may make databases'),
       (role.rolreplication, 'may replicate'),
       (role.rolbypassrls, 'passes by row security'),
       (exists (select 1 from pg_auth_members as membership where membership.member = role.oid),
        'belongs to another role'),
       (exists (select 1 from pg_class where pg_class.relowner = role.oid), 'owns tables'),
       (exists (select 1 from pg_proc where pg_proc.proowner = role.oid), 'owns functions')
     ) as faults (applies, fault) where role.rolname = $1 and applies`,
    [name],
  );
  if (rows.length > 0)
    throw new MigrationError(
      `Role ${name} is no role for the programs: it ${rows.map(({ fault }) => fault).join(", ")}. Name another one with --app-role, or take that from it.`,
    );
}

async function grantWhatIsNeeded(client: pg.ClientBase, role: string): Promise<void> {
  const { rows } = await client.query<{ database: string; schema: string }>(
    "select current_database() as database, current_schema() as schema",
  );
  const [where] = rows;
  if (where === undefined) throw new MigrationError("The database does not say what it is called.");
  const schema = client.escapeIdentifier(where.schema);
  for (const statement of [
    `revoke create on schema ${schema} from public, ${role}`,
    `revoke all on all tables in schema ${schema} from public, ${role}`,
    `grant connect on database ${client.escapeIdentifier(where.database)} to ${role}`,
    `grant usage on schema ${schema} to ${role}`,
  ])
    await client.query(statement);
  for (const { table, privileges } of await privilegesByTable(client, where.schema))
    await client.query(
      `grant ${privileges.join(", ")} on ${schema}.${client.escapeIdentifier(table)} to ${role}`,
    );
}

/** From the triggers that call `refuse_change`: pg_trigger.tgtype has 4 for insert, 8 for delete, 16 for update. */
async function privilegesByTable(
  client: pg.ClientBase,
  schema: string,
): Promise<{ table: string; privileges: string[] }[]> {
  const { rows } = await client.query<{ table: string; refused: number }>(
    `select class.relname as "table",
       coalesce((select bit_or(trigger.tgtype) from pg_trigger as trigger
                 join pg_proc as called on called.oid = trigger.tgfoid
                 where trigger.tgrelid = class.oid and called.proname = 'refuse_change'), 0) as refused
     from pg_class as class join pg_namespace as namespace on namespace.oid = class.relnamespace
     where class.relkind in ('r', 'p') and namespace.nspname = $1 and class.relname <> 'migration_ledger'`,
    [schema],
  );
  const bits = { insert: 4, delete: 8, update: 16 };
  return rows.map(({ table, refused }) => ({
    table,
    privileges: [
      "select",
      ...Object.entries(bits).flatMap(([privilege, bit]) => ((refused & bit) === 0 ? [privilege] : [])),
    ],
  }));
}

const ROUNDS = 4096;

/** What PostgreSQL keeps of a password (RFC 5802, 7677), made here so that the password itself is in no server's log. */
function scramVerifier(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, ROUNDS, 32, "sha256");
  const keyOf = (use: string) => createHmac("sha256", salted).update(use).digest();
  const stored = createHash("sha256").update(keyOf("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${ROUNDS}:${salt.toString("base64")}$${stored}:${keyOf("Server Key").toString("base64")}`;
}
