import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { POPULATION_WSDL } from "../../../contracts/platforms/population/service-wsdl.ts";
import { createPopulation } from "../../../mocks/population/create-population.ts";
import { POPULATION_DEFAULTS as KNOWN, PATHS } from "../../../mocks/population/settings.ts";
import { serve } from "../../../mocks/server.ts";
import { createNodeTransport } from "../../../src/runtime/node-transport.ts";
import { scriptedCall } from "../call-context.ts";
import { openCitizens, purpose, QUERY } from "./population-scene.ts";

const SCRIPT = fileURLToPath(new URL("independent_soap.py", import.meta.url));

/** A Python that has zeep: Debian's own, whatever else stands first in the path. */
const python = ["/usr/bin/python3", "python3"].find(
  (candidate) => spawnSync(candidate, ["-c", "import zeep"], { stdio: "ignore" }).status === 0,
);
if (python === undefined) {
  process.stderr.write("skipped: no Python with zeep here (Debian: apt-get install python3-zeep)\n");
}

const closers: (() => Promise<unknown> | unknown)[] = [];
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

/** The script in one of its parts: lines of JSON in, lines of JSON out. */
const start = (...parts: string[]) => {
  const child: ChildProcessWithoutNullStreams = spawn(python ?? "", [SCRIPT, ...parts]);
  closers.push(() => child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const errors: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
  return {
    write: (value: unknown) => child.stdin.write(`${JSON.stringify(value)}\n`),
    read: async (): Promise<Record<string, unknown>> => {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`the script ended: ${errors.join("")}`);
      return JSON.parse(value) as Record<string, unknown>;
    },
  };
};

describe.skipIf(python === undefined)("another SOAP stack (zeep), by our description of the service", () => {
  test("asks the simulator and understands what it answers, in every form", { timeout: 60_000 }, async () => {
    const simulator = createPopulation({ now: () => new Date(), newToken: () => "token" });
    const served = await serve(simulator.app);
    closers.push(() => served.close());
    const client = start("client", `${served.url}${PATHS.soap}?wsdl`);
    let requests = 0;
    const ask = async (changes: Record<string, unknown> = {}) => {
      client.write({
        hashUrl: KNOWN.hashUrl,
        username: KNOWN.username,
        secret: KNOWN.secret,
        headers: { ApiKey: KNOWN.apiKey, "X-Road-Client": KNOWN.xroadClient },
        question: {
          MaYeuCau: `zeep-${++requests}`,
          MaDVC: "9.999999",
          MaTichHop: "037",
          MaDonVi: "000.00.00.H99",
          MaCanBo: "CB-DEMO-01",
          SoDinhDanh: "099205000001",
          HoVaTen: "NGUYENVANMAU",
          NgayThangNamSinh: { NgayThangNam: "20050131" },
          ...changes,
        },
      });
      return client.read();
    };
    const mau = { HoVaTen: { Ten: "NGUYỄN VĂN MẪU" }, ThuongTru: { MaTinhThanh: "99", MaPhuongXa: "99999" } };
    expect(await ask()).toMatchObject({ found: { CongDan: [{ SoDinhDanh: "099205000001", GioiTinh: "1", ...mau }] } });
    expect(simulator.registry.asked[0]).toMatchObject({ MaDonVi: "000.00.00.H99", ending: "matched" });

    simulator.dial.set({ fault: "form", name: "parts", relatives: "parts", attributes: true });
    expect(await ask()).toMatchObject({
      found: { SoCongDan: "1", CongDan: [{ HoVaTen: { Ho: "NGUYỄN" }, Cha: { HoVaTen: { Ten: "CHA" } } }] },
    });
    expect(await ask({ HoVaTen: "A<B&C" })).toMatchObject({ found: { SoCongDan: "0", CongDan: [] } });
    expect(simulator.registry.asked.at(-1)?.HoVaTen).toBe("A<B&C");

    expect(await ask({ MaTichHop: "038" })).toEqual({ fault: "soapenv:Client", words: "MaTichHop không đúng" });
  });

  test("takes the adapter's question strictly, and the adapter reads its answer", { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "ltg-zeep-"));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const wsdl = join(folder, "population.wsdl");
    await writeFile(wsdl, POPULATION_WSDL);
    const server = start("server", wsdl);
    server.write({
      SoDinhDanh: "099205000001",
      HoVaTen: { Ho: "NGUYỄN", ChuDem: "VĂN", Ten: "MẪU <&>" },
      DanToc: "01",
      NgayThangNamSinh: { Nam: "2005" },
      QueQuan: { MaTinhThanh: "99", ChiTiet: "Thôn Mẫu & xã Mẫu" },
      ChuHo: { QuanHe: "CH01", HoVaTen: { Ten: "NGUYỄN VĂN CHA" } },
    });
    const { port } = await server.read();
    const node = createNodeTransport({ connections: 1, connectTimeoutMs: 5000 });
    closers.push(() => node.close());
    const citizens = openCitizens({
      POPULATION_URL: `http://127.0.0.1:${String(port)}/`,
      POPULATION_HASH_URL: KNOWN.hashUrl,
      POPULATION_USERNAME: KNOWN.username,
      POPULATION_SECRET: KNOWN.secret,
      POPULATION_NAME_FORM: "accented",
    });

    const found = await citizens.find(
      { ...QUERY, fullName: "Nguyễn Văn <Mẫu> & 'em'" },
      purpose({ requestId: "H99-1" }),
      scriptedCall(node.transport),
    );
    expect(await server.read()).toEqual({
      root: "{http://dancuquocgia.bca}TraCuuThongTinCongDan",
      headerIsEmpty: true,
      contentType: "application/xml; charset=utf-8",
      question: {
        MaYeuCau: "H99-1",
        MaDVC: "9.999999",
        MaTichHop: "037",
        MaDonVi: "000.00.00.H04",
        MaCanBo: "CB-DEMO-01",
        TaiKhoan: null,
        SoDienThoai: null,
        SoDinhDanh: "099205000001",
        SoCMND: null,
        HoVaTen: "NGUYỄN VĂN <MẪU> & 'EM'",
        NgayThangNamSinh: { NgayThangNam: "20050131", Nam: null },
      },
    });
    expect(found).toEqual({
      ok: true,
      value: {
        outcome: "matched",
        citizen: {
          personalId: "099205000001",
          fullName: "NGUYỄN VĂN MẪU <&>",
          ethnicity: "01",
          born: "2005",
          origin: { provinceCode: "99", detail: "Thôn Mẫu & xã Mẫu" },
          householdHead: { fullName: "NGUYỄN VĂN CHA", relation: "CH01" },
        },
      },
    });

    const strangers = { ...QUERY, identity: { kind: "old-id", value: "099000004" }, born: "1940" } as const;
    expect(await citizens.find(strangers, purpose(), scriptedCall(node.transport))).toEqual({
      ok: true,
      value: { outcome: "not-matched" },
    });
    expect(await server.read()).toMatchObject({ question: { SoCMND: "099000004", NgayThangNamSinh: { Nam: "1940" } } });
  });
});
