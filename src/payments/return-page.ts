import type { PaymentState } from "../../contracts/services/payments.ts";

const PAID: readonly PaymentState[] = ["paid", "paid-orphan", "refund-requested", "refunding", "refunded"];
const OVER: readonly PaymentState[] = ["failed", "expired", "cancelled"];

const wordsOf = (state: PaymentState | null): readonly [title: string, text: string] => {
  if (state !== null && PAID.includes(state)) {
    return [
      "Đã ghi nhận thanh toán",
      "Cơ quan giải quyết hồ sơ đã nhận được xác nhận thanh toán. Bạn có thể đóng trang này.",
    ];
  }
  if (state !== null && OVER.includes(state)) {
    return [
      "Chưa thanh toán",
      "Giao dịch không thành công hoặc đã hết hạn. Nếu tài khoản đã bị trừ tiền, hệ thống sẽ tự đối chiếu.",
    ];
  }
  return [
    "Đang chờ xác nhận",
    "Hệ thống đang hỏi nền tảng thanh toán. Kết quả sẽ hiện ở hồ sơ của bạn; không cần thanh toán lại.",
  ];
};

/** The page that a returning browser is shown: how the payment stands here, and nothing of what it is about (payment section 4.16). */
export const returnPage = (state: PaymentState | null): string => {
  const [title, text] = wordsOf(state);
  return `<!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>body{font-family:system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem;line-height:1.5}</style></head><body><h1>${title}</h1><p>${text}</p></body></html>`;
};
