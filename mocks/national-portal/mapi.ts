import { type Context, Hono } from "hono";
import { SERVICES } from "./all-services.ts";
import { type Answer, accepted, answerText, refused } from "./answer.ts";
import { isJson, type Json } from "./checks.ts";
import { fileStream } from "./filed-dossiers.ts";
import { type FaceCall, type FaceContext, performCall } from "./perform-call.ts";
import { type Refusal, refuse } from "./refusals.ts";
import type { ServiceRow } from "./services.ts";
import { MAPI_FACE } from "./spoil.ts";

type Endpoint = "login" | ServiceRow["endpoint"];

/** One call as read from HTTP. */
interface Incoming {
  readonly endpoints: readonly Endpoint[];
  /** Undefined: the body is no JSON object. */
  readonly body: Json | undefined;
  readonly dstcode: string | undefined;
  readonly contentType: string;
  /** A known service, `login`, or `?`. */
  readonly service: string;
}

const readIncoming = async (c: Context, endpoints: readonly Endpoint[]): Promise<Incoming> => {
  const parsed: unknown = await c.req.json().catch(() => undefined);
  const body = isJson(parsed) ? parsed : undefined;
  const named = String(body?.["service"]);
  return {
    endpoints,
    body,
    dstcode: c.req.header("dstcode") ?? c.req.query("dstcode"),
    contentType: c.req.header("content-type") ?? "",
    service: endpoints.includes("login") ? "login" : SERVICES.has(named) ? named : "?",
  };
};

/** What a call is about: the dossier or procedure code, for the log. */
const subjectOf = ({ body, service }: Incoming): string => {
  if (body === undefined || service === "login") return "";
  const data: unknown = Array.isArray(body["data"]) ? body["data"][0] : body["data"];
  const subject = isJson(data)
    ? (data["MaHoSo"] ?? data["HOIDAPID"] ?? `${data["MaThuTuc"]} ${data["NgayTongHop"]} ${data["Madonvi"]}`)
    : (body["mahoso"] ?? body["maTTHC"]);
  return typeof subject === "string" ? subject.slice(0, 100) : "";
};

const logIn = (body: Json, { settings, sessions }: FaceContext): Answer | Refusal => {
  const known = body["username"] === settings.username && body["password"] === settings.password;
  return known ? accepted("Thành công", { session: sessions.open() }) : refuse("credentials");
};

/** Serves one call: the envelope first (np 1.1), then the service. */
const serve = (incoming: Incoming, context: FaceContext): Answer | Refusal => {
  const { settings, sessions } = context;
  const { body, endpoints } = incoming;
  if (settings.dstcode !== "" && incoming.dstcode !== settings.dstcode)
    return refuse("destination", incoming.dstcode ?? "");
  if (!/^application\/json\b/iu.test(incoming.contentType)) return refuse("contentType");
  if (body === undefined) return refuse("notJson");
  if (incoming.service === "login") return logIn(body, context);
  if (!sessions.isAlive(body["session"])) return refuse("session");
  if (body["madonvi"] !== settings.madonvi) return refuse("agency", String(body["madonvi"] ?? ""));
  const service = SERVICES.get(incoming.service);
  if (service === undefined) return refuse("service", String(body["service"] ?? ""));
  if (!endpoints.includes(service.endpoint)) return refuse("endpoint", incoming.service);
  return service.serve(body, context);
};

const answerCall = (incoming: Incoming, context: FaceContext): Answer => {
  const answer = serve(incoming, context);
  return "refused" in answer ? refused(answer) : answer;
};

const answerHttp =
  (context: FaceContext, endpoints: readonly Endpoint[]) =>
  async (c: Context): Promise<Response> => {
    const incoming = await readIncoming(c, endpoints);
    const { service } = incoming;
    const call: FaceCall = {
      service,
      subject: subjectOf(incoming),
      // Many dossiers share a procedure: only what is about a dossier must come one at a time.
      inOrder: service !== "LayThuTuc" && service !== "LayDanhSachTTHC",
      answer: () => answerCall(incoming, context),
      write: answerText,
      face: MAPI_FACE,
    };
    return performCall(call, context);
  };

/** The portal's own routes (np 1.1): login, the integration endpoint and the share endpoint. */
export const createMapi = (context: FaceContext): Hono => {
  const { prefix, integrationPath, sharePath } = context.settings;
  const app = new Hono();
  // Files that messages name by their addresses (np 2.6); the path is ours.
  app.get("/tep/:code/:id", (c) => {
    const { code, id } = c.req.param();
    const file = context.state.portalDossiers.get(code)?.files?.find((one) => one.id === id);
    const answer = (): Answer =>
      file === undefined ? refused(refuse("noFile", id)) : accepted("", { bytes: () => fileStream(file) });
    const call = { service: "tep", subject: "", inOrder: false, answer, write: answerText, face: MAPI_FACE };
    return performCall(call, context);
  });
  for (const base of new Set(["", prefix])) {
    app.post(`${base}/mapi/login`, answerHttp(context, ["login"]));
    if (integrationPath === sharePath)
      app.post(`${base}${integrationPath}`, answerHttp(context, ["integration", "share"]));
    else {
      app.post(`${base}${integrationPath}`, answerHttp(context, ["integration"]));
      app.post(`${base}${sharePath}`, answerHttp(context, ["share"]));
    }
  }
  return app;
};
