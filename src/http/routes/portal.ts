import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { PUSH_CALLS } from "../../../contracts/portal-inbound.ts";
import { faultFields, type Log } from "../../log.ts";
import { MOST_PUSH_BYTES } from "../../portal-inbound/open-portal-inbound.ts";
import { type ReadBody, readingOf } from "../../portal-inbound/read-body.ts";
import { answerJson } from "../answer.ts";
import type { AppContext, AppEnvironment } from "../environment.ts";
import { peerOf } from "../peer.ts";
import { MAX_JSON_BYTES } from "../read-body.ts";
import { readWithRoom } from "../read-with-room.ts";

/** How soon who found no room, or no database, may come back. */
const RETRY_AFTER_SECONDS = 5;

const pushAnswer = z
  .strictObject({ error_code: z.union([z.literal(0), z.literal(1), z.literal(-1)]), message: z.string() })
  .meta({ id: "PortalAnswer" });

const texts = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, z.string()]));

const statusAnswer = z.union([
  z.strictObject(
    texts(
      "MaHoSo",
      "MaTTHC",
      "TenTTHC",
      "MaLinhVuc",
      "TenLinhVuc",
      "LoaiDoiTuong",
      "TrangThaiHoSo",
      "HinhThuc",
      "DonViXuLy",
    ),
  ),
  z.strictObject({ error_code: z.literal("-1"), message: z.string() }),
]);

const billAnswer = z.strictObject({
  error_code: z.union([z.literal(0), z.literal(1), z.literal(-1)]),
  message: z.union([z.looseObject({ MaTraCuuTT: z.string(), MaHoSo: z.string() }), z.array(z.unknown()).max(0)]),
});

/** A refusal below the business, in the portal's shape all the same (api section 7). */
const failure = (status: 401 | 413 | 503, message: string): Response => {
  const answer = answerJson(status, { error_code: -1, message });
  if (status === 503) answer.headers.set("retry-after", String(RETRY_AFTER_SECONDS));
  return answer;
};

const unknownCaller = (): Response => failure(401, "Không xác thực được bên gọi");
const notRecorded = (): Response => failure(503, "Tạm thời chưa ghi nhận được, đề nghị gửi lại");

/** One address of the portal. */
interface PortalRoute {
  readonly path: `/portal/${string}`;
  readonly summary: string;
  readonly description: string;
  readonly answer: z.ZodType;
  /** Bytes of a body at most. */
  readonly limit: number;
  readonly work: (c: AppContext, body: ReadBody) => Promise<object>;
}

/** Who calls is looked at first, then whether there is room, then the body: a stranger costs neither memory nor a statement. */
const serve = async (c: AppContext, { limit, work }: PortalRoute, log: Log): Promise<Response> => {
  const { portal } = c.var.gateway;
  const refused = (why: string): Response => {
    log.warn({ why, correlationId: c.var.correlationId }, "a caller of the portal's addresses was not believed");
    return unknownCaller();
  };
  const look = portal.lookFirst({ peer: peerOf(c), header: (name) => c.req.header(name) });
  if (look.kind === "refused") return refused(look.why);
  const reading = await readWithRoom(c.req.raw, limit, (bytes) => portal.room(bytes, look.kind === "believed"));
  if (reading.kind === "too-large") return failure(413, `Nội dung tối đa ${limit} byte`);
  if (reading.kind === "no-room") return notRecorded();
  try {
    const body = readingOf(reading.bytes);
    if (look.kind === "key-in-body" && !portal.isBelieved(body)) return refused("key");
    return answerJson(200, await work(c, body));
  } finally {
    reading.leave();
  }
};

const described = (description: string, schema: z.ZodType) => ({
  description,
  content: { "application/json": { schema } },
});

const register = (app: OpenAPIHono<AppEnvironment>, route: PortalRoute, log: Log): void => {
  app.openAPIRegistry.registerPath({
    method: "post",
    path: route.path,
    tags: ["portal"],
    summary: route.summary,
    description: route.description,
    security: [],
    request: { body: { required: true, content: { "application/json": { schema: z.looseObject({}) } } } },
    responses: {
      200: described("In the portal's words, whatever the outcome.", route.answer),
      401: described("The caller is not known to be the portal.", pushAnswer),
      413: described("The body is too large.", pushAnswer),
      503: described("It could not be recorded; it may be sent again.", pushAnswer),
    },
  });
  app.post(route.path, async (c) => {
    c.set("routePath", route.path);
    try {
      return await serve(c, route, log);
    } catch (error) {
      log.error({ ...faultFields(error), correlationId: c.var.correlationId }, "a call of the portal failed");
      return notRecorded();
    }
  });
};

const WHO =
  "Called by the national portal, which shows a shared key (`X-Api-Key`, or `securityKey` in the body), a client certificate or its network, whichever are configured.";

const PUSHES = {
  addtthcKhuyenMai: "A promotion notice filed at the portal",
  nhanhsdvcqg: "An amendment of a notice, or a receipt of land tax",
  nhantbthuedvcqg: "A notice of land tax",
} as const;

/** What the national portal calls (api section 7). */
export const portalRoutes = (app: OpenAPIHono<AppEnvironment>, log: Log): void => {
  for (const call of PUSH_CALLS) {
    const route: PortalRoute = {
      path: `/portal/forward/${call}`,
      summary: PUSHES[call],
      description: `${WHO} 0: taken; 1: taken before; -1: not understood, kept for a person.`,
      answer: pushAnswer,
      limit: MOST_PUSH_BYTES,
      work: (c, body) => c.var.gateway.portal.push({ call, body, correlationId: c.var.correlationId }),
    };
    register(app, route, log);
  }
  const lookUps: PortalRoute[] = [
    {
      path: "/portal/search/call",
      summary: "How a dossier stands",
      description: WHO,
      answer: statusAnswer,
      limit: MAX_JSON_BYTES,
      work: (c, body) => c.var.gateway.portal.status(body),
    },
    {
      path: "/portal/dptracuuthanhtoanhs",
      summary: "What a dossier owes",
      description: `${WHO} 1: to be paid; 0: nothing is; -1: unknown.`,
      answer: billAnswer,
      limit: MAX_JSON_BYTES,
      work: (c, body) => c.var.gateway.portal.bill(body),
    },
  ];
  for (const route of lookUps) register(app, route, log);
};
