import type { AttemptKind, CallContext, Fault, HttpAnswer, HttpRequest, Reading } from "../../contracts/adapter.ts";
import type {
  DongBoTrangThaiHoSo,
  Envelope,
  HoSo,
  LayThuTuc,
  LoginRequest,
  Service,
  ThuTuc,
  TienDo,
  TraCuuHoSo,
} from "../../contracts/platforms/national-portal/wire.ts";
import type { PortalConfig } from "./config.ts";
import { field, isObject, malformed, type PortalAnswer, readAnswer, refusedLogin } from "./faults.ts";
import { mask, maskSessionValue } from "./masking.ts";
import { inSession, keepSession, type Session } from "./session.ts";

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

const stepParameters = (tienDo: TienDo): ServiceParameters => ({
  service: "CapNhatTienDoHoSoMC",
  parameters: { data: [tienDo] },
});

const statusParameters = (data: DongBoTrangThaiHoSo["data"]): ServiceParameters => ({
  service: "DongBoTrangThaiHoSo",
  parameters: { type: "2", data },
});

/** The bodies that the client would send, as their evidence shows them. */
export interface PortalPreview {
  putDossier(hoSo: HoSo, isUpdating: boolean): string;
  addStep(tienDo: TienDo): string;
  setStatus(data: DongBoTrangThaiHoSo["data"]): string;
}

/** A body behind its session, written once: the dossier is the large part, the session in front of it the only difference. */
const bodyAfterSession = (config: PortalConfig, { service, parameters }: ServiceParameters): string =>
  JSON.stringify({ madonvi: config.madonvi, service, ...parameters }).slice(1);

const evidenceOf = (rest: string): string => `{"session":"***",${rest}`;

/** Writes bodies without sending them. */
export const openPreview = (config: PortalConfig): PortalPreview => {
  const write = (one: ServiceParameters): string => evidenceOf(bodyAfterSession(config, one));
  return {
    putDossier: (hoSo, isUpdating) => write(putParameters(hoSo, isUpdating)),
    addStep: (tienDo) => write(stepParameters(tienDo)),
    setStatus: (data) => write(statusParameters(data)),
  };
};

/** The services of shape A as functions, in the portal's words; sessions are its own affair. */
export interface PortalClient {
  /** `DongBoHoSoMC`, one dossier per call: nothing in an answer tells the items of a batch apart (np 6, item 4). */
  putDossier(hoSo: HoSo, isUpdating: boolean, call: CallContext): Promise<Reading<null>>;
  /** `CapNhatTienDoHoSoMC`, one step per call (design section 6, "Order"). */
  addStep(tienDo: TienDo, call: CallContext): Promise<Reading<null>>;
  /** `DongBoTrangThaiHoSo` for a dossier born on the portal. */
  setStatus(data: DongBoTrangThaiHoSo["data"], call: CallContext): Promise<Reading<null>>;
  /** `TraCuuHoSo`: whether the portal holds the dossier. */
  holdsDossier(maHoSo: string, kind: "probe" | "read", call: CallContext): Promise<Reading<boolean>>;
  /** `LayThuTuc`: the procedure's row, or null when the portal knows none of that code. */
  findProcedure(maTTHC: string, call: CallContext): Promise<Reading<ThuTuc | null>>;
}

/** One call of a service. */
interface ServiceCall<T> extends ServiceParameters {
  readonly kind: AttemptKind;
  readonly isCreate?: boolean;
  readonly read: (answer: PortalAnswer) => Reading<T>;
}

const LOGIN_PATH = "/mapi/login";
const done = (): Reading<null> => ({ ok: true, value: null });

/** The full address of a path below the adapter, with `dstcode` in the query where it is configured so (np 5.1). */
const addressOf = (config: PortalConfig, path: string): string => {
  const url = new URL(config.url);
  url.pathname = url.pathname.replace(/\/+$/u, "") + path;
  if (config.dstcode !== undefined && config.dstcodeIn === "query") {
    const pair = `dstcode=${encodeURIComponent(config.dstcode).replaceAll("%3A", ":")}`;
    url.search = url.search === "" ? pair : `${url.search}&${pair}`;
  }
  return url.href;
};

const headersOf = (config: PortalConfig, call: CallContext): Record<string, string> => ({
  Accept: "application/json",
  "Content-Type": "application/json",
  Charset: "utf-8",
  ...(config.dstcode !== undefined && config.dstcodeIn === "header" ? { dstcode: config.dstcode } : {}),
  "X-Correlation-Id": call.correlationId,
});

