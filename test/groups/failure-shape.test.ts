import { expect, test } from "vitest";
import { failureShape } from "../../src/ledger/groups/failure-shape.ts";

test("messages about different dossiers and persons with one cause have one shape", () => {
  const one = failureShape("Hồ sơ H04.15-261120-0001 của Trần Thị Ví Dụ: số định danh 001199000001 không hợp lệ");
  const other = failureShape("Hồ sơ H04.16-261121-0777 của Lê Văn Mẫu: số định danh 037088123456 không hợp lệ");
  expect(one).toBe("Hồ sơ # của …: số định danh # không hợp lệ");
  expect(other).toBe(one);
});

test("no quoted text, address, number or code of a message is left in its shape", () => {
  const shape = failureShape(
    `Trường "NGUYỄN VĂN A" sai, liên hệ vidu@example.vn hoặc https://portal.test/h?id=12, mã G22-1, ngày 20/11/2026, 'ẩn'`,
  );
  expect(shape).toBe("Trường … sai, liên hệ … hoặc … mã #, ngày #, …");
});

test("different causes keep different shapes", () => {
  expect(failureShape("Mã thủ tục 2.000591 không tồn tại")).not.toBe(
    failureShape("Mã lĩnh vực 2.000591 không tồn tại"),
  );
});

test("decomposed and composed letters have one shape", () => {
  const words = "Không tìm thấy thủ tục";
  expect(failureShape(words.normalize("NFD"))).toBe(failureShape(words.normalize("NFC")));
});

test("a message all in capitals keeps its words, for no name can be told in it", () => {
  expect(failureShape("HỒ SƠ 123 KHÔNG TỒN TẠI")).toBe("HỒ SƠ # KHÔNG TỒN TẠI");
});

test("an endless or broken message has a bounded, well-formed shape", () => {
  const shape = failureShape(`\uD800${"lỗi rất dài ".repeat(1000)}`);
  expect(shape.length).toBeLessThanOrEqual(300);
  expect(shape.isWellFormed()).toBe(true);
  expect(failureShape("")).toBe("");
});
