import type { Held, Till } from "../payments/till.ts";
import { VNPAY_DEFAULTS as KNOWN } from "./settings.ts";
import { apiSignature } from "./signatures.ts";

type Fields = Readonly<Record<string, string>>;

const STATUS: Readonly<Record<Held["state"], string>> = { created: "01", pending: "01", paid: "00", failed: "02" };

const signed = async (message: "querydrAnswer" | "refundAnswer", fields: Fields): Promise<Fields> => ({
  ...fields,
  vnp_SecureHash: await apiSignature(message, fields, KNOWN.secret),
});

const plainNo = (vnp_ResponseCode: string, vnp_Message: string): Fields => ({ vnp_ResponseCode, vnp_Message });

const head = (asked: Fields, code: string, message: string): Fields => ({
  vnp_ResponseId: `R${asked["vnp_RequestId"] ?? ""}`,
  vnp_Command: asked["vnp_Command"] ?? "",
  vnp_ResponseCode: code,
  vnp_Message: message,
  vnp_TmnCode: KNOWN.terminal,
  vnp_TxnRef: asked["vnp_TxnRef"] ?? "",
});

const factsOf = (held: Held): Fields => ({
  vnp_Amount: String(BigInt(held.amount) * 100n),
  vnp_BankCode: "NCB",
  vnp_PayDate: held.endedAt,
  vnp_TransactionNo: held.transactionNo || "0",
  vnp_OrderInfo: String(held.sent["vnp_OrderInfo"] ?? ""),
});

const isKnown = (held: Held | undefined, asked: Fields): held is Held =>
  held !== undefined && held.createdAt === asked["vnp_TransactionDate"];

const query = (asked: Fields, till: Till): Promise<Fields> => {
  const held = till.all.get(asked["vnp_TxnRef"] ?? "");
  if (!isKnown(held, asked)) return signed("querydrAnswer", head(asked, "91", "Transaction not found"));
  const state = { vnp_TransactionType: "01", vnp_TransactionStatus: STATUS[held.state] };
  return signed("querydrAnswer", { ...head(asked, "00", "QueryDR Success"), ...factsOf(held), ...state });
};

const refund = (asked: Fields, till: Till): Promise<Fields> => {
  const held = till.all.get(asked["vnp_TxnRef"] ?? "");
  const amount = Number(asked["vnp_Amount"]) / 100;
  if (!isKnown(held, asked) || held.state !== "paid")
    return signed("refundAnswer", head(asked, "91", "Transaction not found"));
  if (held.refunded > 0) return signed("refundAnswer", head(asked, "94", "Refund request is duplicated"));
  const isWhole = amount === held.amount;
  if (!Number.isInteger(amount) || amount > held.amount || asked["vnp_TransactionType"] !== (isWhole ? "02" : "03"))
    return Promise.resolve(plainNo("99", "Invalid amount"));
  held.refunded += amount;
  const state = { vnp_TransactionType: asked["vnp_TransactionType"], vnp_TransactionStatus: "05" };
  const facts = { ...factsOf(held), vnp_Amount: asked["vnp_Amount"] ?? "" };
  return signed("refundAnswer", { ...head(asked, "00", "Refund success"), ...facts, ...state });
};

/** What the merchant's API answers (payment section 2.3). Request ids are taken once. */
export const answerApi = async (asked: Fields, till: Till, requests: Set<string>): Promise<Fields> => {
  const command = asked["vnp_Command"];
  if (command !== "querydr" && command !== "refund") return plainNo("03", "Invalid command");
  if (asked["vnp_TmnCode"] !== KNOWN.terminal) return plainNo("02", "Invalid TmnCode");
  if (asked["vnp_SecureHash"] !== (await apiSignature(command, asked, KNOWN.secret)))
    return plainNo("97", "Invalid Checksum");
  const id = asked["vnp_RequestId"] ?? "";
  if (!/^\w{1,32}$/u.test(id) || requests.has(id)) return plainNo("94", "Duplicate request");
  requests.add(id);
  return command === "querydr" ? query(asked, till) : refund(asked, till);
};
