import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { DOSSIER_STATUSES } from "../../../contracts/services/dossier.ts";
import { fetchTransport, json, scripted, scriptedCall } from "../call-context.ts";
import { openPortal, settings } from "./open-portal.ts";
import { code, done, loggedIn, procedure, putMessage, statusMessage, stepMessage } from "./samples.ts";

const base = settings["NATIONAL_PORTAL_URL"] ?? "";
const server = setupServer();
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

interface Seen {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Answers every service by the examples of np 5 and keeps what came over the wire. */
const playPortal = (): Seen[] => {
  const seen: Seen[] = [];
  const keep = async (request: Request): Promise<Record<string, unknown>> => {
    const body = (await request.json()) as Record<string, unknown>;
    seen.push({ url: request.url, headers: request.headers, body });
    return body;
  };
  server.use(
    http.post(`${base}/mapi/login`, async ({ request }) => {
      await keep(request);
      return HttpResponse.json(loggedIn);
    }),
    http.post(`${base}/mapi/g`, async ({ request }) => {
      const body = await keep(request);
      return HttpResponse.json(body["service"] === "LayThuTuc" ? procedure : done);
    }),
  );
  return seen;
};

describe("over HTTP", () => {
  test("a dossier is a login, a question for its procedure and one message, each with the headers of the document", async () => {
    const seen = playPortal();
    const call = scriptedCall(fetchTransport, { correlationId: "c-42" });
    expect(await openPortal().perform(putMessage(), call)).toEqual({ delivered: true });

    expect(seen.map(({ url }) => url)).toEqual([`${base}/mapi/login`, `${base}/mapi/g`, `${base}/mapi/g`]);
    for (const { headers } of seen) {
      expect(headers.get("accept")).toBe("application/json");
      expect(headers.get("content-type")).toBe("application/json");
      expect(headers.get("charset")).toBe("utf-8");
      expect(headers.get("dstcode")).toBe("VN:GOV:000.00.00.G22:vpcpdvcprovider");
      expect(headers.get("x-correlation-id")).toBe("c-42");
    }
    expect(seen[0]?.body).toEqual({ username: "000.00.00.H99", password: "mật-khẩu/bí mật" });
    const envelope = { session: loggedIn.session, madonvi: "H99" };
    expect(seen[1]?.body).toEqual({ ...envelope, service: "LayThuTuc", maTTHC: "1.000001.H99" });
    expect(seen[2]?.body).toMatchObject({ ...envelope, service: "DongBoHoSoMC", isUpdating: "False" });
    expect(seen[2]?.body["data"]).toEqual([expect.objectContaining({ MaHoSo: code, ChuHoSo: "Trần Thị Ví Dụ" })]);
    expect(call.attempts.map(({ kind }) => kind)).toEqual(["login", "read", "send"]);
  });

  test("a step is one CapNhatTienDoHoSoMC whose data is a list of one", async () => {
    const seen = playPortal();
    expect(await openPortal().perform(stepMessage(), scriptedCall(fetchTransport))).toEqual({ delivered: true });
    expect(seen[1]?.body).toEqual({
      session: loggedIn.session,
      madonvi: "H99",
      service: "CapNhatTienDoHoSoMC",
      data: [expect.objectContaining({ MaHoSo: code, NguoiXuLy: "Lê Văn Mẫu", TrangThai: "4" })],
    });
  });

  test("a portal-born dossier's status is one DongBoTrangThaiHoSo whose data is an object", async () => {
    const seen = playPortal();
    expect(await openPortal().perform(statusMessage("finished"), scriptedCall(fetchTransport))).toEqual({
      delivered: true,
    });
    expect(seen[1]?.body).toEqual({
      session: loggedIn.session,
      madonvi: "H99",
      service: "DongBoTrangThaiHoSo",
      type: "2",
      data: expect.objectContaining({ MaHoSo: "G22.99-261119-0001", MaHoSoDonVi: code, TrangThai: "2" }),
    });
  });

  test("a server that closes the line after the message leaves an unknown outcome", async () => {
    server.use(
      http.post(`${base}/mapi/login`, () => HttpResponse.json(loggedIn)),
      http.post(`${base}/mapi/g`, () => HttpResponse.error()),
    );
    expect(await openPortal().perform(stepMessage(), scriptedCall(fetchTransport))).toMatchObject({
      delivered: false,
      fault: { outcome: "unknown", code: "upstream_unavailable" },
    });
  });
});

describe("the address", () => {
  const addressWith = async (changes: Record<string, string>) => {
    const { transport, requests } = scripted(json(loggedIn), json(done));
    await openPortal(changes).perform(stepMessage(), scriptedCall(transport));
    return requests;
  };

  test("carries dstcode in the query where it is configured so, and then not in a header", async () => {
    const requests = await addressWith({ NATIONAL_PORTAL_DSTCODE_IN: "query" });
    expect(requests.map(({ url }) => url)).toEqual([
      `${base}/mapi/login?dstcode=VN:GOV:000.00.00.G22:vpcpdvcprovider`,
      `${base}/mapi/g?dstcode=VN:GOV:000.00.00.G22:vpcpdvcprovider`,
    ]);
    expect(requests.every(({ headers }) => !("dstcode" in headers))).toBe(true);
  });

  test("carries no dstcode at all where none is configured", async () => {
    for (const where of ["header", "query"]) {
      const requests = await addressWith({ NATIONAL_PORTAL_DSTCODE: "", NATIONAL_PORTAL_DSTCODE_IN: where });
      expect(requests.every(({ url, headers }) => !url.includes("dstcode") && !("dstcode" in headers))).toBe(true);
    }
  });

  test("keeps a query of its own and takes the path of the settings", async () => {
    const requests = await addressWith({
      NATIONAL_PORTAL_URL: "http://ss.test/forward/?providerurl=http%3A%2F%2Fback",
      NATIONAL_PORTAL_INTEGRATION_PATH: "/vxp/g",
      NATIONAL_PORTAL_DSTCODE: "A&B",
      NATIONAL_PORTAL_DSTCODE_IN: "query",
    });
    expect(requests.map(({ url }) => url)).toEqual([
      "http://ss.test/forward/mapi/login?providerurl=http%3A%2F%2Fback&dstcode=A%26B",
      "http://ss.test/forward/vxp/g?providerurl=http%3A%2F%2Fback&dstcode=A%26B",
    ]);
  });
});

describe("statuses", () => {
  const sentStatus = async (status: (typeof DOSSIER_STATUSES)[number], map = "") => {
    const { transport, requests } = scripted(json(loggedIn), json(done));
    const portal = openPortal({ NATIONAL_PORTAL_STATUS_MAP: map });
    expect(await portal.perform(statusMessage(status), scriptedCall(transport))).toEqual({ delivered: true });
    return requests.length === 0 ? null : JSON.parse(requests[1]?.body ?? "{}").data.TrangThai;
  };

  test("of portal-born dossiers are folded to accepted and supplement; newly filed needs no message", async () => {
    const folded = await Promise.all(DOSSIER_STATUSES.map((status) => sentStatus(status)));
    expect(folded).toEqual([null, "2", "5", "2", "5", "2", "5", "5", "2", "2"]);
  });

  test("of portal-born dossiers go out as configured when the code is none of the ten", async () => {
    expect(await sentStatus("not-accepted", '{"not-accepted":"11"}')).toBe("11");
    expect(await sentStatus("not-accepted", '{"not-accepted":"8"}')).toBe("5");
  });

  test("of dossiers and steps are the national codes 1 to 10 unless configured otherwise", async () => {
    const { transport, requests } = scripted(json(loggedIn), ...DOSSIER_STATUSES.map(() => json(done)));
    const portal = openPortal({ NATIONAL_PORTAL_STATUS_MAP: '{"stopped":"3"}' });
    for (const status of DOSSIER_STATUSES) await portal.perform(stepMessage({ status }), scriptedCall(transport));
    const sent = requests.slice(1).map(({ body }) => JSON.parse(body ?? "{}").data[0].TrangThai);
    expect(sent).toEqual(["1", "2", "3", "4", "5", "6", "7", "3", "9", "10"]);
  });
});

test("a step that the portal refuses is final and is not looked up", async () => {
  const { transport, requests } = scripted(json(loggedIn), json({ error_code: "3", message: "Hồ sơ chưa có" }));
  expect(await openPortal().perform(stepMessage(), scriptedCall(transport))).toMatchObject({
    delivered: false,
    fault: { outcome: "refused", code: "upstream_rejected", platformCode: "3" },
  });
  expect(requests).toHaveLength(2);
});

test("a step that meets the words of a duplicate beside code 0 is delivered", async () => {
  const { transport } = scripted(json(loggedIn), json({ error_code: "0", message: "Tiến độ đã tồn tại" }));
  expect(await openPortal().perform(stepMessage(), scriptedCall(transport))).toEqual({ delivered: true });
});

test("the capabilities say what may be repeated and what can be asked", () => {
  const { platform, profile, operations } = openPortal();
  expect({ platform, profile, operations }).toEqual({
    platform: "national-portal",
    profile: "mapi",
    operations: {
      "dossier.put": { idempotent: true, probe: true, repeatable: true },
      "dossier.step": { idempotent: false, probe: false, repeatable: true },
      "dossier.status": { idempotent: true, probe: false, repeatable: true },
      "question.put": { idempotent: true, probe: false, repeatable: true },
      "question.answer": { idempotent: false, probe: false, repeatable: true },
      "satisfaction.put": { idempotent: true, probe: false, repeatable: true },
    },
  });
});
