import type { AttemptKind, CallContext, OpenedFile, Reading } from "../../../../contracts/adapter.ts";
import type { PlatformDossier } from "../../../../contracts/comparer.ts";
import {
  CONNECTOR_PATHS,
  type ConnectorStatus,
  type ConnectorStep,
  type CreatedDossier,
  type ListRequest,
  type NoiHoSo,
  type UploadedFile,
} from "../../../../contracts/platforms/national-portal/connector-v1.ts";
import { done, maskReading, sharesOf } from "../../client.ts";
import type { ConnectorConfig } from "../../config.ts";
import { field, malformed, type PortalAnswer } from "../../faults.ts";
import { mask } from "../../masking.ts";
import { inSession, type Session } from "../../session.ts";
import { readBare, readCreated, readUpload } from "./connector-answers.ts";
import { openConnectorFetching } from "./connector-fetching.ts";
import { authorized, JSON_HEADERS, keepToken, type Line, post } from "./connector-line.ts";
import { LIST_ANSWER, readList } from "./list-answer.ts";
import { writeForm } from "./multipart.ts";

/** The calls of shape C as functions, in its own words; tokens are its own affair. */
export interface ConnectorClient {
  /** The next dossier code of the caller's agency; null where no such call is configured. */
  nextNumber: ((call: CallContext) => Promise<Reading<string>>) | null;
  /** Uploads one file; opens it anew for each attempt, since a stream is read once. */
  upload(file: FileToUpload, call: CallContext): Promise<Reading<UploadedFile>>;
  create(noiHoSo: NoiHoSo, call: CallContext): Promise<Reading<CreatedDossier>>;
  /** One step, or several of one dossier: taken or refused together (np 6, item 4). */
  addSteps(steps: readonly ConnectorStep[], call: CallContext): Promise<Reading<null>>;
  setStatus(status: ConnectorStatus, call: CallContext): Promise<Reading<null>>;
  /** The dossiers of a procedure that were filed on the portal. */
  list(maTTHC: string, call: CallContext): Promise<Reading<readonly PlatformDossier[]>>;
  /** The dossiers that wait there for the province. */
  readonly fetching: ReturnType<typeof openConnectorFetching>;
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
  steps: (steps: readonly ConnectorStep[]): string => JSON.stringify(steps),
  status: (status: ConnectorStatus): string => JSON.stringify([status]),
} as const;

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
    fetching: openConnectorFetching(line),
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
    addSteps: (steps, call) => {
      const parts = { body: bodyOf.steps(steps), ...sharesOf(steps, bodyOf.steps) };
      return post(line, { path: CONNECTOR_PATHS.steps, ...parts, read: done }, call);
    },
    setStatus: (status, call) =>
      post(line, { path: CONNECTOR_PATHS.status, body: bodyOf.status(status), read: done }, call),
    list: (MaTTHC, call) => {
      const request: ListRequest = { TrangThaiHoSo: "", MaTTHC, HinhThucTiepNhan: "" };
      const body = JSON.stringify(request);
      return post(line, { path: CONNECTOR_PATHS.list, body, kind: "read", form: LIST_ANSWER, read: readList }, call);
    },
  };
};
