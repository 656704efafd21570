import type { PushAnswer } from "../../contracts/platforms/national-portal/inbound.ts";
import type { InboundCall } from "../../contracts/portal-inbound.ts";
import type { Text } from "../../contracts/text.ts";
import type { Database, Executor } from "../database/database.ts";
import { evidenceContext } from "../ledger/ledger-desk.ts";
import { appendDelivered, appendParked } from "./append-inbound.ts";
import type { InboundParts } from "./inbound-parts.ts";
import { keepBody } from "./keep-files.ts";
import { NO_LAND_TAX } from "./land-tax.ts";
import type { PreparedPush } from "./prepare-push.ts";
import { takeQuestion } from "./questions/take-question.ts";
import type { ReadBody } from "./read-body.ts";
import { lockSubjects, writeSubject } from "./subjects.ts";
import { takeDossier } from "./take-dossier.ts";
import { takeTaxNotice, takeTaxReceipt } from "./take-tax.ts";
import type { Taken, Taking } from "./taken.ts";
import { type Parking, parkingOf, understand } from "./understand.ts";

/** A message as it came. */
export interface CameIn {
  readonly call: InboundCall;
  readonly body: ReadBody;
  readonly correlationId: string;
}

/** What is sealed with an entry besides the body. */
export interface InboundNote {
  readonly call: InboundCall;
  /** Bytes of the body. */
  readonly size: number;
}

/** What a push is answered, and whether webhooks have work now. */
export interface Received {
  readonly answer: PushAnswer;
  readonly told: boolean;
}

/** Binds what is said of a body to the deployment. */
export const noteContext = (tenant: string): string => `inbound:${tenant}`;

const TAKEN: PushAnswer = { error_code: 0, message: "Thành công" };
const DUPLICATE: PushAnswer = { error_code: 1, message: "Đã tiếp nhận trước đó" };

const CONFLICT: Text = {
  vi: "Mã hồ sơ này đã được gửi trước đó với nội dung khác.",
  en: "Another dossier was pushed under this code before.",
};

/** Takes one push in this transaction. */
export const takePush = (
  executor: Executor,
  parts: InboundParts,
  { push, ...rest }: PreparedPush,
  taking: Taking,
): Promise<Taken> => {
  switch (push.kind) {
    case "dossier":
      return takeDossier(executor, parts, { ...rest, push }, taking);
    case "tax-notice":
      return takeTaxNotice(executor, parts, { ...rest, push }, taking);
    case "tax-receipt":
      return takeTaxReceipt(executor, parts, { ...rest, push }, taking);
    case "question":
      return takeQuestion(executor, parts, push, taking);
  }
};

const noteOf = (parts: InboundParts, { call, body }: CameIn): Uint8Array => {
  const note: InboundNote = { call, size: body.bytes.length };
  return parts.sealer.seal(JSON.stringify(note), noteContext(parts.tenant));
};

/**
 * Parks a message with its bytes and its cause, once: the same bytes again are what is parked already.
 *
 * @returns whether it is new.
 */
export const parkUnread = async (
  executor: Executor,
  parts: InboundParts,
  came: CameIn,
  parking: Parking,
): Promise<boolean> => {
  const { tenant, sealer, fingerprints, platform, agency } = parts;
  const key = `parked:${fingerprints.of([came.call, await came.body.digest()])}`;
  if ((await lockSubjects(executor, tenant, [key])).get(key) !== null) return false;
  const { operation, code, fault, cause } = parking;
  const subject = code ?? came.call;
  const entry = { platform, operation, subject, dossierCode: code ?? null, agency, correlationId: came.correlationId };
  const because = {
    code: fault,
    message: sealer.seal(cause.vi, evidenceContext(tenant)),
    shape: parts.causeKey({ outcome: "refused", code: fault, message: cause.vi }),
  };
  const id = await appendParked(executor, tenant, { ...entry, payload: noteOf(parts, came) }, because);
  await keepBody(executor, parts, id, came.body.bytes);
  await writeSubject(executor, tenant, sealer, [key, { seen: [], landTax: NO_LAND_TAX }]);
  return true;
};

/** Records what came in the ledger, with its bytes, as delivered. */
export const recorder =
  (executor: Executor, parts: InboundParts, came: CameIn): Taking["record"] =>
  async (subject) => {
    const { platform, tenant } = parts;
    const entry = { ...subject, platform, correlationId: came.correlationId, payload: noteOf(parts, came) };
    const id = await appendDelivered(executor, tenant, entry);
    await keepBody(executor, parts, id, came.body.bytes);
    return id;
  };

const takeOrPark = async (
  executor: Executor,
  parts: InboundParts,
  came: CameIn,
  prepared: PreparedPush,
): Promise<Received> => {
  const record = recorder(executor, parts, came);
  const { correlationId } = came;
  const taken = await takePush(executor, parts, prepared, { record, correlationId, now: parts.now(), insisted: false });
  if (taken.kind === "taken") return { answer: TAKEN, told: await parts.tell(executor, taken.events) };
  if (taken.kind === "conflict")
    await parkUnread(executor, parts, came, parkingOf(prepared.push, "conflict", CONFLICT));
  return { answer: DUPLICATE, told: false };
};

/**
 * Takes a push, or parks what cannot be taken, and answers in the portal's words once it is committed (api section 7).
 * 0: recorded and handed to the inbox; 1: its code was told before, nothing new for the inbox; -1: not to be understood,
 * kept with its bytes for a person.
 *
 * @throws what the database throws: nothing is recorded then.
 */
export const receivePush = async (database: Database, parts: InboundParts, came: CameIn): Promise<Received> => {
  const understood = await understand(parts, came.call, came.body);
  return database.transaction(async (transaction) => {
    if (understood.ok) return takeOrPark(transaction, parts, came, understood.prepared);
    const { parking } = understood;
    await parkUnread(transaction, parts, came, parking);
    return { answer: { error_code: -1, message: parking.cause.vi }, told: false };
  });
};
