import { checkEnterpriseCode, checkProcedureCode } from "../../../contracts/identifiers.ts";
import type { PushedDossier, PushedFile, PushSurroundings } from "../../../contracts/portal-inbound.ts";
import type { Dossier } from "../../../contracts/services/dossier.ts";
import { isObject, missing, momentOf, objectIn, required, shortText, textOf } from "./loose.ts";

const CODE = 100;
/** Files of one dossier at most. */
export const MOST_FILES = 200;
/** What a file without a name is called. */
export const UNNAMED = "tep-dinh-kem";

/** A national procedure code. @throws Unreadable */
export const procedureOf = (value: unknown): string => {
  const code = required("MaTTHC", value, CODE);
  if (!checkProcedureCode(code).ok) throw missing("MaTTHC");
  return code;
};

/** The trader. A tax code that is none stays in the details alone: no identity is made up. */
const applicantOf = (told: Record<string, unknown>): Dossier["applicant"] => {
  const taxCode = textOf(told["MaSoThue"]);
  const [email, phone, fax] = [
    shortText(told["Email"], 200),
    shortText(told["DienThoai"], 50),
    shortText(told["Fax"], 50),
  ];
  const isCode = taxCode !== "" && checkEnterpriseCode(taxCode, new Date(0)).ok;
  return {
    type: "enterprise",
    name: shortText(told["TenThuongNhan"], 500) ?? "(không nêu tên)",
    identities: isCode ? [{ kind: "enterprise-code", value: taxCode }] : [],
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
    ...(fax !== undefined && { fax }),
  };
};

/** Longer than anything that people write: a file in a field that nobody told us of. */
const LONGEST_TEXT = 100_000;

const worded = (value: unknown): unknown => {
  if (typeof value === "string") return value.length > LONGEST_TEXT ? `[${value.length} characters]` : value;
  if (Array.isArray(value)) return value.map(worded);
  return isObject(value) ? wordsOf(value) : value;
};

/** What was told, without what is no text: the message as it came is kept besides. */
export const wordsOf = (told: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(told).map(([name, value]) => [name, worded(value)]));

/** What is the same of a notice and of an amendment: filed online, not yet taken on by anybody. */
const dossierOf = (
  code: string,
  procedureCode: string,
  told: Record<string, unknown>,
  { now, agencyCode }: PushSurroundings,
): Dossier => {
  const submittedAt = momentOf(told["NgayNopHoSo"]);
  return {
    procedureCode,
    channel: "online",
    applicant: applicantOf(told),
    summary: shortText(told["TenChuongTrinhKhuyenMai"], 10_000) ?? `Thông báo khuyến mại ${code}`,
    ...(submittedAt !== undefined && { submittedAt }),
    receivedAt: submittedAt ?? now.toISOString(),
    status: "submitted",
    delivery: "counter",
    processingUnit: { code: agencyCode, name: "Chưa phân công" },
    origin: "national-portal",
    portalCode: code,
  };
};

const fileOf = (name: unknown, base64: unknown): PushedFile[] =>
  typeof base64 === "string" && base64 !== "" ? [{ name: shortText(name, 4000) ?? UNNAMED, base64 }] : [];

/** `addtthcKhuyenMai`: a promotion notice with its files (np 2.6). @throws Unreadable */
export const readPromotion = (body: unknown, surroundings: PushSurroundings): PushedDossier => {
  const { TepDonDangKy: form, TaiLieuNop: papers, securityKey: _, ...told } = objectIn(body);
  const code = required("MaHoSo", told["MaHoSo"], CODE);
  const list = Array.isArray(papers) ? papers.filter(isObject) : [];
  const files = [
    ...fileOf(told["TenTepDonDangKy"], form),
    ...list.flatMap(({ TenTepDinhKem, Base64 }) => fileOf(TenTepDinhKem, Base64)),
  ];
  if (files.length > MOST_FILES) throw missing("TaiLieuNop");
  return {
    kind: "dossier",
    code,
    amendment: false,
    updating: false,
    dossier: dossierOf(code, procedureOf(told["MaTTHC"]), told, surroundings),
    details: wordsOf(told),
    files,
  };
};

/** The fields of an amended notice end in `KM` or not, in either of its two parts: the newer part wins. */
const merged = (data: Record<string, unknown>): Record<string, unknown> => {
  const [filed, changed] = [objectIn(data["ThongTinDaNop"]), objectIn(data["ThongTinSuaDoi"])];
  const plain = Object.entries(changed).map(([name, value]) => [name.replace(/KM$/u, ""), value]);
  return { ...filed, ...Object.fromEntries(plain), ...changed, ...data };
};

/** `nhanhsdvcqg`: an amendment, a dossier of its own that names the one it amends (np 2.6). @throws Unreadable */
export const readAmendment = (data: unknown, updating: boolean, surroundings: PushSurroundings): PushedDossier => {
  const told = objectIn(data);
  const code = required("MaHoSoQG", told["MaHoSoQG"], CODE);
  const amends = shortText(objectIn(told["ThongTinDaNop"])["MaHoSoQGDNP"], CODE);
  const address = shortText(told["URLTepDangKy"], 2000);
  return {
    kind: "dossier",
    code,
    amendment: true,
    ...(amends !== undefined && { amends }),
    updating,
    dossier: {
      ...dossierOf(code, procedureOf(told["MaTTHC"]), merged(told), surroundings),
      ...(amends !== undefined && { linked: { kind: "same-level", parentCode: amends } }),
    },
    details: wordsOf(told),
    files: [],
    ...(address !== undefined && {
      addressedFiles: [{ name: shortText(told["TenTepDangKy"], 4000) ?? UNNAMED, address }],
    }),
  };
};
