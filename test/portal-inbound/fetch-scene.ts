import { setTimeout as delay } from "node:timers/promises";
import type { FetchView } from "../../contracts/services/fetches.ts";
import { sql } from "../../src/database/sql.ts";
import type { SceneOptions } from "../gateway-scene.ts";
import { openInboundScene, PDF } from "./inbound-scene.ts";

/** A row of the connector's list: a dossier of one citizen with one paper. */
export const filedRow = (fileIds: readonly string[] = []) => ({
  ChuHoSo: "Trần Thị Ví Dụ",
  MaDonViTiepNhan: "H04.15",
  NgayNop: "2026-11-20 08:05:00",
  ThanhPhanHoSo: [
    {
      MaThanhPhanHoSo: "TP.01",
      TenThanhPhanHoSo: "Đơn đề nghị",
      SoLuong: fileIds.length,
      LoaiBan: 2,
      GiayToDinhKem: fileIds.map((IdGiayTo) => ({
        IdGiayTo,
        MaKetQua: "",
        TenGiayTo: `don-${IdGiayTo}.pdf`,
        HashTepTin: "",
      })),
    },
  ],
  ThongTinNguoiNop: {
    LoaiDoiTuong: 0,
    IdDoiTuong: "tech-000001",
    ThongTinChiTiet: {
      TenNguoiNop: "Trần Thị Ví Dụ",
      SoDinhDanh: "001199000001",
      SoDienThoai: "0912345678",
      Email: "vidu@example.vn",
      Fax: "",
      TenChuHs: "Trần Thị Ví Dụ",
      SoDinhDanhChuHs: "001199000001",
    },
  },
});

/** A dossier with its files, each a PDF. */
export const filed = (code: string, fileIds: readonly string[] = []) => ({
  MaHoSo: code,
  MaTTHC: "2.000591",
  row: filedRow(fileIds),
  files: fileIds.map((id) => ({ id, base64: PDF.toString("base64") })),
});

/** A gateway that fetches on demand alone. */
export const openFetchScene = async (options: SceneOptions = {}) => {
  const scene = await openInboundScene({
    ...options,
    settings: { NATIONAL_PORTAL_FETCH_MS: "off", ...options.settings },
  });
  const view = async (): Promise<FetchView> => (await scene.call<FetchView>("GET", "/v1/portal/fetches")).body;

  /** Waits until the round is in one of these states. */
  const fetchIs = async (...states: FetchView["state"][]): Promise<FetchView> => {
    for (const end = Date.now() + 30_000; ; await delay(20)) {
      const now = await view();
      if (states.includes(now.state)) return now;
      if (Date.now() > end) throw new Error(`fetching stays ${JSON.stringify(now)}`);
    }
  };

  /** Fetches now, and gives how it ended. */
  const fetchNow = async (...states: FetchView["state"][]): Promise<FetchView> => {
    await scene.call("POST", "/v1/portal/fetches");
    return fetchIs("idle", ...states);
  };
  const stages = async (): Promise<Record<string, string>> => {
    const found = await scene.database.execute(sql`select code, stage from portal_fetched order by code`);
    return Object.fromEntries(found.map(({ code, stage }) => [code, String(stage)]));
  };
  /** Why some of these dossiers were not taken or acknowledged. */
  const faults = async (...codes: readonly string[]): Promise<string[]> => {
    const found = await scene.database.execute(
      sql`select code, error_code from portal_fetched where error_code is not null order by code`,
    );
    return found.filter(({ code }) => codes.includes(String(code))).map(({ error_code: cause }) => String(cause));
  };
  return { ...scene, view, fetchIs, fetchNow, stages, faults };
};

/** Such a gateway. */
export type FetchScene = Awaited<ReturnType<typeof openFetchScene>>;
