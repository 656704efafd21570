import type { Text } from "./text.ts";

/**
 * What a caller may do after a failure.
 * `never`: the same call will fail again; `later`: the same call may be repeated after a while;
 * `same-key`: the call may have taken effect, repeat it with the same `Idempotency-Key`.
 */
export type RetryAdvice = "never" | "later" | "same-key";

/** One row of the error table. */
export interface ErrorRow {
  /** HTTP status of the problem document. */
  readonly status: number;
  readonly retry: RetryAdvice;
  /** What happened, for a person. */
  readonly title: Text;
  /** What the person who reads it can do about it. */
  readonly remedy: Text;
}

/**
 * The closed list of error codes: the only such table in the product. A code never changes its meaning,
 * its status or its retry advice; a new kind of failure gets a new row.
 */
export const ERRORS = {
  invalid_request: {
    status: 400,
    retry: "never",
    title: { vi: "Yêu cầu không hợp lệ", en: "The request is not valid" },
    remedy: { vi: "Sửa các trường được nêu rồi gửi lại.", en: "Correct the fields named and send again." },
  },
  unauthenticated: {
    status: 401,
    retry: "never",
    title: { vi: "Chưa xác thực", en: "Not authenticated" },
    remedy: {
      vi: "Lấy mã truy cập mới tại /oauth/token rồi gửi lại.",
      en: "Fetch a new access token at /oauth/token and send again.",
    },
  },
  forbidden: {
    status: 403,
    retry: "never",
    title: { vi: "Không có quyền", en: "Not allowed" },
    remedy: {
      vi: "Dùng tài khoản có quyền, hoặc đề nghị quản trị cấp quyền.",
      en: "Use a client that has the right, or ask an administrator to grant it.",
    },
  },
  not_found: {
    status: 404,
    retry: "never",
    title: { vi: "Không tìm thấy", en: "Not found" },
    remedy: { vi: "Kiểm tra lại mã hoặc đường dẫn.", en: "Check the code or the path." },
  },
  method_not_allowed: {
    status: 405,
    retry: "never",
    title: { vi: "Phương thức không được hỗ trợ", en: "Method not allowed" },
    remedy: { vi: "Dùng phương thức nêu trong tiêu đề Allow.", en: "Use a method named in the Allow header." },
  },
  conflict: {
    status: 409,
    retry: "never",
    title: { vi: "Xung đột với dữ liệu đã có", en: "In conflict with what is stored" },
    remedy: { vi: "Đọc lại trạng thái hiện tại rồi quyết định.", en: "Read the present state and decide again." },
  },
  gone: {
    status: 410,
    retry: "never",
    title: { vi: "Không còn nữa", en: "No longer there" },
    remedy: { vi: "Yêu cầu lại từ đầu.", en: "Start again from the beginning." },
  },
  payload_too_large: {
    status: 413,
    retry: "never",
    title: { vi: "Nội dung quá lớn", en: "The body is too large" },
    remedy: { vi: "Giảm dung lượng rồi gửi lại.", en: "Make the body smaller and send again." },
  },
  unsupported_media_type: {
    status: 415,
    retry: "never",
    title: { vi: "Kiểu nội dung không được hỗ trợ", en: "Unsupported media type" },
    remedy: { vi: "Gửi với Content-Type: application/json.", en: "Send Content-Type: application/json." },
  },
  idempotency_key_reused: {
    status: 422,
    retry: "never",
    title: { vi: "Idempotency-Key đã dùng cho yêu cầu khác", en: "The Idempotency-Key was used for another request" },
    remedy: { vi: "Dùng một khoá mới cho yêu cầu mới.", en: "Use a new key for a new request." },
  },
  lifecycle_refused: {
    status: 422,
    retry: "never",
    title: { vi: "Trái quy trình giải quyết hồ sơ", en: "Against the dossier's life cycle" },
    remedy: { vi: "Kiểm tra trạng thái hồ sơ trước đó.", en: "Check the dossier's earlier status." },
  },
  upstream_rejected: {
    status: 422,
    retry: "never",
    title: { vi: "Hệ thống quốc gia từ chối", en: "The platform refused" },
    remedy: {
      vi: "Sửa dữ liệu theo lý do từ chối, gửi lại hồ sơ, hoặc bấm thử lại sau khi đã khắc phục.",
      en: "Correct the data as the refusal says and put the dossier again, or retry once the cause is mended.",
    },
  },
  rate_limited: {
    status: 429,
    retry: "later",
    title: { vi: "Vượt quá giới hạn tần suất", en: "Too many requests" },
    remedy: { vi: "Chờ theo Retry-After rồi gửi lại.", en: "Wait as Retry-After says and send again." },
  },
  internal: {
    status: 500,
    retry: "same-key",
    title: { vi: "Lỗi nội bộ", en: "Internal error" },
    remedy: {
      vi: "Gửi lại với cùng Idempotency-Key; nếu vẫn lỗi, báo quản trị kèm mã tương quan.",
      en: "Send again with the same Idempotency-Key; if it persists, report the correlation id.",
    },
  },
  upstream_malformed: {
    status: 502,
    retry: "same-key",
    title: { vi: "Hệ thống quốc gia trả lời không đọc được", en: "The platform's answer cannot be read" },
    remedy: {
      vi: "Hệ thống tự thử lại; nếu kéo dài, báo đơn vị vận hành hệ thống quốc gia.",
      en: "It is retried by itself; if it lasts, tell those who run the platform.",
    },
  },
  overloaded: {
    status: 503,
    retry: "later",
    title: { vi: "Hệ thống đang quá tải", en: "Overloaded" },
    remedy: { vi: "Chờ theo Retry-After rồi gửi lại.", en: "Wait as Retry-After says and send again." },
  },
  unavailable: {
    status: 503,
    retry: "later",
    title: { vi: "Tạm thời không phục vụ được", en: "Temporarily unavailable" },
    remedy: { vi: "Chờ theo Retry-After rồi gửi lại.", en: "Wait as Retry-After says and send again." },
  },
  upstream_unavailable: {
    status: 503,
    retry: "later",
    title: { vi: "Không kết nối được hệ thống quốc gia", en: "The platform cannot be reached" },
    remedy: {
      vi: "Hệ thống tự thử lại khi kết nối được; kiểm tra đường truyền nếu kéo dài.",
      en: "It is retried by itself once the platform is back; check the line if it lasts.",
    },
  },
  not_configured: {
    status: 503,
    retry: "later",
    title: { vi: "Kết nối chưa được cấu hình", en: "The connection is not configured" },
    remedy: { vi: "Quản trị cần khai báo kết nối này.", en: "An administrator must configure this connection." },
  },
  upstream_timeout: {
    status: 504,
    retry: "same-key",
    title: { vi: "Hệ thống quốc gia không trả lời kịp", en: "The platform did not answer in time" },
    remedy: {
      vi: "Hệ thống tự kiểm tra rồi gửi lại; không cần thao tác.",
      en: "It is checked and sent again by itself; nothing to do.",
    },
  },
} as const satisfies Record<string, ErrorRow>;

/** A code of the closed error table. */
export type ErrorCode = keyof typeof ERRORS;

/** All codes, for schemas and exhaustive tests. */
export const ERROR_CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

/** What is wrong with one field of a request. `field` is a path such as `applicant.identities[0].value`. */
export interface FieldError {
  readonly field: string;
  readonly code: string;
  readonly message: Text;
}

/** Everything an error can carry besides its code. */
export interface ErrorEvidence {
  /** What is particular to this failure. Never personal data, never a secret. */
  readonly detail?: Text;
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
  /** Extra response headers, such as `Allow` or `WWW-Authenticate`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** The only error class that reaches a caller: a code of the table with its evidence. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly evidence: ErrorEvidence;

  constructor(code: ErrorCode, evidence: ErrorEvidence = {}) {
    super(evidence.detail?.en ?? ERRORS[code].title.en, { cause: evidence.cause });
    this.name = "GatewayError";
    this.code = code;
    this.evidence = evidence;
  }
}
