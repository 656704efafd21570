import { TAX_SERVICES } from "../../../contracts/platforms/national-portal/inbound.ts";
import type {
  InboundCall,
  InboundOperation,
  PortalDialect,
  Push,
  PushReading,
  PushSurroundings,
} from "../../../contracts/portal-inbound.ts";
import { billAnswer, statusAnswer } from "./answers.ts";
import { readAmendment, readPromotion } from "./dossiers.ts";
import { readAsked, readFiled } from "./fetched.ts";
import { flagOf, isObject, objectIn, shortText, textOf, Unreadable } from "./loose.ts";
import { readTaxNotice, readTaxReceipt } from "./tax-papers.ts";

const CODE = 100;

const unknownService = (service: string): Unreadable =>
  new Unreadable({ vi: `Không biết service "${service}".`, en: `The service "${service}" is not known.` });

/** The name under which amendments come is in no source (np 2.6): what is no receipt and has an amendment's code is one. */
const isAmendment = (data: unknown): boolean => textOf(objectIn(data)["MaHoSoQG"]) !== "";

const readers: Readonly<Record<InboundCall, (body: Record<string, unknown>, surroundings: PushSurroundings) => Push>> =
  {
    addtthcKhuyenMai: readPromotion,
    nhanhsdvcqg: (body, surroundings) => {
      const service = textOf(body["service"]).slice(0, CODE);
      if (service === TAX_SERVICES.receipt) return readTaxReceipt(body["data"]);
      if (!isAmendment(body["data"])) throw unknownService(service);
      return readAmendment(body["data"], flagOf(body["isUpdating"]), surroundings);
    },
    nhantbthuedvcqg: (body) => {
      const service = textOf(body["service"]).slice(0, CODE);
      if (service !== "" && service !== TAX_SERVICES.notice) throw unknownService(service);
      return readTaxNotice(body["data"]);
    },
    laydanhsachhoso: readFiled,
    LayDanhSachHoiDapGuiTuDVCQG: readAsked,
  };

/** What the push is about, as far as it says so: for whoever looks for one that could not be read. */
const codeIn = (body: Record<string, unknown>): string | undefined => {
  const data = objectIn(body["data"]);
  return shortText(body["MaHoSo"] ?? data["MaHoSoQG"] ?? data["MaHoSo"], CODE);
};

/** What a push that cannot be read was to be. */
const operationOf = (call: InboundCall, body: Record<string, unknown>): InboundOperation => {
  if (call === "addtthcKhuyenMai" || call === "laydanhsachhoso") return "dossier.received";
  if (call === "LayDanhSachHoiDapGuiTuDVCQG") return "question.received";
  const service = textOf(body["service"]);
  if (service === TAX_SERVICES.receipt) return "tax-receipt.received";
  if (service === TAX_SERVICES.notice) return "tax-notice.received";
  return isAmendment(body["data"]) ? "dossier.amended" : "message.unknown";
};

const readPush = (call: InboundCall, body: unknown, surroundings: PushSurroundings): PushReading => {
  if (!isObject(body)) {
    const cause = { vi: "Không phải đối tượng JSON.", en: "It is no JSON object." };
    return { ok: false, operation: "message.unknown", cause };
  }
  try {
    return { ok: true, push: readers[call](body, surroundings) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const code = codeIn(body);
    return { ok: false, operation: operationOf(call, body), cause: error.why, ...(code !== undefined && { code }) };
  }
};

/** How the portal's own calls are read and answered (np 2.6, api section 7). */
export const portalDialect: PortalDialect = {
  readPush,
  sharedKeyIn: (body) => {
    const key = objectIn(body)["securityKey"];
    return typeof key === "string" ? key : undefined;
  },
  codeAskedFor: (body) => {
    const { masohoso, MaHoSo, mahoso } = objectIn(body);
    return shortText(masohoso ?? MaHoSo ?? mahoso, CODE);
  },
  status: statusAnswer,
  bill: billAnswer,
};
