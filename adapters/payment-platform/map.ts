import { sha256Hex } from "../../contracts/payments/digests.ts";
import { receiptBlock } from "../../contracts/payments/receipt-block.ts";
import { isWireRow, readWireRow, type WireRow, wireText } from "../../contracts/payments/wire-rows.ts";
import { plainText, readVnd, readWireTime, toWireTime } from "../../contracts/payments/wire-values.ts";
import type {
  PaymentBeneficiary,
  PaymentOrder,
  PaymentOutcome,
  PaymentReceipt,
  PaymentStatus,
} from "../../contracts/payments.ts";
import {
  CONSTANTS,
  type Init,
  type PrintReceipt,
  type Query,
  SIGNED,
  signedText,
  TRANG_THAI_GD,
} from "../../contracts/platforms/payment-platform/wire.ts";
import type { CallbackConfig } from "./config.ts";

/** `ThongTinGiaoDich` is cut: banks take 210 characters (payment section 2.6). */
const LONGEST_CONTENT = 200;

type Message = keyof typeof SIGNED;

/** `MaXacThuc` of a message under a secret, over the fields exactly as they stand (payment section 1.3). */
export const signatureOf = (message: Message, fields: WireRow, secret: string): Promise<string> =>
  sha256Hex(
    signedText(
      SIGNED[message].map((name) => wireText(fields, name)),
      secret,
    ),
  );

const signed = async <T extends object>(
  message: Message,
  fields: T,
  { secrets }: CallbackConfig,
): Promise<T & { readonly MaXacThuc: string }> => ({
  ...fields,
  MaXacThuc: await signatureOf(message, fields as WireRow, secrets[0] ?? ""),
});

/** An order as `INIT`. */
export const toInit = (order: PaymentOrder, beneficiary: PaymentBeneficiary, config: CallbackConfig): Promise<Init> => {
  const { profile, partner } = config;
  const fields: Omit<Init, "MaXacThuc"> = {
    LoaiBanTin: "INIT",
    PhienBan: profile.version,
    MaDoiTac: partner,
    MaThamChieu: order.reference,
    SoTien: String(order.amount),
    LoaiHinhThanhToan: profile.paymentKind,
    MaKenhThanhToan: profile.channel,
    MaThietBi: profile.device,
    NgonNgu: profile.language,
    MaTienTe: CONSTANTS.MaTienTe,
    MaNganHang: profile.bank,
    ThongTinGiaoDich: plainText(order.content, LONGEST_CONTENT),
    ThoiGianGD: toWireTime(order.createdAt),
    Ip: order.payerIp,
    ThongTinBienLai: receiptBlock(order, beneficiary),
  };
  return signed("INIT", fields, config);
};

/** The question about a reference, as a query or for its receipt; `time` as the platform knows it. */
export const toQuestion = (
  LoaiBanTin: Query["LoaiBanTin"],
  { reference, time }: { readonly reference: string; readonly time: string },
  config: CallbackConfig,
): Promise<Query> => {
  const { profile, partner } = config;
  const fields = { LoaiBanTin, PhienBan: profile.version, MaDoiTac: partner, MaThamChieu: reference };
  return signed(LoaiBanTin, { ...fields, ThoiGianGD: time }, config);
};

/** The same for a bank's print-receipt. */
export const toPrintReceipt = (
  { reference, time }: { readonly reference: string; readonly time: string },
  config: CallbackConfig,
): Promise<PrintReceipt> =>
  signed("print-receipt", { MaDoiTac: config.partner, MaThamChieu: reference, ThoiGianGD: time }, config);

/** What the integration axis wrapped is taken out; undefined where the inside is no JSON object (payment section 1.4). */
export const unwrapped = (row: WireRow): WireRow | undefined => {
  if (Object.hasOwn(row, "MaLoi") || !Object.hasOwn(row, "error_code")) return row;
  const inside = row["message"];
  return isWireRow(inside) ? inside : readWireRow(wireText(row, "message"));
};

const OUTCOMES: Readonly<Record<string, PaymentOutcome>> = {
  [TRANG_THAI_GD.paid]: "paid",
  [TRANG_THAI_GD.pending]: "pending",
  [TRANG_THAI_GD.failed]: "failed",
};

/** What a report or an answer says about a transaction; absent where the wire says nothing. */
export const factsIn = (row: WireRow) => {
  const amount = readVnd(wireText(row, "SoTien"));
  const paidAt = readWireTime(wireText(row, "ThoiGianGD"));
  const text = (name: string) => wireText(row, name) || undefined;
  const [currency, transactionId, platformTime, bank] = [
    text("MaTienTe"),
    text("MaGiaoDich"),
    text("ThoiGianGD"),
    text("MaNganHang"),
  ];
  return {
    ...(amount !== undefined && { amount }),
    ...(currency !== undefined && { currency }),
    ...(transactionId !== undefined && { transactionId }),
    ...(platformTime !== undefined && { platformTime }),
    ...(paidAt !== undefined && { paidAt }),
    ...(bank !== undefined && { bank }),
  };
};

/** The answer to a query that worked; a state that no source explains is pending, which is never final. */
export const toStatus = (row: WireRow): PaymentStatus => {
  const state = wireText(row, "TrangThaiGD");
  const outcome = Object.hasOwn(OUTCOMES, state) ? OUTCOMES[state] : undefined;
  return { state: outcome ?? "pending", code: state, ...factsIn(row) };
};

/** What every answer has beside a receipt. */
const NO_RECEIPT: ReadonlySet<string> = new Set([
  ...(["LoaiBanTin", "PhienBan", "MaLoi", "MoTaLoi", "MaDoiTac", "MaThamChieu", "ThoiGianGD", "MaXacThuc"] as const),
  ...(["UrlBienLai", "URLBienLai", "error_code", "message"] as const),
]);

/** Base64 of `%PDF-`. */
const PDF_BASE64 = "JVBERi0";

/** A receipt in the JSON of an answer that succeeded; null: there is none yet (payment section 1.8). */
export const toReceipt = (row: WireRow): PaymentReceipt | null => {
  const url = wireText(row, "UrlBienLai") || wireText(row, "URLBienLai");
  if (url !== "") return { form: "link", url };
  const texts = Object.entries(row).filter(
    (entry): entry is [string, string] => !NO_RECEIPT.has(entry[0]) && typeof entry[1] === "string" && entry[1] !== "",
  );
  const bytes = texts.find(([, text]) => text.startsWith(PDF_BASE64))?.[1];
  if (bytes !== undefined) return { form: "bytes", base64: bytes.replace(/\s/gu, ""), type: "application/pdf" };
  return texts.length === 0 ? null : { form: "data", data: Object.fromEntries(texts) };
};
