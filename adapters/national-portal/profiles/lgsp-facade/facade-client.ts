import type { CallContext, HttpRequest, Reading } from "../../../../contracts/adapter.ts";
import type {
  FacadeDossiers,
  FacadeStatus,
  FacadeSteps,
  FacadeWriteQuery,
} from "../../../../contracts/platforms/national-portal/lgsp-facade.ts";
import {
  done,
  maskReading,
  type PortalClient,
  type PortalPreview,
  readProcedure,
  readProcedureContent,
  readProcedureList,
  sharesOf,
} from "../../client.ts";
import type { FacadeConfig } from "../../config.ts";
import {
  type AnswerForm,
  field,
  isObject,
  MAPI_ANSWER,
  malformed,
  type PortalAnswer,
  readAnswer,
} from "../../faults.ts";
import { mask } from "../../masking.ts";

const parsed = (text: unknown): unknown => {
  if (typeof text !== "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * The answer inside its wrapping: a read's is JSON text inside `message` (np 1.2), and what the outer object says besides
 * holds where the inner one says nothing; an outer code that is no success is never hidden by an inner one.
 */
const unwrap = (value: unknown): PortalAnswer | undefined => {
  const outer = parsed(value);
  if (!isObject(outer)) return undefined;
  const inner = parsed(field(outer, "message"));
  if (!isObject(inner)) return outer;
  const outerCode = field(outer, MAPI_ANSWER.codeName);
  const outerFailed = outerCode !== undefined && !MAPI_ANSWER.success.test(String(outerCode).trim());
  const code = outerFailed ? outerCode : (field(inner, MAPI_ANSWER.codeName) ?? outerCode);
  return { result: field(inner, "result"), message: field(inner, "message") ?? "", error_code: code };
};

/** The answers of shape B. There is no session to renew: who is turned away has the wrong `_AUTHORIZATION`. */
export const FACADE_ANSWER: AnswerForm = {
  ...MAPI_ANSWER,
  doors: { 401: "settings", 403: "settings", words: false },
  unwrap,
};

/** The bodies: bare, so that what is sent is also what may be kept. */
export const facadePreview: PortalPreview = {
  putDossier: (hoSo) => JSON.stringify([hoSo] satisfies FacadeDossiers),
  addSteps: (steps) => JSON.stringify(steps satisfies Readonly<FacadeSteps>),
  setStatus: (data: FacadeStatus) => JSON.stringify(data),
};

/** Where a dossier goes: the address of its own for updates, or one address for both, told apart in the query (np 1.2). */
const addressFor = ({ createUrl, updateUrl, madonvi }: FacadeConfig, isUpdating: boolean): string => {
  if (updateUrl !== undefined) return isUpdating ? updateUrl : createUrl;
  const url = new URL(createUrl);
  const query: FacadeWriteQuery = {
    MaDinhDanhDV: url.searchParams.get("MaDinhDanhDV") ?? madonvi,
    isUpdating: isUpdating ? "True" : "False",
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
};

/** A read below the address of all reads, which may have been given as that of `LayThuTuc` itself. */
const readAddress = (
  readUrl: string,
  service: "LayThuTuc" | "LayDanhSachTTHC",
  query: Record<string, string>,
): string => {
  const url = new URL(readUrl);
  url.pathname = `${url.pathname.replace(/(?:\/LayThuTuc)?\/*$/u, "")}/${service}`;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
};

/** One call: what its answer means, and what is kept of it beside its body. */
interface Attempt<T> {
  readonly isCreate: boolean;
  readonly shares?: readonly string[];
  readonly read: (answer: PortalAnswer) => Reading<T>;
}

/** Begins to speak shape B; nothing is sent before the first call. */
export const openFacadeClient = (config: FacadeConfig): PortalClient => {
  const { authorization = "" } = config;
  // With and without its scheme: a façade may repeat either.
  const secrets = [authorization, authorization.split(" ").at(-1) ?? ""];
  const headers = (call: CallContext): Record<string, string> => ({
    Accept: "application/json",
    "Content-Type": "application/json",
    ...(authorization !== "" && { Authorization: authorization }),
    "X-Correlation-Id": call.correlationId,
  });

  const attempt = <T>(
    kind: "send" | "read",
    request: HttpRequest,
    { isCreate, read, ...kept }: Attempt<T>,
    call: CallContext,
  ): Promise<Reading<T>> =>
    call.attempt({
      kind,
      request,
      evidence: request.body ?? request.url,
      ...kept,
      answerEvidence: (body) => mask(body, ...secrets),
      read: (answer) => {
        const reading = readAnswer(answer, { kind, now: call.now(), isCreate, form: FACADE_ANSWER });
        return maskReading(reading.ok ? read(reading.value) : reading, ...secrets);
      },
    });

  const send = (url: string, body: string, how: Omit<Attempt<null>, "read">, call: CallContext) =>
    attempt("send", { method: "POST", url, headers: headers(call), body }, { ...how, read: done }, call);

  const post = (url: string, body: string, isCreate: boolean, call: CallContext): Promise<Reading<null>> =>
    send(url, body, { isCreate }, call);

  const get = <T>(
    service: "LayThuTuc" | "LayDanhSachTTHC",
    query: Record<string, string>,
    read: (answer: PortalAnswer) => Reading<T>,
    call: CallContext,
  ): Promise<Reading<T>> => {
    const url = readAddress(config.readUrl, service, query);
    return attempt("read", { method: "GET", url, headers: headers(call) }, { isCreate: false, read }, call);
  };

  return {
    putDossier: (hoSo, isUpdating, call) =>
      post(addressFor(config, isUpdating), facadePreview.putDossier(hoSo, isUpdating), !isUpdating, call),
    addSteps: (steps, call) => {
      const shares = sharesOf(steps, facadePreview.addSteps);
      return send(config.progressUrl, facadePreview.addSteps(steps), { isCreate: false, ...shares }, call);
    },
    setStatus: async (data, call) =>
      config.statusUrl === undefined
        ? malformed("there is no address for statuses")
        : post(config.statusUrl, facadePreview.setStatus(data), false, call),
    findProcedure: (maTTHC, call) => get("LayThuTuc", { maTTHC }, (answer) => readProcedure(answer, maTTHC), call),
    describeProcedure: (maTTHC, call) =>
      get("LayThuTuc", { maTTHC }, (answer) => readProcedureContent(answer, maTTHC), call),
    listProcedures: (call) => get("LayDanhSachTTHC", {}, readProcedureList, call),
  };
};
