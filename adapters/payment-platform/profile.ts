import { CONSTANTS } from "../../contracts/platforms/payment-platform/wire.ts";

/** How a province's contract with the platform looks; every member can be set by itself (payment section 1.1). */
export interface PaymentProfile {
  readonly version: string;
  readonly paymentKind: string;
  readonly channel: string;
  readonly device: string;
  readonly language: string;
  readonly bank: string;
  /**
   * `recorded`: 00 for whatever was recorded. `mirror`: a failed payment's own code comes back, as older clients answer, which
   * may make the platform believe that its report was lost.
   */
  readonly acknowledgement: "recorded" | "mirror";
  /** Whether `MaXacThuc` of an acknowledgement is the one that came, or empty: no formula is known (payment section 1.5). */
  readonly acknowledgementSignature: "echo" | "none";
  /** What a receipt is asked for with: a bank's print-receipt names neither type nor version. */
  readonly receiptMode: "get-bill" | "print-receipt";
  /** Which of its two times a receipt is asked for by, in the order tried (payment section 1.8). */
  readonly receiptTimes: readonly ("created" | "confirmed")[];
}

/** The profiles by name (design section 8). */
export const PROFILES: Readonly<Record<string, PaymentProfile>> = {
  standard: {
    version: CONSTANTS.PhienBan,
    paymentKind: CONSTANTS.LoaiHinhThanhToan,
    channel: CONSTANTS.MaKenhThanhToan,
    device: CONSTANTS.MaThietBi,
    language: CONSTANTS.NgonNgu,
    bank: CONSTANTS.MaNganHang,
    acknowledgement: "recorded",
    acknowledgementSignature: "echo",
    receiptMode: "get-bill",
    receiptTimes: ["created", "confirmed"],
  },
};
