import type { AttemptKind, CallContext, OpenedFile, Reading } from "../../../../contracts/adapter.ts";
import type { PlatformDossier } from "../../../../contracts/comparer.ts";
import {
  CONNECTOR_PATHS,
  type ConnectorStatus,
  type ConnectorStep,
  type CreatedDossier,
  type ListRequest,
  type NoiHoSo,
  type TokenRequest,
  type UploadedFile,
} from "../../../../contracts/platforms/national-portal/connector-v1.ts";
import { done, maskReading } from "../../client.ts";
import type { ConnectorConfig } from "../../config.ts";
import { type AnswerForm, field, malformed, type PortalAnswer, readAnswer } from "../../faults.ts";
import { mask, maskSessionValue } from "../../masking.ts";
import { inSession, keepSession, type Session, type SessionKeeper } from "../../session.ts";
import { CONNECTOR_ANSWER, readBare, readCreated, readToken, readUpload } from "./connector-answers.ts";
import { LIST_ANSWER, readList } from "./list-answer.ts";
import { writeForm } from "./multipart.ts";

/** The calls of shape C as functions, in its own words; tokens are its own affair. */
export interface ConnectorClient {
  /** The next dossier code of the caller's agency; null where no such call is configured. */
  nextNumber: ((call: CallContext) => Promise<Reading<string>>) | null;
  /** Uploads one file; opens it anew for each attempt, since a stream is read once. */
  upload(file: FileToUpload, call: CallContext): Promise<Reading<UploadedFile>>;
  create(noiHoSo: NoiHoSo, call: CallContext): Promise<Reading<CreatedDossier>>;
  addStep(step: ConnectorStep, call: CallContext): Promise<Reading<null>>;
  setStatus(status: ConnectorStatus, call: CallContext): Promise<Reading<null>>;
  /** The dossiers of a procedure that were filed on the portal. */
  list(maTTHC: string, call: CallContext): Promise<Reading<readonly PlatformDossier[]>>;
}

/** A file of a dossier on its way to the portal. */
export interface FileToUpload {
  readonly maHoSo: string;
  readonly name: string;
  readonly open: () => Promise<Reading<OpenedFile>>;
}

/** The bodies as they are sent; they hold no secret. */
export const bodyOf = {
  create: (noiHoSo: NoiHoSo): string => JSON.stringify(noiHoSo),
  step: (step: ConnectorStep): string => JSON.stringify([step]),
  status: (status: ConnectorStatus): string => JSON.stringify([status]),
} as const;

const JSON_HEADERS = { Accept: "application/json", "Content-Type": "application/json" } as const;

/** A portal with its token. */
interface Line {
  readonly config: ConnectorConfig;
  readonly keeper: SessionKeeper;
}

const keepToken = ({ url, clientId, clientSecret }: ConnectorConfig): SessionKeeper =>
  keepSession((call) => {
    const request: TokenRequest = { client_id: clientId, client_secret: clientSecret };
    return call.attempt({
      kind: "login",
      request: {
        method: "POST",
        url: url + CONNECTOR_PATHS.login,
        headers: { ...JSON_HEADERS, "X-Correlation-Id": call.correlationId },
        body: JSON.stringify(request),
      },
      evidence: JSON.stringify({ ...request, client_secret: "***" }),
      answerEvidence: (body) => mask(maskSessionValue(body), clientSecret),
      read: (answer) => maskReading(readToken(answer, call.now()), clientSecret),
    });
  });

const authorized = ({ token }: Session, call: CallContext): Record<string, string> => ({
  Authorization: `Bearer ${token}`,
  "X-Correlation-Id": call.correlationId,
});

/** A message of the portal: its path and body, and what an answer that says success means. */
interface Post<T> {
  readonly path: string;
  readonly body: string;
  /** The default is a message; a question changes nothing when it is lost. */
  readonly kind?: AttemptKind;
  readonly form?: AnswerForm;
  readonly isCreate?: boolean;
  readonly read: (answer: PortalAnswer) => Reading<T>;
}

