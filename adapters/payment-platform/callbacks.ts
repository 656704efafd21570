import { isSignedByOne } from "../../contracts/payments/digests.ts";
import { readWireRow, type WireRow, wireText } from "../../contracts/payments/wire-rows.ts";
import { readVnd } from "../../contracts/payments/wire-values.ts";
import {
  type CallbackAnswer,
  type CallbackEcho,
  type CallbackRequest,
  type CallbackVerdict,
  DECISIVE_FIELDS,
  PAYMENT_REFERENCE,
  type PaymentCallbacks,
  type PaymentEvent,
  type RefusedCallback,
} from "../../contracts/payments.ts";
import {
  type ConfirmAck,
  LOAI_BAN_TIN,
  OTHER_ERROR,
  SIGNED,
  SUCCESS,
} from "../../contracts/platforms/payment-platform/wire.ts";
import type { CallbackConfig } from "./config.ts";
import { factsIn, signatureOf } from "./map.ts";

/** Payment section 4, rule 17. */
const LONGEST_BODY = 64 * 1024;
const LONGEST_ECHO = 255;

const ECHOED = ["MaDoiTac", "MaThamChieu", "ThoiGianGD", "MaXacThuc", "MaLoi"] as const;

const echoOf = (row: WireRow): CallbackEcho =>
  Object.fromEntries(ECHOED.map((name) => [name, wireText(row, name).slice(0, LONGEST_ECHO)]));

const refuse = (why: RefusedCallback["why"], detail: string, echo: CallbackEcho = {}): RefusedCallback => ({
  ...{ kind: "refused", why, detail, echo },
});

/** Only the text that stands last before the secret may hold a bar: elsewhere two messages would have one digest. */
const isUnambiguous = (row: WireRow): boolean =>
  SIGNED.CONFIRM.every((name) => name === "ThongTinGiaoDich" || !wireText(row, name).includes("|"));

const toEvent = (row: WireRow, config: CallbackConfig): PaymentEvent | RefusedCallback => {
  const echo = echoOf(row);
  if (wireText(row, "LoaiBanTin") !== LOAI_BAN_TIN.confirm) return refuse("unreadable", "It is no CONFIRM", echo);
  const code = wireText(row, "MaLoi");
  const reference = wireText(row, "MaThamChieu");
  if (code === "" || reference === "") return refuse("unreadable", "MaLoi or MaThamChieu is missing", echo);
  const amount = readVnd(wireText(row, "SoTien"));
  if (amount === undefined) return refuse("wrong-amount", "SoTien is no amount in VND", echo);
  const partner = wireText(row, "MaDoiTac");
  const receiptUrl = wireText(row, "UrlBienLai");
  return {
    ...factsIn(row),
    kind: "event",
    reference,
    outcome: code === SUCCESS ? "paid" : "failed",
    code,
    amount,
    partner,
    ours: partner === config.partner,
    // All of them (payment section 1.3); what is not is the receipt block alone.
    signed: new Set(DECISIVE_FIELDS),
    ...(receiptUrl !== "" && { receiptUrl }),
    echo,
  };
};

const read = async (request: CallbackRequest, config: CallbackConfig): Promise<PaymentEvent | RefusedCallback> => {
  if (config.secrets.length === 0) return refuse("not-configured", "No secret is configured");
  if (request.body.length > LONGEST_BODY) return refuse("unreadable", "It is longer than 64 KiB");
  const row = readWireRow(request.body);
  if (row === undefined) return refuse("unreadable", "It is no JSON object, or names a member twice");
  const given = wireText(row, "MaXacThuc");
  const digest = (secret: string) => signatureOf("CONFIRM", row, secret);
  const isTrue = isUnambiguous(row) && (await isSignedByOne(given, config.secrets, digest));
  return isTrue ? toEvent(row, config) : refuse("bad-signature", "MaXacThuc is not that of the fields", echoOf(row));
};

const WORDS: Readonly<Record<CallbackVerdict, string>> = {
  recorded: "Thành công",
  duplicate: "Thành công",
  "unknown-reference": "Không tìm thấy giao dịch",
  "foreign-partner": "Sai mã đối tác",
  "wrong-amount": "Sai số tiền",
  "wrong-currency": "Sai mã tiền tệ",
  "bad-signature": "Sai mã xác thực",
  unreadable: "Bản tin không hợp lệ",
  "not-configured": "Chưa cấu hình",
  "not-recorded": "Chưa ghi nhận được",
};

/** We could not: the platform shall come again. */
const OURS_TO_MEND: ReadonlySet<CallbackVerdict> = new Set(["not-recorded", "not-configured"]);

const codeOf = (verdict: CallbackVerdict, echo: CallbackEcho, { profile }: CallbackConfig): string => {
  if (verdict !== "recorded" && verdict !== "duplicate") return OTHER_ERROR;
  return profile.acknowledgement === "mirror" ? (echo["MaLoi"] ?? SUCCESS) : SUCCESS;
};

const answer = (verdict: CallbackVerdict, config: CallbackConfig, echo: CallbackEcho): CallbackAnswer => {
  const ack: ConfirmAck = {
    MaLoi: codeOf(verdict, echo, config),
    MoTaLoi: WORDS[verdict],
    MaDoiTac: echo["MaDoiTac"] ?? config.partner,
    MaThamChieu: echo["MaThamChieu"] ?? "",
    ThoiGianGD: echo["ThoiGianGD"] ?? "",
    MaXacThuc: config.profile.acknowledgementSignature === "echo" ? (echo["MaXacThuc"] ?? "") : "",
  };
  const status = OURS_TO_MEND.has(verdict) ? 503 : 200;
  return { status, contentType: "application/json; charset=utf-8", body: JSON.stringify(ack) };
};

/** How the platform's reports are read and answered (payment section 1.5, api section 7). */
export const openCallbacks = (config: CallbackConfig): PaymentCallbacks => ({
  method: "POST",
  read: (request) => read(request, config),
  answer: (verdict, echo = {}) => answer(verdict, config, echo),
  referenceIn: (query) => {
    const named = new URLSearchParams(query).get("data") ?? "";
    return PAYMENT_REFERENCE.test(named) ? named : undefined;
  },
});
