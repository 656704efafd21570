import { execFile } from "node:child_process";
import { access, constants, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { PRIORITIES } from "../../contracts/ledger.ts";
import { dossierCode, eventBody } from "./workload.ts";

const run = promisify(execFile);

/** pgbench on PATH, or where Debian keeps it; null when the machine has none. */
export const findPgbench = async (): Promise<string | null> => {
  const versions = await readdir("/usr/lib/postgresql").catch(() => []);
  const debian = versions.toSorted((a, b) => Number(b) - Number(a)).map((v) => `/usr/lib/postgresql/${v}/bin`);
  for (const folder of [...(process.env["PATH"] ?? "").split(delimiter), ...debian]) {
    const file = join(folder, "pgbench");
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  return null;
};

/** The version it prints. */
export const pgbenchVersion = async (pgbench: string): Promise<string> =>
  (await run(pgbench, ["--version"])).stdout.trim();

/** One run of pgbench. */
export interface PgbenchRun {
  readonly pgbench: string;
  readonly databaseUrl: string;
  readonly script: string;
  readonly clients: number;
  readonly seconds: number;
  /** Steps go to the dossiers `0..dossiers-1` at random. */
  readonly dossiers: number;
  readonly seed: number;
}

// Sizes as the gateway writes them: sealed content is the JSON and 37 bytes (header, key id, nonce, tag).
const SEALED_BYTES = Buffer.byteLength(JSON.stringify(eventBody("round-1-12345"))) + 37;
const ANSWER = {
  dossierCode: dossierCode(0),
  eventId: "round-1-12345",
  exchanges: [{ id: "12345", platform: "national-portal", operation: "dossier.step", state: "queued" }],
  warnings: [],
};

// pgbench takes every colon with a name behind it for a variable, also in a literal: hence the prefix as a variable.
/** Sent with every transaction, as a client would send them. */
const VALUES: Readonly<Record<string, string>> = {
  stream_prefix: "national-portal:dossier:",
  payload: `\\x${"ab".repeat(SEALED_BYTES)}`,
  answer: JSON.stringify(ANSWER),
  fingerprint: `local.${"a".repeat(43)}`,
  correlation: "0192f0c1-aaaa-7bbb-8ccc-0123456789ab",
};

const PICK = `\\set pick random(0, :dossiers - 1)
\\set roll random(1, 9000000000000000000)
`;

const CODE = `'${dossierCode(0).slice(0, -7)}' || lpad(:pick::text, 7, '0')`;

const ENTRY = `with accepted as (
  insert into entries (tenant, platform, operation, stream, subject, dossier_code, client, agency, priority, correlation_id, payload)
  values ('H04', 'national-portal', 'dossier.step', :stream_prefix::text || ${CODE}, ${CODE}, ${CODE}, 'demo', 'H04',
          ${PRIORITIES.normal}, :correlation, :payload::bytea)
  returning id, stream
)`;
const PENDING = `insert into pending (tenant, id, platform, operation, stream, position, priority, agency)
  select 'H04', id, 'national-portal', 'dossier.step', stream, id, ${PRIORITIES.normal}, 'H04' from accepted returning id`;
const EVENT_COLUMNS = "(tenant, dossier_code, event_id, fingerprint, status, exchange_id, content, answer)";
const EVENT = (exchange: string) =>
  `'H04', ${CODE}, 'event-' || :roll::text, :fingerprint, 'processing', ${exchange}, :payload::bytea, :answer`;
const DOSSIER = `update dossiers set status = 'processing', updated_at = now() where tenant = 'H04' and code = ${CODE}`;

/** The rows that one accepted step leaves (src/dossiers/add-event.ts), written by one statement: the least a database can do. */
export const ONE_STATEMENT = `${PICK}${ENTRY},
queued as (${PENDING}),
event as (insert into dossier_events ${EVENT_COLUMNS} select ${EVENT("id")} from queued)
${DOSSIER};
`;

/** The same rows by the statements of an ordinary transaction, its round trips included. */
export const TRANSACTION = `${PICK}begin;
select agency, portal_code, status, fingerprint from dossiers where tenant = 'H04' and code = ${CODE} for update;
${ENTRY} ${PENDING} \\gset
insert into dossier_events ${EVENT_COLUMNS} values (${EVENT(":id")});
${DOSSIER};
commit;
`;

/** Runs pgbench (`-M prepared -j 1`); transactions per second without the time to connect. */
export const runPgbench = async (options: PgbenchRun): Promise<number> => {
  const { hostname, port, username, password, pathname } = new URL(options.databaseUrl);
  const folder = await mkdtemp(join(tmpdir(), "ltg-pgbench-"));
  const script = join(folder, "script.sql");
  try {
    await writeFile(script, options.script);
    const defined = Object.entries({ ...VALUES, dossiers: String(options.dossiers) });
    const { stdout } = await run(
      options.pgbench,
      [
        ...["-h", hostname, "-p", port, "-U", username, "-n", "-M", "prepared", "-j", "1"],
        ...["-c", String(options.clients), "-T", String(options.seconds), "-f", script],
        `--random-seed=${options.seed}`,
        ...defined.flatMap(([name, value]) => ["-D", `${name}=${value}`]),
        pathname.slice(1),
      ],
      { env: { PATH: process.env["PATH"], PGPASSWORD: decodeURIComponent(password) } },
    ).catch((error: { readonly stderr?: string }) => {
      throw new Error(`pgbench: ${error.stderr?.slice(-500)}`);
    });
    const tps = /^tps = ([\d.]+)/mu.exec(stdout)?.[1];
    const failed = /^number of failed transactions: (\d+)/mu.exec(stdout)?.[1] ?? "0";
    if (tps === undefined || failed !== "0") throw new Error(`pgbench: ${stdout}`);
    return Number(tps);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
