import type { AttemptKind, CallContext, HttpAnswer, HttpRequest, Reading } from "../../../../contracts/adapter.ts";
import type { PlatformDossier } from "../../../../contracts/comparer.ts";
import type {
  DongBoTrangThaiHoSo,
  Envelope,
  HoSo,
  LayThuTuc,
  LoginRequest,
  Service,
  TienDo,
  TraCuuHoSo,
} from "../../../../contracts/platforms/national-portal/wire.ts";
import {
  done,
  maskReading,
  type PortalClient,
  type PortalPreview,
  readPresence,
  readProcedure,
  readProcedureContent,
  readProcedureList,
  sharesOf,
} from "../../client.ts";
import { readHeld } from "../../compare.ts";
import type { MapiConfig } from "../../config.ts";
import { field, malformed, type PortalAnswer, readAnswer, refusedLogin } from "../../faults.ts";
import { readAskedRows, type SubmissionRow } from "../../map-submission.ts";
import { mask, maskSessionValue } from "../../masking.ts";
import { inSession, keepSession, type Login, type Session } from "../../session.ts";

/** What a service takes beside the envelope. */
type Own<S extends Envelope> = Omit<S, keyof Envelope>;

/** A service with its parameters, flat beside `service` (np 1.1). */
interface ServiceParameters {
  readonly service: Service;
  readonly parameters: Readonly<Record<string, unknown>>;
}

const putParameters = (hoSo: HoSo, isUpdating: boolean): ServiceParameters => ({
  service: "DongBoHoSoMC",
  parameters: { isUpdating: isUpdating ? "True" : "False", data: [hoSo] },
});

const stepParameters = (steps: readonly TienDo[]): ServiceParameters => ({
  service: "CapNhatTienDoHoSoMC",
  parameters: { data: steps },
});

const statusParameters = (data: DongBoTrangThaiHoSo["data"]): ServiceParameters => ({
  service: "DongBoTrangThaiHoSo",
  parameters: { type: "2", data },
});

const submissionParameters = ({ service, row }: SubmissionRow): ServiceParameters => ({
  service,
  parameters: { data: [row] },
});

/** Shape A speaks of more than dossiers (np 2.5). */
export interface MapiClient extends PortalClient {
  /** One row per call. */
  submit(row: SubmissionRow, call: CallContext): Promise<Reading<null>>;
  /** `LayDanhSachHoiDapGuiTuDVCQG`: what citizens asked through the portal, as it stands there. */
  listAskedQuestions(call: CallContext): Promise<Reading<readonly unknown[]>>;
  /** `TraCuuHoSo`: the dossier as the portal shows it, or null when it holds none. */
  findDossier(maHoSo: string, call: CallContext): Promise<Reading<PlatformDossier | null>>;
}

/** The bodies of shape A. */
export interface MapiPreview extends PortalPreview {
  submit(row: SubmissionRow): string;
}

/** A body behind its session, written once: the dossier is the large part, the session in front of it the only difference. */
const bodyAfterSession = (config: MapiConfig, { service, parameters }: ServiceParameters): string =>
  JSON.stringify({ madonvi: config.madonvi, service, ...parameters }).slice(1);

const evidenceOf = (rest: string): string => `{"session":"***",${rest}`;

/** Writes bodies without sending them. */
export const openMapiPreview = (config: MapiConfig): MapiPreview => {
  const write = (one: ServiceParameters): string => evidenceOf(bodyAfterSession(config, one));
  return {
    putDossier: (hoSo, isUpdating) => write(putParameters(hoSo, isUpdating)),
    addSteps: (steps) => write(stepParameters(steps)),
    setStatus: (data) => write(statusParameters(data)),
    submit: (row) => write(submissionParameters(row)),
  };
};

/** One call of a service. */
interface ServiceCall<T> extends ServiceParameters {
  /** The share endpoint, that of the catalogues, in the place of the integration endpoint (np 1.1). */
  readonly isShared?: boolean;
  readonly kind: AttemptKind;
  readonly isCreate?: boolean;
  readonly shares?: readonly string[];
  readonly read: (answer: PortalAnswer) => Reading<T>;
}

const LOGIN_PATH = "/mapi/login";

/** The full address of a path below the adapter, with `dstcode` in the query where it is configured so (np 5.1). */
export const addressOf = (config: MapiConfig, path: string): string => {
  const url = new URL(config.url);
  url.pathname = url.pathname.replace(/\/+$/u, "") + path;
  if (config.dstcode !== undefined && config.dstcodeIn === "query") {
    const pair = `dstcode=${encodeURIComponent(config.dstcode).replaceAll("%3A", ":")}`;
    url.search = url.search === "" ? pair : `${url.search}&${pair}`;
  }
  return url.href;
};

