import { GatewayError } from "../../../contracts/errors.ts";
import { FIELD_ERRORS } from "../../../contracts/services/fields.ts";
import type { ImportStarted } from "../../../contracts/services/imports.ts";
import type { Caller } from "../../caller.ts";
import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { type Answer, answerOnce } from "../../ledger/answer-once.ts";
import type { IdempotencyKey } from "../../ledger/idempotency.ts";
import { recordAct } from "../../security/audit.ts";
import type { Fingerprints } from "../../security/fingerprints.ts";
import { uploadOverrun } from "./insert-batch.ts";
import { type ImportRequest, openUpload, type Upload } from "./open-upload.ts";
import { type IncomingFile, readFile, readPieces, UploadCutOff } from "./read-file.ts";
import { type LineStore, storeLines } from "./store-lines.ts";

/** What uploads are received with. */
export interface UploadParts extends LineStore {
  readonly fingerprints: Fingerprints;
}

/** An upload as it was asked for. `target`: method and path with query, part of what its key stands for. */
export interface IncomingImport {
  readonly request: ImportRequest;
  readonly file: IncomingFile;
  readonly target: string;
}

const empty = (): GatewayError =>
  new GatewayError("invalid_request", {
    errors: [{ field: "", code: "too_short", message: FIELD_ERRORS.too_short }],
    detail: { vi: "Tệp không có hồ sơ nào.", en: "The file has no dossier." },
  });

const cutOff = (cause: unknown): GatewayError =>
  new GatewayError("invalid_request", {
    detail: {
      vi: "Tệp bị đứt giữa chừng. Gửi lại cả tệp với cùng Idempotency-Key.",
      en: "The file was cut off. Send all of it again with the same Idempotency-Key.",
    },
    cause,
  });

/** What an earlier upload under this key, which came in whole, was. */
const findKept = async (executor: Executor, tenant: string, key: IdempotencyKey | undefined) => {
  if (key === undefined) return undefined;
  const [kept] = await rows<{ fingerprint: string }>(
    executor,
    sql`select fingerprint from idempotency_keys where tenant = ${tenant} and client = ${key.client} and key = ${key.key}`,
  );
  return kept?.fingerprint;
};

/** The key of a file: what it stands for is known when the file was read. */
const keyOfFile = (key: IdempotencyKey | undefined, fingerprint: string): IdempotencyKey | undefined =>
  key && {
    client: key.client,
    key: key.key,
    fingerprint,
    matches: (stored) => stored === fingerprint,
    seal: key.seal,
    open: key.open,
  };

/** Whoever sends nothing usable leaves nothing behind. */
const discard = async (executor: Executor, tenant: string, { id, upload }: Upload): Promise<void> => {
  await executor.execute(
    sql`update imports set state = 'deleted', is_unclean = true
        where tenant = ${tenant} and id = ${id}::bigint and upload = ${upload} and state = 'incomplete'`,
  );
};

const start = async (executor: Executor, tenant: string, caller: Caller, { id, upload }: Upload, lines: number) => {
  const started = await rows(
    executor,
    sql`update imports set state = 'running', idempotency_key = null, started_at = now(), credit_at = now(), next_at = now()
        where tenant = ${tenant} and id = ${id}::bigint and upload = ${upload} and state = 'incomplete' returning id`,
  );
  if (started.length === 0) throw uploadOverrun();
  await recordAct(executor, tenant, {
    actorKind: "client",
    actor: caller.client,
    action: "import.start",
    subject: id,
    detail: { lines },
    correlationId: caller.correlationId,
  });
  const body: ImportStarted = { id, state: "running", lines };
  return { status: 202, body: JSON.stringify(body) };
};

/**
 * Receives the file of `POST /v1/imports`: its lines are stored as they stream in, and it is answered when all of them are. One that is cut off
 * stays incomplete; sent again under the same key it goes on under the same id. Nothing is worked off before.
 *
 * @throws GatewayError `invalid_request`, `payload_too_large`, `conflict`, `idempotency_key_reused`.
 */
export const receiveUpload = async (
  parts: UploadParts,
  caller: Caller,
  { request, file, target }: IncomingImport,
): Promise<Answer> => {
  const { database, tenant, fingerprints } = parts;
  const kept = await findKept(database, tenant, caller.idempotencyKey);
  const running = fingerprints.begin(kept);
  running.update(`${target}\n`);
  if (kept !== undefined) {
    for await (const piece of readPieces(file.body)) running.update(piece);
    const key = keyOfFile(caller.idempotencyKey, running.end());
    return database.transaction((transaction) =>
      answerOnce(transaction, tenant, key, () => Promise.reject(new GatewayError("unavailable"))),
    );
  }
  const upload = await openUpload(database, tenant, caller, request);
  try {
    const lines = await storeLines(
      parts,
      upload,
      readFile(file, (piece) => running.update(piece)),
    );
    if (lines === 0) throw empty();
    const key = keyOfFile(caller.idempotencyKey, running.end());
    return await database.transaction((transaction) =>
      answerOnce(transaction, tenant, key, () => start(transaction, tenant, caller, upload, lines)),
    );
  } catch (error) {
    if (error instanceof UploadCutOff) throw cutOff(error);
    const refusals: readonly string[] = ["invalid_request", "payload_too_large"];
    if (error instanceof GatewayError && refusals.includes(error.code)) await discard(database, tenant, upload);
    throw error;
  }
};
