import { type Context, Hono } from "hono";
import type { FacadeAnswer } from "../../contracts/platforms/national-portal/lgsp-facade.ts";
import { SERVICES } from "./all-services.ts";
import { type Answer, type AnswerStyle, answerText, refused } from "./answer.ts";
import { isJson, type Json } from "./checks.ts";
import { type FaceCall, type FaceContext, performCall } from "./perform-call.ts";
import { type Refusal, refuse } from "./refusals.ts";
import { MAPI_FACE } from "./spoil.ts";

/** Where the reads and writes of one seen façade are (np 1.2, Thanh Hoá). */
export const FACADE_BASE = "/KetNoiMotCuaQuocGia";

/** Where another façade takes added and changed dossiers alike (np 1.2, Hà Giang). */
export const FACADE_ONE_ADDRESS = "/api/SynsTTHCC/DongBoHoSoMC";

/** One write: the service of shape A that it stands for, and how its bare body becomes that service's own. */
interface Write {
  readonly name: string;
  readonly path: string;
  readonly service: string;
  readonly toBody: (bare: unknown, c: Context) => Json;
}

const WRITES: readonly Write[] = [
  {
    name: "ThemMoi",
    path: `${FACADE_BASE}/ThemMoi`,
    service: "DongBoHoSoMC",
    toBody: (data) => ({ isUpdating: "False", data }),
  },
  {
    name: "CapNhat",
    path: `${FACADE_BASE}/CapNhat`,
    service: "DongBoHoSoMC",
    toBody: (data) => ({ isUpdating: "True", data }),
  },
  {
    name: "DongBoHoSoMC",
    path: FACADE_ONE_ADDRESS,
    service: "DongBoHoSoMC",
    toBody: (data, c) => ({ isUpdating: c.req.query("isUpdating"), data }),
  },
  {
    name: "DongBoTienTrinh",
    path: `${FACADE_BASE}/DongBoTienTrinh`,
    service: "CapNhatTienDoHoSoMC",
    toBody: (data) => ({ data }),
  },
  {
    name: "DongBoTrangThaiHoSoKM",
    path: `${FACADE_BASE}/DongBoTrangThaiHoSoKM`,
    service: "DongBoTrangThaiHoSo",
    toBody: (data) => ({ type: "2", data }),
  },
];

/** np 1.2: reads, by `GET`, with their parameters in the query. */
const READS = ["LayThuTuc", "LayDanhSachTTHC"] as const;

const door = (c: Context, { settings }: FaceContext): Refusal | undefined => {
  const { facadeAuthorization } = settings;
  return facadeAuthorization === "" || c.req.header("authorization") === facadeAuthorization
    ? undefined
    : refuse("authorization");
};

const serve = (service: string, body: Json, context: FaceContext): Answer => {
  const answer = SERVICES.get(service)?.serve(body, context) ?? refuse("service", service);
  return "refused" in answer ? refused(answer) : answer;
};

/** A read's answer is the answer of shape A, as JSON text inside `message` (np 1.2, 5.5). */
const wrapped = (answer: Answer, style: AnswerStyle): string => {
  if (answer.outcome !== "ok") return answerText(answer, style);
  const inside: FacadeAnswer["message"] = answerText(answer, style);
  return answerText({ status: 200, code: "0", message: inside, outcome: "ok" }, style);
};

const subjectOf = (bare: unknown): string => {
  const first: unknown = Array.isArray(bare) ? bare[0] : bare;
  return isJson(first) && typeof first["MaHoSo"] === "string" ? first["MaHoSo"].slice(0, 100) : "";
};

const writeCall = async ({ name, service, toBody }: Write, c: Context, context: FaceContext): Promise<FaceCall> => {
  const bare: unknown = await c.req.json().catch(() => undefined);
  const answer = (): Answer => {
    const refusal = door(c, context);
    if (refusal !== undefined) return refused(refusal);
    if (!/^application\/json\b/iu.test(c.req.header("content-type") ?? "")) return refused(refuse("contentType"));
    if (bare === undefined) return refused(refuse("notJson"));
    const agency = c.req.query("MaDinhDanhDV");
    if (agency !== undefined && agency !== context.settings.madonvi) return refused(refuse("agency", agency));
    return serve(service, toBody(bare, c), context);
  };
  return { service: name, subject: subjectOf(bare), inOrder: true, answer, write: answerText, face: MAPI_FACE };
};

const readCall = (service: (typeof READS)[number], c: Context, context: FaceContext): FaceCall => ({
  service,
  subject: c.req.query("maTTHC")?.slice(0, 100) ?? "",
  inOrder: false,
  answer: () => {
    const refusal = door(c, context);
    return refusal === undefined ? serve(service, { maTTHC: c.req.query("maTTHC") }, context) : refused(refusal);
  },
  write: wrapped,
  face: MAPI_FACE,
});

/**
 * The portal behind a province's own platform for integration (np 1.2): one address per operation, bare lists, no
 * session; the same portal as behind the other faces.
 */
export const createFacade = (context: FaceContext): Hono => {
  const app = new Hono();
  for (const write of WRITES) {
    app.post(write.path, async (c) => performCall(await writeCall(write, c, context), context));
  }
  for (const read of READS) {
    app.get(`${FACADE_BASE}/${read}`, (c) => performCall(readCall(read, c, context), context));
  }
  return app;
};
