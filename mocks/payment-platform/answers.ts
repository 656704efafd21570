import type { Context } from "hono";
import {
  type Envelope,
  type InitAnswer,
  LOAI_BAN_TIN,
  OTHER_ERROR,
  type QueryAnswer,
  SIGNED,
  SUCCESS,
  signedText,
  TRANG_THAI_GD,
} from "../../contracts/platforms/payment-platform/wire.ts";
import type { ReportPlace } from "../payments/control.ts";
import { sha256 } from "../payments/digests.ts";
import { textsOf } from "../payments/simulated-payments.ts";
import { json, type Meeting } from "../payments/spoil.ts";
import type { Held, Till } from "../payments/till.ts";
import { faultOfInit } from "./check-init.ts";
import { receiptAnswer } from "./receipts.ts";
import { PAYMENT_PLATFORM_DEFAULTS as KNOWN, PATHS } from "./settings.ts";

/** What the platform answers from. */
export interface Parts {
  readonly till: Till;
  readonly place: ReportPlace;
  /** By which of its two times a receipt is found. */
  readonly receiptTime: "created" | "confirmed";
}

/** A `MaLoi` of this simulator alone: the platform's list is not public. */
const NOT_FOUND = "01";

type Signed = keyof typeof SIGNED;

/** `MaXacThuc` of a message. */
export const digestOf = (message: Signed, fields: Readonly<Record<string, string>>, secret: string): Promise<string> =>
  sha256(
    signedText(
      SIGNED[message].map((name) => fields[name] ?? ""),
      secret,
    ),
  );

const isRight = async (message: Signed, fields: Readonly<Record<string, string>>): Promise<boolean> =>
  fields["MaXacThuc"] === (await digestOf(message, fields, KNOWN.secret));

/** The answer, or the same inside the envelope of the integration axis where the dial says so. */
export const answered = (value: object, { rules }: Meeting): Response => {
  if (!rules.some(({ fault }) => fault === "wrapped")) return json(value);
  const envelope: Envelope = { error_code: "0", message: JSON.stringify(value) };
  return json(envelope);
};

/** A readable no. */
export const no = (MaLoi: string, MoTaLoi: string) => ({ MaLoi, MoTaLoi });

/** What the platform tells about a transaction, in a report and in the answer to a query. */
export const factsOf = (held: Held, amount: number) => ({
  MaDoiTac: KNOWN.partner,
  MaThamChieu: held.reference,
  SoTien: amount,
  MaTienTe: "VND",
  MaGiaoDich: held.transactionNo,
  MaNganHang: "VCB",
  ThoiGianGD: held.endedAt || held.createdAt,
  ThongTinGiaoDich: String(held.sent["ThongTinGiaoDich"] ?? ""),
});

const stateOf = ({ state }: Held): string =>
  state === "paid" || state === "failed" ? TRANG_THAI_GD[state] : TRANG_THAI_GD.pending;

/** The answer to `INIT`. */
export const answerInit = async ({ till, place }: Parts, c: Context, meeting: Meeting): Promise<Response> => {
  const body: unknown = await c.req.json<unknown>().catch(() => undefined);
  const fault = faultOfInit(body, KNOWN.partner);
  if (fault !== undefined) return answered(no(OTHER_ERROR, `Sai ${fault}`), meeting);
  const fields = textsOf(body) ?? {};
  if (!(await isRight("INIT", fields))) return answered(no(OTHER_ERROR, "Sai mã xác thực"), meeting);
  const reference = fields["MaThamChieu"] ?? "";
  const created = { reference, amount: Number(fields["SoTien"]), createdAt: fields["ThoiGianGD"] ?? "" };
  const sent = body as Readonly<Record<string, unknown>>;
  const isNew = till.open({ ...created, sent, ...(place.returnUrl !== undefined && { returnUrl: place.returnUrl }) });
  if (!isNew) return answered(no(OTHER_ERROR, "Trùng mã tham chiếu"), meeting);
  const UrlThanhToan = `${new URL(c.req.url).origin}/pay/${reference}`;
  const answer: InitAnswer = { ...no(SUCCESS, "Thành công"), UrlThanhToan };
  return answered(answer, meeting);
};

/** The answer to `QUERY`. */
export const answerQuery = async ({ till }: Parts, c: Context, meeting: Meeting): Promise<Response> => {
  const fields = textsOf(await c.req.json<unknown>().catch(() => undefined)) ?? {};
  if (fields["LoaiBanTin"] !== LOAI_BAN_TIN.query || !(await isRight("QUERY", fields)))
    return answered(no(OTHER_ERROR, "Sai mã xác thực"), meeting);
  const held = till.all.get(fields["MaThamChieu"] ?? "");
  if (held === undefined || held.createdAt !== fields["ThoiGianGD"])
    return answered(no(NOT_FOUND, "Không tìm thấy giao dịch"), meeting);
  const answer: Omit<QueryAnswer, "MaXacThuc"> & { MoTaLoi: string } = {
    ...no(SUCCESS, "Thành công"),
    ...factsOf(held, held.amount),
    TrangThaiGD: stateOf(held),
  };
  return answered(answer, meeting);
};

const isAskedRightly = (held: Held, time: string | undefined, { receiptTime }: Parts): boolean =>
  held.state === "paid" && time === (receiptTime === "confirmed" ? held.endedAt : held.createdAt);

/** The answer to `GET_BILL`, or to a bank's print-receipt. */
export const answerReceipt = async (parts: Parts, c: Context, meeting: Meeting): Promise<Response> => {
  const fields = textsOf(await c.req.json<unknown>().catch(() => undefined)) ?? {};
  const isBank = fields["LoaiBanTin"] === undefined;
  if (!(await isRight(isBank ? "print-receipt" : "GET_BILL", fields)))
    return answered(no(OTHER_ERROR, "Sai mã xác thực"), meeting);
  const held = parts.till.all.get(fields["MaThamChieu"] ?? "");
  if (held === undefined || !isAskedRightly(held, fields["ThoiGianGD"], parts))
    return answered(no(NOT_FOUND, "Không tìm thấy biên lai"), meeting);
  const form = meeting.rules.find((rule) => rule.fault === "receipt-form")?.form ?? "link";
  const link = `${new URL(c.req.url).origin}${PATHS.files}/${held.reference}.pdf`;
  const made = receiptAnswer(form, { held, link });
  return made instanceof Response ? made : answered(made, meeting);
};
