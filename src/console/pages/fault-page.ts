import { html } from "hono/html";
import { CONSOLE } from "../local-path.ts";
import { layout, type Markup } from "./layout.ts";

interface Words {
  readonly title: string;
  readonly advice: string;
}

const FAULTS: Readonly<Record<number, Words>> = {
  403: {
    title: "Không được phép",
    advice:
      "Biểu mẫu đã hết hạn hoặc tài khoản không có quyền làm việc này. Mở lại trang rồi thử lại; nếu vẫn vậy, đề nghị quản trị cấp quyền.",
  },
  404: { title: "Không tìm thấy", advice: "Trang hoặc trao đổi này không có. Kiểm tra lại mã hoặc đường dẫn." },
  405: { title: "Không được hỗ trợ", advice: "Mở lại trang từ danh sách trao đổi." },
  413: { title: "Biểu mẫu quá lớn", advice: "Rút ngắn nội dung rồi gửi lại." },
  415: { title: "Biểu mẫu không đọc được", advice: "Mở lại trang rồi gửi lại bằng trình duyệt." },
  503: { title: "Tạm thời không phục vụ được", advice: "Hệ thống đang gián đoạn. Chờ một lát rồi tải lại trang." },
};

const UNFORESEEN: Words = {
  title: "Có lỗi xảy ra",
  advice: "Tải lại trang; nếu vẫn lỗi, báo quản trị kèm mã tương quan dưới đây.",
};

/**
 * What a person sees in place of a page.
 * @param status HTTP status of the answer
 */
export const faultPage = (status: number, correlationId: string): Markup => {
  const { title, advice } = FAULTS[status] ?? UNFORESEEN;
  const body = html`
      <section class="card narrow">
        <h1>${title}</h1>
        <p>${advice}</p>
        <p><a class="button" href="${CONSOLE}">Về danh sách trao đổi</a></p>
        <p class="quiet small">Mã lỗi ${status} · Mã tương quan <code>${correlationId}</code></p>
      </section>`;
  return layout({ title, body });
};