/** Hides secrets in what a reading says. */
const maskReading = <T>(reading: Reading<T>, ...secrets: readonly string[]): Reading<T> =>
  reading.ok
    ? reading
    : { ok: false, fault: { ...reading.fault, message: mask(reading.fault.message, ...secrets) } satisfies Fault };

const readLogin = (answer: HttpAnswer, now: Date): Reading<string> => {
  const reading = readAnswer(answer, { kind: "login", now });
  if (!reading.ok) {
    const { fault } = reading;
    const masked = { ...fault, message: maskSessionValue(fault.message) };
    const refused = fault.outcome === "refused" || fault.sessionDied === true;
    return { ok: false, fault: refused ? refusedLogin(masked) : masked };
  }
  const session = field(reading.value, "session");
  if (typeof session === "number") return { ok: true, value: String(session) };
  return typeof session === "string" && session !== ""
    ? { ok: true, value: session }
    : malformed("The login answer says success and holds no session");
};

/** Rows of a `result`: a list, a single object, or nothing at all, which may also be written as an empty text. */
const rowsOf = (answer: PortalAnswer): Reading<readonly unknown[]> => {
  const result = field(answer, "result") || [];
  if (Array.isArray(result)) return { ok: true, value: result };
  return isObject(result) ? { ok: true, value: [result] } : malformed("result is neither a list nor an object");
};

const textOf = (object: Readonly<Record<string, unknown>>, name: string): string => {
  const value = field(object, name);
  return typeof value === "string" || typeof value === "number" ? String(value).normalize("NFC").trim() : "";
};

const toProcedure = (row: Readonly<Record<string, unknown>>): ThuTuc => {
  const given = field(row, "LINHVUCTHUCHIEN");
  const fields = Array.isArray(given) ? given : [given];
  return {
    MATTHC: textOf(row, "MATTHC"),
    TENTTHC: textOf(row, "TENTTHC"),
    LINHVUCTHUCHIEN: fields
      .filter(isObject)
      .map((item) => ({ MALINHVUC: textOf(item, "MALINHVUC"), TENLINHVUC: textOf(item, "TENLINHVUC") })),
  };
};

/** The row of the code asked for; a lone row counts also under another spelling of its code. */
const readProcedure = (answer: PortalAnswer, maTTHC: string): Reading<ThuTuc | null> => {
  const rows = rowsOf(answer);
  if (!rows.ok) return rows;
  const procedures = rows.value.filter(isObject).map(toProcedure);
  const wanted = maTTHC.toLowerCase();
  const lone = procedures.length === 1 ? procedures[0] : undefined;
  const found = procedures.find(({ MATTHC }) => MATTHC.toLowerCase() === wanted) ?? lone;
  if (found === undefined) return { ok: true, value: null };
  return found.TENTTHC === "" ? malformed("the procedure has no TENTTHC") : { ok: true, value: found };
};

const readPresence = (answer: PortalAnswer): Reading<boolean> => {
  const rows = rowsOf(answer);
  return rows.ok ? { ok: true, value: rows.value.length > 0 } : rows;
};

/** Begins to speak to the portal; nothing is sent before the first call. */
export const openClient = (config: PortalConfig): PortalClient => {
  const loginUrl = addressOf(config, LOGIN_PATH);
  const integrationUrl = addressOf(config, config.integrationPath);

  const post = (url: string, body: string, call: CallContext): HttpRequest => ({
    method: "POST",
    url,
    headers: headersOf(config, call),
    body,
  });

  const login = (call: CallContext): Promise<Reading<string>> => {
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
      request: post(integrationUrl, `{"session":${JSON.stringify(session.token)},${rest}`, call),
      evidence: evidenceOf(rest),
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
    addStep: (tienDo, call) => ask({ kind: "send", ...stepParameters(tienDo), read: done }, call),
    setStatus: (data, call) => ask({ kind: "send", ...statusParameters(data), read: done }, call),
    holdsDossier: (mahoso, kind, call) =>
      ask({ kind, service: "TraCuuHoSo", parameters: { mahoso } satisfies Own<TraCuuHoSo>, read: readPresence }, call),
    findProcedure: (maTTHC, call) => {
      const read = (answer: PortalAnswer) => readProcedure(answer, maTTHC);
      return ask({ kind: "read", service: "LayThuTuc", parameters: { maTTHC } satisfies Own<LayThuTuc>, read }, call);
    },
  };
};
