import type { PlatformId } from "../../../contracts/adapter.ts";
import { type FieldError, GatewayError } from "../../../contracts/errors.ts";
import { FIELD_ERRORS } from "../../../contracts/services/fields.ts";
import type { ListReceived } from "../../../contracts/services/reconciliations.ts";
import type { Caller } from "../../caller.ts";
import { type Database, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import type { ImportFormat } from "../../imports/file-line.ts";
import { type IncomingFile, UploadCutOff } from "../../imports/upload/read-file.ts";
import { type Answer, answerOnce } from "../../ledger/answer-once.ts";
import type { IdempotencyKey } from "../../ledger/idempotency.ts";
import { recordAct } from "../../security/audit.ts";
import type { Fingerprints, RunningFingerprint } from "../../security/fingerprints.ts";
import { insertRows } from "./insert-rows.ts";
import { type ListedLine, lineFault, readLines } from "./read-lines.ts";

/** An upload as it was asked for. */
export interface IncomingList {
  readonly platform: PlatformId;
  readonly asOf: string;
  readonly whole: boolean;
  readonly format: ImportFormat;
  readonly body: IncomingFile["body"];
  /** Method and path with query, part of what its key stands for. */
  readonly target: string;
}

/** What lists are received with. */
export interface ListParts {
  readonly database: Database;
  readonly tenant: string;
  readonly fingerprints: Fingerprints;
  readonly now: () => Date;
}

/** Lines written in one statement. */
const BATCH = 2000;
/** A list that is broken everywhere tells nothing more by its hundredth fault. */
const MOST_FAULTS = 20;

const invalid = (errors: readonly FieldError[]): GatewayError => new GatewayError("invalid_request", { errors });

const cutOff = (cause: unknown): GatewayError =>
  new GatewayError("invalid_request", {
    detail: { vi: "Tệp bị đứt giữa chừng. Gửi lại cả tệp.", en: "The file was cut off. Send all of it again." },
    cause,
  });

const begin = async ({ database, tenant }: ListParts, caller: Caller, list: IncomingList): Promise<string> => {
  const [row] = await rows<{ id: string }>(
    database,
    sql`insert into reconciliation_lists (tenant, platform, agency, client, as_of, is_whole, state)
        values (${tenant}, ${list.platform}, ${caller.agency}, ${caller.client}, ${list.asOf}::timestamptz, ${list.whole}, 'receiving')
        returning id`,
  );
  if (row === undefined) throw new Error("insert returned no row");
  return row.id;
};

const discard = async ({ database, tenant }: ListParts, id: string): Promise<void> => {
  await database.execute(
    sql`update reconciliation_lists set state = 'deleted' where tenant = ${tenant} and id = ${id}::bigint and state = 'receiving'`,
  );
};

/** Stores lines; what comes twice is a fault of the later line. */
const store = async (
  { database, tenant }: ListParts,
  id: string,
  lines: readonly ListedLine[],
): Promise<FieldError[]> => {
  const first = new Map<string, ListedLine>();
  const again = lines.filter((line) => first.has(line.code) || !first.set(line.code, line));
  const added = await insertRows(
    database,
    tenant,
    id,
    [...first.values()].map(({ code, status }) => ({ code, ...(status !== undefined && { status }) })),
  );
  const earlier = [...first.values()].filter(({ code }) => !added.has(code));
  return [...again, ...earlier].map(({ line }) => lineFault(line, "duplicate_code", "code"));
};

/** @throws GatewayError `invalid_request` with the first faults, `payload_too_large`, UploadCutOff. @returns how many lines */
const storeAll = async (
  parts: ListParts,
  id: string,
  { body, format }: IncomingList,
  running: RunningFingerprint,
): Promise<number> => {
  const faults: FieldError[] = [];
  let held: ListedLine[] = [];
  let count = 0;
  const flush = async (): Promise<void> => {
    faults.push(...(await store(parts, id, held)));
    count += held.length;
    held = [];
  };
  for await (const lines of readLines(body, format)) {
    for (const line of lines) {
      if ("faults" in line) faults.push(...line.faults);
      else {
        held.push(line);
        running.update(`${JSON.stringify([line.code, line.status ?? null])}\n`);
      }
      if (held.length >= BATCH) await flush();
    }
    if (faults.length >= MOST_FAULTS) break;
  }
  await flush();
  if (faults.length > 0) throw invalid(faults.slice(0, MOST_FAULTS));
  if (count === 0) throw invalid([{ field: "", code: "too_short", message: FIELD_ERRORS.too_short }]);
  return count;
};

/** The key of a file: what it stands for is known when the file was read. */
const keyOfFile = (key: IdempotencyKey | undefined, fingerprint: string): IdempotencyKey | undefined =>
  key && { ...key, fingerprint, matches: (stored) => stored === fingerprint };

/**
 * Receives the list of `POST /v1/reconciliation-lists`: its lines are stored as they stream in, and it can be used when all of
 * them are there and sound; of a broken one nothing is kept.
 *
 * @throws GatewayError `invalid_request`, `payload_too_large`, `idempotency_key_reused`.
 */
export const receiveList = async (parts: ListParts, caller: Caller, list: IncomingList): Promise<Answer> => {
  const { database, tenant, fingerprints, now } = parts;
  if (Date.parse(list.asOf) > now().getTime()) {
    throw invalid([{ field: "asOf", code: "out_of_range", message: FIELD_ERRORS.out_of_range }]);
  }
  const running = fingerprints.begin();
  running.update(`${list.target}\n`);
  const id = await begin(parts, caller, list);
  try {
    const lines = await storeAll(parts, id, list, running);
    const key = keyOfFile(caller.idempotencyKey, running.end());
    const answer = await database.transaction((transaction) =>
      answerOnce(transaction, tenant, key, async () => {
        await transaction.execute(
          sql`update reconciliation_lists set state = 'ready', heard_at = now() where tenant = ${tenant} and id = ${id}::bigint`,
        );
        await recordAct(transaction, tenant, {
          actorKind: "client",
          actor: caller.client,
          action: "reconciliation-list.receive",
          subject: id,
          detail: { lines },
          correlationId: caller.correlationId,
        });
        return { status: 201, body: JSON.stringify({ id, lines } satisfies ListReceived) };
      }),
    );
    if (answer.replayed) await discard(parts, id);
    return answer;
  } catch (error) {
    await discard(parts, id);
    throw error instanceof UploadCutOff ? cutOff(error) : error;
  }
};
