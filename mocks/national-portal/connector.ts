import { type Context, Hono } from "hono";
import {
  CONNECTOR_PATHS,
  type ConnectorAnswer,
  type NextValue,
  type TokenAnswer,
} from "../../contracts/platforms/national-portal/connector-v1.ts";
import { type Answer, accepted, refused } from "./answer.ts";
import { isJson } from "./checks.ts";
import {
  addConnectorSteps,
  type ConnectorServe,
  createDossier,
  listDossiers,
  setConnectorStatuses,
  takeReceipts,
} from "./connector-services.ts";
import { fileStream } from "./filed-dossiers.ts";
import { type FaceCall, type FaceContext, performCall } from "./perform-call.ts";
import { REFUSALS, type Refusal, refuse } from "./refusals.ts";
import type { SpoiltFace } from "./spoil.ts";

/** np 1.3: HTTP 401 for a wrong token or client, 400 for whatever is wrong with the data. */
const statusOf = ({ refused: key }: Refusal): number => {
  if (key === "session" || key === "credentials") return 401;
  const { status } = REFUSALS[key];
  return status === 200 ? 400 : status;
};

/** np 5.6: `code` repeats the HTTP status. */
const write = ({ status, message, result, outcome }: Answer): string =>
  JSON.stringify({
    code: status,
    message: outcome === "ok" && message === "" ? "Thành công" : message,
    data: result ?? null,
  } satisfies ConnectorAnswer);

const FACE: SpoiltFace = {
  refusal: (code, message) => JSON.stringify({ code: Number(code), message, data: null } satisfies ConnectorAnswer),
  deadSessionStatus: 401,
};

const settle = (answer: Answer | Refusal): Answer =>
  "refused" in answer ? { ...refused(answer), status: statusOf(answer) } : answer;

const isKnown = (c: Context, { sessions }: FaceContext): boolean =>
  sessions.isAlive(/^Bearer (.+)$/u.exec(c.req.header("authorization") ?? "")?.[1]);

const subjectOf = (body: unknown): string => {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  return isJson(first) && typeof first["MaHoSo"] === "string" ? first["MaHoSo"].slice(0, 100) : "";
};

/** np 1.3: seconds, and the token bare or wrapped. */
const logIn = (body: unknown, { settings, sessions }: FaceContext): Answer | Refusal => {
  const known =
    isJson(body) && body["client_id"] === settings.clientId && body["client_secret"] === settings.clientSecret;
  if (!known) return refuse("credentials");
  const expires_in = settings.sessionLifeMs / 1000;
  const token: TokenAnswer = { access_token: sessions.open(), expires_in, token_type: "Bearer" };
  return accepted("", { result: token });
};

const sayToken =
  ({ settings }: FaceContext): FaceCall["write"] =>
  (answer) =>
    answer.outcome === "ok" && settings.tokenAnswer === "bare" ? JSON.stringify(answer.result) : write(answer);

/** np 1.3: the list bare, or counted. */
const sayList =
  ({ settings }: FaceContext, sayBare: FaceCall["write"]): FaceCall["write"] =>
  (answer, style) =>
    settings.listAnswer === "counted" && Array.isArray(answer.result)
      ? JSON.stringify({ Total: answer.result.length, Data: answer.result })
      : sayBare(answer, style);

const jsonCall = async (
  service: string,
  serve: ConnectorServe,
  c: Context,
  context: FaceContext,
): Promise<FaceCall> => {
  const body: unknown = await c.req.json().catch(() => undefined);
  const answer = (): Answer => {
    if (service !== "login" && !isKnown(c, context)) return settle(refuse("session"));
    if (!/^application\/json\b/iu.test(c.req.header("content-type") ?? "")) return settle(refuse("contentType"));
    return settle(body === undefined ? refuse("notJson") : serve(body, context));
  };
  const saidBare: FaceCall["write"] = (answer) =>
    answer.outcome === "ok" ? JSON.stringify(answer.result) : write(answer);
  const said = { login: sayToken(context), laydanhsachhoso: sayList(context, saidBare) }[service] ?? write;
  return { service, subject: subjectOf(body), inOrder: true, answer, write: said, face: FACE };
};

