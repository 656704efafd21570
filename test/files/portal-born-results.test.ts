import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EntryDetail, EntryView } from "../../contracts/services/ledger.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { codeOf } from "../http/api-scene.ts";
import { type FilesScene, openFilesScene, pdf } from "./files-scene.ts";

/** A test that a profile has, or none: what a profile does in another way has a test of its own. */
const testUnless = (isAbsent: boolean) => (name: string, body: () => Promise<void>) => {
  if (!isAbsent) test(name, body);
};

const RESULT = {
  id: "kq-1",
  name: "Giấy chứng nhận.pdf",
  code: "KQ.G07.000122",
  componentCode: "000.00.00.G09-KQ002269",
};

let number = 500;

describe.for(["mapi", "lgsp-facade", "connector-v1"] as const)(
  "results of portal-born dossiers, spoken in %s",
  (profile) => {
    let scene: FilesScene;

    beforeAll(async () => {
      scene = await openFilesScene(profile === "mapi" ? {} : { profile });
    });
    afterAll(() => scene.close());

    const bear = (): { code: string; portalCode: string } => {
      number += 1;
      const portalCode = `G22.99-261119-${String(number).padStart(6, "0")}`;
      scene.portal.addPortalDossier({ MaHoSo: portalCode, MaTTHC: "2.000591" });
      return { code: codeOf(number), portalCode };
    };
    const put = async (code: string, parts: Record<string, unknown>): Promise<void> => {
      expect((await scene.call("PUT", `/v1/dossiers/${code}`, dossierBody(parts))).status).toBe(202);
      await scene.drained();
    };
    const told = (portalCode: string) => scene.portal.state.portalDossiers.get(portalCode)?.statuses ?? [];
    const opened = async (portalCode: string) => {
      const report = await fetch(`${scene.served.url}/__simulator/files`, { method: "POST" });
      const { files } = (await report.json()) as {
        files: { MaHoSo: string; sha256?: string; rangeAgrees?: boolean }[];
      };
      return files.filter(({ MaHoSo }) => MaHoSo === portalCode);
    };

    testUnless(profile === "connector-v1")(
      "they go as links that the portal opens whole and in part; a step says nothing of them; taken back, they are gone",
      async () => {
        const { code, portalCode } = bear();
        const bytes = pdf(30_000, number);
        scene.fileServer.files.set(`/files/kq-${number}`, { bytes });
        const url = `${scene.fileServer.url}/files/kq-${number}`;
        await put(code, { portalCode, status: "finished", results: [{ ...RESULT, url }] });
        const [paper, ...others] = told(portalCode).at(-1)?.data.TaiLieuXuLy ?? [];
        expect(others).toEqual([]);
        expect(paper).toEqual({
          TepDinhKemId: RESULT.id,
          TenTepDinhKem: RESULT.name,
          IsDeleted: "False",
          MaThanhPhanHoSo: RESULT.componentCode,
          DuongDanTaiTepTin: expect.stringContaining(`${scene.publicUrl}/portal/downloadfile/`),
          DuocSoHoa: "0",
          DuocTaiSuDung: "0",
          DuocLayTuKhoDMQG: "0",
          MaKetQuaThayThe: "",
        });
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        expect(await opened(portalCode)).toMatchObject([{ status: 200, sha256, rangeAgrees: true }]);

        const step = eventBody("returned", { status: "returned" });
        expect((await scene.call("POST", `/v1/dossiers/${code}/events`, step)).status).toBe(202);
        await scene.drained();
        expect(told(portalCode).at(-1)?.data.TaiLieuXuLy).toEqual([]);
        expect(await opened(portalCode)).toMatchObject([{ status: 200, rangeAgrees: true }]);

        const links = await scene.call<{ items: { id: string }[] }>("GET", `/v1/files?dossierCode=${code}`);
        expect((await scene.call("DELETE", `/v1/files/${links.body.items[0]?.id}`)).status).toBe(200);
        expect(await opened(portalCode)).toMatchObject([{ status: 410 }]);
        expect((await fetch(`${paper?.DuongDanTaiTepTin.slice(0, -1)}z`)).status).toBe(404);
      },
    );

    testUnless(profile === "connector-v1")("a result that a later put no longer has opens no more", async () => {
      const { code, portalCode } = bear();
      scene.fileServer.files.set(`/files/kq-${number}`, { bytes: pdf(100) });
      const results = [{ ...RESULT, url: `${scene.fileServer.url}/files/kq-${number}` }];
      await put(code, { portalCode, status: "finished", results });
      const link = told(portalCode).at(-1)?.data.TaiLieuXuLy[0]?.DuongDanTaiTepTin ?? "";
      expect((await fetch(link)).status).toBe(200);
      await put(code, { portalCode, status: "finished", note: "Thu hồi kết quả" });
      expect(told(portalCode).at(-1)?.data.TaiLieuXuLy).toEqual([]);
      expect((await fetch(link)).status).toBe(410);
    });

    testUnless(profile !== "connector-v1")(
      "they are uploaded under the portal's code, and the status names them",
      async () => {
        const { code, portalCode } = bear();
        const bytes = pdf(30_000, number);
        scene.fileServer.files.set(`/files/kq-${number}`, { bytes });
        await put(code, { portalCode, status: "processing" });
        const url = `${scene.fileServer.url}/files/kq-${number}`;
        await put(code, { portalCode, status: "finished", results: [{ ...RESULT, url }] });
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        const uploads = [...scene.portal.state.uploads.values()];
        expect(uploads).toMatchObject([
          { maHoSo: portalCode, name: RESULT.name, size: bytes.length, HashTepTin: sha256 },
        ]);
        expect(told(portalCode).map(({ data }) => data.TrangThai)).toEqual(["4", "9"]);
        const { body } = await scene.call<{ items: EntryView[] }>("GET", `/v1/ledger?dossierCode=${code}`);
        const entry = await scene.call<EntryDetail>("GET", `/v1/ledger/${body.items[0]?.id}`);
        expect(entry.body.attemptLog.at(-1)?.request).toContain("DanhSachGiayToKetQua");
      },
    );

    test("an address that leads nowhere fails nothing where addresses go out, and is told of", async () => {
      const { code, portalCode } = bear();
      const url = `${scene.fileServer.url}/files/khong-co-${number}`;
      await put(code, { portalCode, status: "finished", results: [{ ...RESULT, url }] });
      await scene.look();
      const links = await scene.call<{ items: object[] }>("GET", `/v1/files?dossierCode=${code}&reachable=false`);
      expect(links.body.items).toMatchObject([{ cause: "not_found", warnings: [{ code: "file_unreachable" }] }]);
      const { body } = await scene.call<{ items: EntryView[] }>("GET", `/v1/ledger?dossierCode=${code}`);
      expect(body.items[0]?.state).toBe(profile === "connector-v1" ? "failed" : "delivered");
    });
  },
);