/** The headers of every call (np 1.1). */
export const headersOf = (config: MapiConfig, call: CallContext): Record<string, string> => ({
  Accept: "application/json",
  "Content-Type": "application/json",
  Charset: "utf-8",
  ...(config.dstcode !== undefined && config.dstcodeIn === "header" ? { dstcode: config.dstcode } : {}),
  "X-Correlation-Id": call.correlationId,
});

const readLogin = (answer: HttpAnswer, now: Date): Reading<Login> => {
  const reading = readAnswer(answer, { kind: "login", now });
  if (!reading.ok) {
    const { fault } = reading;
    const masked = { ...fault, message: maskSessionValue(fault.message) };
    const refused = fault.outcome === "refused" || fault.sessionDied === true;
    return { ok: false, fault: refused ? refusedLogin(masked) : masked };
  }
  const session = field(reading.value, "session");
  if (typeof session === "number") return { ok: true, value: { token: String(session) } };
  return typeof session === "string" && session !== ""
    ? { ok: true, value: { token: session } }
    : malformed("The login answer says success and holds no session");
};

/** Begins to speak shape A; nothing is sent before the first call. */
export const openMapiClient = (config: MapiConfig): MapiClient => {
  const loginUrl = addressOf(config, LOGIN_PATH);
  const integrationUrl = addressOf(config, config.integrationPath);
  const shareUrl = addressOf(config, config.sharePath);

  const post = (url: string, body: string, call: CallContext): HttpRequest => ({
    method: "POST",
    url,
    headers: headersOf(config, call),
    body,
  });

  const login = (call: CallContext): Promise<Reading<Login>> => {
    const request: LoginRequest = { username: config.username, password: config.password };
    return call.attempt({
      kind: "login",
      request: post(loginUrl, JSON.stringify(request), call),
      evidence: JSON.stringify({ ...request, password: "***" }),
      answerEvidence: (body) => mask(maskSessionValue(body), config.password),
      read: (answer) => maskReading(readLogin(answer, call.now()), config.password),
    });
  };

  const keeper = keepSession(login);

  const attempt = <T>(one: ServiceCall<T>, session: Session, call: CallContext): Promise<Reading<T>> => {
    const rest = bodyAfterSession(config, one);
    const rules = { kind: one.kind, now: call.now(), isCreate: one.isCreate ?? false };
    return call.attempt({
      kind: one.kind,
      request: post(
        one.isShared === true ? shareUrl : integrationUrl,
        `{"session":${JSON.stringify(session.token)},${rest}`,
        call,
      ),
      evidence: evidenceOf(rest),
      ...(one.shares && { shares: one.shares }),
      answerEvidence: (body) => mask(body, session.token),
      read: (answer) => {
        const reading = readAnswer(answer, rules);
        return maskReading(reading.ok ? one.read(reading.value) : reading, session.token);
      },
    });
  };

  const ask = <T>(one: ServiceCall<T>, call: CallContext): Promise<Reading<T>> =>
    inSession(keeper, call, (session) => attempt(one, session, call));

  return {
    putDossier: (hoSo, isUpdating, call) =>
      ask({ kind: "send", ...putParameters(hoSo, isUpdating), isCreate: !isUpdating, read: done }, call),
    addSteps: (steps, call) => {
      const shares = sharesOf(steps, openMapiPreview(config).addSteps);
      return ask({ kind: "send", ...stepParameters(steps), ...shares, read: done }, call);
    },
    setStatus: (data, call) => ask({ kind: "send", ...statusParameters(data), read: done }, call),
    submit: (row, call) => ask({ kind: "send", ...submissionParameters(row), read: done }, call),
    holdsDossier: (mahoso, kind, call) =>
      ask({ kind, service: "TraCuuHoSo", parameters: { mahoso } satisfies Own<TraCuuHoSo>, read: readPresence }, call),
    findDossier: (mahoso, call) => {
      const read = (answer: PortalAnswer) => readHeld(answer, mahoso, config.lookupStatusKey);
      return ask({ kind: "read", service: "TraCuuHoSo", parameters: { mahoso } satisfies Own<TraCuuHoSo>, read }, call);
    },
    listAskedQuestions: (call) =>
      ask({ kind: "read", service: "LayDanhSachHoiDapGuiTuDVCQG", parameters: {}, read: readAskedRows }, call),
    findProcedure: (maTTHC, call) => {
      const read = (answer: PortalAnswer) => readProcedure(answer, maTTHC);
      return ask({ kind: "read", service: "LayThuTuc", parameters: { maTTHC } satisfies Own<LayThuTuc>, read }, call);
    },
    describeProcedure: (maTTHC, call) => {
      const read = (answer: PortalAnswer) => readProcedureContent(answer, maTTHC);
      return ask({ kind: "read", service: "LayThuTuc", parameters: { maTTHC } satisfies Own<LayThuTuc>, read }, call);
    },
    listProcedures: (call) =>
      ask({ kind: "read", service: "LayDanhSachTTHC", parameters: {}, isShared: true, read: readProcedureList }, call),
  };
};