const hashOf = async (bytes: ArrayBuffer): Promise<string> => {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** np 1.3: multipart, `file` and `maHoSo`. */
const uploadCall = async (c: Context, context: FaceContext): Promise<FaceCall> => {
  const form: Record<string, unknown> = await c.req.parseBody().catch(() => ({}));
  const { file, maHoSo } = form;
  const answer = async (): Promise<Answer> => {
    if (!isKnown(c, context)) return settle(refuse("session"));
    if (!(file instanceof File) || typeof maHoSo !== "string" || maHoSo === "") return settle(refuse("upload"));
    const HashTepTin = await hashOf(await file.arrayBuffer());
    const IdTepTin = `tep-${context.settings.newSession()}`;
    context.commit({ kind: "upload", data: { IdTepTin, HashTepTin, maHoSo, name: file.name, size: file.size } });
    return accepted("Thành công", { result: [{ IdTepTin, HashTepTin }] });
  };
  const subject = typeof maHoSo === "string" ? maHoSo.slice(0, 100) : "";
  return { service: "upload", subject, inOrder: true, answer, write, face: FACE };
};

/** np 1.3: the bytes of a file that came with a dossier, to who names both. */
const downloadCall = (c: Context, context: FaceContext): FaceCall => {
  const [id, code] = [c.req.param("id") ?? "", c.req.query("maHoSo") ?? ""];
  const answer = (): Answer => {
    if (!isKnown(c, context)) return settle(refuse("session"));
    const file = context.state.portalDossiers.get(code)?.files?.find((one) => one.id === id);
    if (file === undefined) return settle(refuse("noFile", id));
    return accepted("", { result: { id }, bytes: () => fileStream(file) });
  };
  return { service: "download", subject: code.slice(0, 100), inOrder: false, answer, write, face: FACE };
};

/** np 1.3, "next value": a number for the agency in `code`, never given twice. */
const createNumbers = ({ settings, state }: FaceContext) => {
  let given = 0;
  return (code: string): string => {
    const day = settings.now().toISOString().slice(0, 10).replaceAll("-", "");
    const at = () => `${code}-${day}-${String(given).padStart(7, "0")}`;
    do given += 1;
    while (state.dossiers.has(at()));
    return at();
  };
};

const numberCall = (c: Context, context: FaceContext, next: (code: string) => string): FaceCall => ({
  service: "nextvalue",
  subject: c.req.query("code")?.slice(0, 100) ?? "",
  inOrder: false,
  answer: () => {
    if (!isKnown(c, context)) return settle(refuse("session"));
    const code = c.req.query("code");
    return settle(
      code ? accepted("", { result: { value: next(code) } satisfies NextValue }) : refuse("parameter", "code"),
    );
  },
  write: (answer) => (answer.outcome === "ok" ? JSON.stringify(answer.result) : write(answer)),
  face: FACE,
});

/** The portal behind a connector of VNPT iGate (np 1.3): a token, files first, numbers; the same portal as elsewhere. */
export const createConnector = (context: FaceContext): Hono => {
  const { createPath, numberPath } = context.settings;
  const next = createNumbers(context);
  const app = new Hono();
  const posts: readonly (readonly [string, string, ConnectorServe])[] = [
    [CONNECTOR_PATHS.login, "login", logIn],
    [createPath, "NoiHoSo", createDossier],
    [CONNECTOR_PATHS.steps, "capnhatientrinh", addConnectorSteps],
    [CONNECTOR_PATHS.status, "capnhattrangthai", setConnectorStatuses],
    [CONNECTOR_PATHS.list, "laydanhsachhoso", listDossiers],
    [CONNECTOR_PATHS.receipt, "xacnhantrangthainhan", takeReceipts],
  ];
  for (const [path, service, serve] of posts) {
    app.post(path, async (c) => performCall(await jsonCall(service, serve, c, context), context));
  }
  app.post(CONNECTOR_PATHS.upload, async (c) => performCall(await uploadCall(c, context), context));
  app.get(`${CONNECTOR_PATHS.download}:id`, (c) => performCall(downloadCall(c, context), context));
  app.get(numberPath, (c) => performCall(numberCall(c, context, next), context));
  return app;
};