const post = <T>({ config, keeper }: Line, message: Post<T>, call: CallContext) =>
  inSession(keeper, call, (session) => {
    const { path, body, kind = "send", form = CONNECTOR_ANSWER, isCreate = false, read } = message;
    const headers = { ...JSON_HEADERS, ...authorized(session, call) };
    return call.attempt<T>({
      kind,
      request: { method: "POST", url: config.url + path, headers, body },
      evidence: body,
      answerEvidence: (text) => mask(text, session.token),
      read: (answer) => {
        const reading = readAnswer(answer, { kind, now: call.now(), isCreate, form });
        return maskReading(reading.ok ? read(reading.value) : reading, session.token);
      },
    });
  });

const nextNumber = ({ config, keeper }: Line, path: string, call: CallContext): Promise<Reading<string>> =>
  inSession(keeper, call, (session) => {
    const url = `${config.url}${path}?code=${encodeURIComponent(config.madonvi)}`;
    return call.attempt<string>({
      kind: "read",
      request: { method: "GET", url, headers: { ...JSON_HEADERS, ...authorized(session, call) } },
      evidence: JSON.stringify({ code: config.madonvi }),
      answerEvidence: (text) => mask(text, session.token),
      read: (answer) => {
        const reading = readBare(answer, "read", call.now());
        if (!reading.ok) return maskReading(reading, session.token);
        const value = field(reading.value, "value");
        return typeof value === "string" && value !== ""
          ? { ok: true, value }
          : malformed("The next number's answer holds no value");
      },
    });
  });

// An upload changes nothing about a dossier: losing its answer leaves no more than an unused file, so it counts as a
// question and is simply repeated.
const UPLOAD_KIND: AttemptKind = "read";

const uploadOpened = async (
  { maHoSo, name }: FileToUpload,
  opened: OpenedFile,
  to: { readonly url: string; readonly session: Session },
  call: CallContext,
): Promise<Reading<UploadedFile>> => {
  const { url, session } = to;
  try {
    const form = writeForm(
      { text: { name: "maHoSo", value: maHoSo }, file: { name: "file", fileName: name } },
      opened,
      `lien-thong-${crypto.randomUUID()}`,
    );
    const headers = { Accept: "application/json", ...authorized(session, call), ...form.headers };
    return await call.attempt({
      kind: UPLOAD_KIND,
      request: { method: "POST", url, headers, stream: form.stream },
      evidence: JSON.stringify({ maHoSo, file: { name, size: opened.size, type: opened.type } }),
      answerEvidence: (text) => mask(text, session.token),
      read: (answer) => maskReading(readUpload(answer, call.now()), session.token),
    });
  } finally {
    await opened.close();
  }
};

/** Begins to speak shape C; nothing is sent before the first call. */
export const openConnectorClient = (config: ConnectorConfig): ConnectorClient => {
  const line: Line = { config, keeper: keepToken(config) };
  const { createPath, numberPath } = config;
  const url = config.url + CONNECTOR_PATHS.upload;
  return {
    nextNumber: numberPath === undefined ? null : (call) => nextNumber(line, numberPath, call),
    upload: (file, call) =>
      inSession(line.keeper, call, async (session) => {
        const opened = await file.open();
        return opened.ok ? uploadOpened(file, opened.value, { url, session }, call) : opened;
      }),
    create: (noiHoSo, call) => {
      const read = (answer: PortalAnswer) => ({ ok: true, value: readCreated(answer) }) as const;
      return post(line, { path: createPath, body: bodyOf.create(noiHoSo), isCreate: true, read }, call);
    },
    addStep: (step, call) => post(line, { path: CONNECTOR_PATHS.steps, body: bodyOf.step(step), read: done }, call),
    setStatus: (status, call) =>
      post(line, { path: CONNECTOR_PATHS.status, body: bodyOf.status(status), read: done }, call),
    list: (MaTTHC, call) => {
      const request: ListRequest = { TrangThaiHoSo: "", MaTTHC, HinhThucTiepNhan: "" };
      const body = JSON.stringify(request);
      return post(line, { path: CONNECTOR_PATHS.list, body, kind: "read", form: LIST_ANSWER, read: readList }, call);
    },
  };
};
