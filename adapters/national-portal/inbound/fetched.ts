import { checkAgencyCode, checkEnterpriseCode, checkOldId, checkPersonalId } from "../../../contracts/identifiers.ts";
import type { AskedQuestion, PushedDossier, PushSurroundings, RemoteFile } from "../../../contracts/portal-inbound.ts";
import type { Dossier } from "../../../contracts/services/dossier.ts";
import { MOST_FILES, procedureOf, UNNAMED, wordsOf } from "./dossiers.ts";
import { isObject, missing, momentOf, objectIn, required, shortText, textOf } from "./loose.ts";

const CODE = 100;

const listIn = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Numbers of papers, by what they are in shape; one that is none of them stays in the details alone. */
const identitiesOf = (value: unknown, now: Date): Dossier["applicant"]["identities"] => {
  const told = textOf(value);
  if (checkPersonalId(told, now).ok) return [{ kind: "personal-id", value: told }];
  if (checkOldId(told).ok) return [{ kind: "old-id", value: told }];
  return told !== "" && checkEnterpriseCode(told, now).ok ? [{ kind: "enterprise-code", value: told }] : [];
};

/** The owner of the dossier. 1 and 2 are businesses (np 3.3). */
const applicantOf = (row: Record<string, unknown>, now: Date): Dossier["applicant"] => {
  const filer = objectIn(row["ThongTinNguoiNop"]);
  const told = objectIn(filer["ThongTinChiTiet"]);
  const [account, email, phone, fax] = [
    shortText(filer["IdDoiTuong"], 200),
    shortText(told["Email"], 200),
    shortText(told["SoDienThoai"], 50),
    shortText(told["Fax"], 50),
  ];
  const names = [told["TenChuHs"], row["ChuHoSo"], told["TenNguoiNop"]];
  return {
    type: ["1", "2"].includes(textOf(filer["LoaiDoiTuong"] ?? row["LoaiDoiTuong"])) ? "enterprise" : "citizen",
    name: names.map((name) => shortText(name, 500)).find((name) => name !== undefined) ?? "(không nêu tên)",
    identities: identitiesOf(textOf(told["SoDinhDanhChuHs"]) || told["SoDinhDanh"], now),
    ...(account !== undefined && { portalAccountId: account }),
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
    ...(fax !== undefined && { fax }),
  };
};

/** `yyyy-MM-dd HH:mm:ss` as the connector writes it, or as the portal does elsewhere. */
const submittedAt = (value: unknown): string | undefined => {
  const digits = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(?:\.\d+)?)?$/u.exec(textOf(value));
  return digits === null ? momentOf(value) : momentOf(digits.slice(1).join(""));
};

const filesOf = (row: Record<string, unknown>): RemoteFile[] =>
  listIn(row["ThanhPhanHoSo"]).flatMap((component) =>
    listIn(component["GiayToDinhKem"]).flatMap((paper) => {
      const id = shortText(paper["IdGiayTo"], 200);
      const name = shortText(paper["TenGiayTo"], 4000) ?? shortText(component["TenThanhPhanHoSo"], 4000) ?? UNNAMED;
      return id === undefined ? [] : [{ id, name }];
    }),
  );

/** A row of `laydanhsachhoso`: a dossier that was filed at the portal (np 1.3). @throws Unreadable */
export const readFiled = (row: Record<string, unknown>, { now, agencyCode }: PushSurroundings): PushedDossier => {
  const code = required("MaHoSo", row["MaHoSo"], CODE);
  const remoteFiles = filesOf(row);
  if (remoteFiles.length > MOST_FILES) throw missing("ThanhPhanHoSo");
  const filed = submittedAt(row["NgayNop"] ?? row["NgayNopHoSo"]);
  const unit = shortText(row["MaDonViTiepNhan"], CODE) ?? "";
  const [unitName, procedureName] = [shortText(row["TenDonViTiepNhan"], 500), shortText(row["TenTTHC"], 1000)];
  return {
    kind: "dossier",
    code,
    amendment: false,
    updating: false,
    dossier: {
      procedureCode: procedureOf(row["MaTTHC"]),
      ...(procedureName !== undefined && { procedureName }),
      channel: "online",
      applicant: applicantOf(row, now),
      summary: shortText(row["TrichYeuHoSo"], 10_000) ?? `Hồ sơ ${code}`,
      ...(filed !== undefined && { submittedAt: filed }),
      receivedAt: filed ?? now.toISOString(),
      status: "submitted",
      delivery: "counter",
      processingUnit: { code: checkAgencyCode(unit).ok ? unit : agencyCode, name: unitName ?? "Chưa phân công" },
      origin: "national-portal",
      portalCode: code,
    },
    details: wordsOf(row),
    files: [],
    remoteFiles,
  };
};

/** Keys of shape A come in any case (np 2.4). */
const upperKeys = (row: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toUpperCase(), value]));

/** A row of `LayDanhSachHoiDapGuiTuDVCQG` (np 2.5). @throws Unreadable */
export const readAsked = (given: Record<string, unknown>): AskedQuestion => {
  const row = upperKeys(given);
  const id = required("HOIDAPID", row["HOIDAPID"], CODE);
  const text = (name: string, max: number) => shortText(row[name], max);
  const optional = <K extends string>(key: K, value: string | undefined) =>
    (value === undefined ? {} : { [key]: value }) as Partial<Record<K, string>>;
  const answerId = text("TRALOIID", CODE);
  return {
    kind: "question",
    id,
    content: required("NOIDUNG", row["NOIDUNG"], 100_000),
    ...optional("fieldCode", text("MALINHVUC", CODE)),
    ...optional("procedureCode", text("MATTHCDP", CODE)),
    ...optional("agencyCode", text("MADONVI", CODE)),
    asker: {
      ...optional("name", text("HOVATEN", 500)),
      ...optional("address", text("DIACHI", 2000)),
      ...optional("email", text("THUDIENTU", 200)),
      ...optional("phone", text("SODIENTHOAI", 50)),
    },
    ...(answerId !== undefined &&
      answerId !== "0" && { answer: { id: answerId, ...optional("content", text("NOIDUNGTRALOI", 100_000)) } }),
  };
};
