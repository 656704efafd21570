import { describe, expect, test } from "vitest";
import { field, isDuplicate, type ReadingRules, readAnswer } from "../../../adapters/national-portal/faults.ts";
import type { HttpAnswer } from "../../../contracts/adapter.ts";

const now = new Date("2026-11-20T02:15:00Z");
const answer = (body: unknown, changes: Partial<HttpAnswer> = {}): HttpAnswer => ({
  status: 200,
  headers: {},
  body: typeof body === "string" ? body : JSON.stringify(body),
  overlong: false,
  ...changes,
});
const read = (given: HttpAnswer, rules: Partial<ReadingRules> = {}) =>
  readAnswer(given, { kind: "send", now, ...rules });
const faultOf = (given: HttpAnswer, rules: Partial<ReadingRules> = {}) => {
  const reading = read(given, rules);
  return reading.ok ? undefined : reading.fault;
};

describe("success", () => {
  test.each([0, "0", "00", "000", " 0 "])("error_code %j is success", (error_code) => {
    expect(read(answer({ error_code })).ok).toBe(true);
  });

  test.each(["ERROR_CODE", "Error_Code", "error_Code"])("the key may be written %s", (key) => {
    expect(read(answer({ [key]: "0" })).ok).toBe(true);
  });

  test("a byte order mark before the answer does no harm", () => {
    expect(read(answer('\uFEFF{"error_code":"0"}')).ok).toBe(true);
  });

  test("is decided by the code, not by the words", () => {
    expect(faultOf(answer({ error_code: "3", message: "Đồng bộ thành công" }))?.outcome).toBe("refused");
    expect(read(answer({ error_code: "0", message: "Lỗi nghiêm trọng" })).ok).toBe(true);
  });

  test("an update that meets a dossier already there succeeds by its code", () => {
    expect(read(answer({ error_code: "0", message: "Hồ sơ đã tồn tại" })).ok).toBe(true);
  });
});

describe("refusals", () => {
  test.each([
    [3, "3"],
    [-3, "-3"],
    ["-3", "-3"],
    ["03", "03"],
    ["ERR-17", "ERR-17"],
  ])("error_code %j is refused with its code kept verbatim", (error_code, platformCode) => {
    expect(faultOf(answer({ error_code, message: "Sai mã thủ tục" }))).toEqual({
      outcome: "refused",
      code: "upstream_rejected",
      platformCode,
      message: "Sai mã thủ tục",
    });
  });

  test.each([400, 404, 409, 422])("HTTP %i with a readable code is the same refusal", (status) => {
    expect(faultOf(answer({ error_code: "3", message: "x" }, { status }))?.outcome).toBe("refused");
  });

  test("keys are read in any case and a message that is no text is kept as JSON", () => {
    expect(faultOf(answer({ ERROR_CODE: "3", MESSAGE: { Loi: "x" } }))).toMatchObject({
      platformCode: "3",
      message: '{"Loi":"x"}',
    });
  });
});

describe("a create that meets the dossier", () => {
  test.each(["0", 0, "3", "-3", "99"])("is told so with code %j", (error_code) => {
    const fault = faultOf(answer({ error_code, message: "Hồ sơ ĐÃ  TỒN TẠI" }), { isCreate: true });
    expect(fault).toMatchObject({ outcome: "refused", platformCode: String(error_code) });
    expect(fault && isDuplicate(fault)).toBe(true);
  });

  test("is told so also in decomposed letters", () => {
    const message = "Hồ sơ đã tồn tại".normalize("NFD");
    const fault = faultOf(answer({ error_code: "0", message }), { isCreate: true });
    expect(fault && isDuplicate(fault)).toBe(true);
  });

  test("is not told so by another refusal", () => {
    const fault = faultOf(answer({ error_code: "-3", message: "Mã thủ tục không tồn tại" }), { isCreate: true });
    expect(fault && isDuplicate(fault)).toBe(false);
  });
});

describe("answers that say nothing", () => {
  const malformed: [string, HttpAnswer][] = [
    ["empty", answer("")],
    ["HTML", answer("<html><body>502</body></html>")],
    ["half a JSON", answer('{"error_code":"0","mess')],
    ["a list", answer([{ error_code: "0" }])],
    ["a bare text", answer('"0"')],
    ["null", answer("null")],
    ["without a code", answer({ message: "Thành công" })],
    ["a code of null", answer({ error_code: null })],
    ["an empty code", answer({ error_code: " " })],
    ["a code that is an object", answer({ error_code: {} })],
    ["a code that is a boolean", answer({ error_code: false })],
    ["a code beyond numbers", answer('{"error_code":1e999}')],
    ["over-long", answer({ error_code: "0" }, { overlong: true })],
    ["a redirect", answer("", { status: 302 })],
    ["a 404 page", answer("<h1>Not found</h1>", { status: 404 })],
    ["a 400 that says 0", answer({ error_code: "0" }, { status: 400 })],
  ];

  test.each(malformed)("%s: a message may have taken effect, a question certainly not", (_, given) => {
    expect(faultOf(given)).toMatchObject({ outcome: "unknown", code: "upstream_malformed" });
    for (const kind of ["probe", "read", "login"] as const) {
      expect(faultOf(given, { kind })).toMatchObject({ outcome: "transient", code: "upstream_malformed" });
    }
  });

  test("the message holds the start of the answer and no more than 200 characters of it", () => {
    const fault = faultOf(answer(`<html>${"x".repeat(5000)}`));
    expect(fault?.message).toContain("<html>xxx");
    expect(fault?.message.length).toBeLessThan(260);
  });

  test.each([
    [500, "upstream_unavailable"],
    [502, "upstream_unavailable"],
    [503, "upstream_unavailable"],
    [429, "upstream_unavailable"],
    [408, "upstream_timeout"],
    [504, "upstream_timeout"],
  ])("HTTP %i is %s even when its body reads as a refusal or as a success", (status, code) => {
    for (const body of [{ error_code: "3", message: "x" }, { error_code: "0" }, "<html>"]) {
      expect(faultOf(answer(body, { status }))).toMatchObject({ outcome: "unknown", code });
      expect(faultOf(answer(body, { status }), { kind: "probe" })).toMatchObject({ outcome: "transient", code });
    }
  });

  test.each([
    [503, "120", 120],
    [429, " 7 ", 7],
    [503, "Fri, 20 Nov 2026 02:16:30 GMT", 90],
    [503, "Fri, 20 Nov 2026 02:00:00 GMT", 0],
    [503, "soon", undefined],
    [503, "-5", undefined],
    [500, "120", undefined],
  ])("HTTP %i with Retry-After %j waits %s seconds", (status, value, seconds) => {
    expect(faultOf(answer("", { status, headers: { "retry-after": value } }))?.retryAfterSeconds).toBe(seconds);
  });
});

describe("a dead session", () => {
  test.each([
    "Session expired",
    "INVALID_SESSION",
    "Phiên làm việc đã hết hạn",
    "PHIÊN ĐĂNG NHẬP KHÔNG HỢP LỆ",
    "Hết phiên.",
    "Phiên làm việc".normalize("NFD"),
  ])("is read from the words %j beside a non-zero code", (message) => {
    expect(faultOf(answer({ error_code: "-1", message }))).toEqual({
      outcome: "transient",
      code: "upstream_unavailable",
      platformCode: "-1",
      message,
      sessionDied: true,
    });
  });

  test("is not read from those words beside a success", () => {
    expect(read(answer({ error_code: "0", message: "Phiên làm việc còn hạn" })).ok).toBe(true);
  });

  test.each(["Phiên bản không được hỗ trợ", "Thiếu bản phiên dịch", "Thiếu biên bản phiên họp", "Thiếu phiếu hẹn"])(
    "is not read from %j, which names no session",
    (message) => {
      expect(faultOf(answer({ error_code: "3", message }))).toMatchObject({ outcome: "refused" });
    },
  );

  test.each([401, 403])("is read from HTTP %i whatever the body", (status) => {
    for (const body of ["", "<html>", { error_code: "3", message: "x" }, { error_code: "0" }]) {
      expect(faultOf(answer(body, { status }))).toMatchObject({ outcome: "transient", sessionDied: true });
    }
  });
});

test("a member is found in any case, and the exact name wins", () => {
  expect(field({ Result: 1 }, "result")).toBe(1);
  expect(field({ RESULT: 1, result: 2 }, "result")).toBe(2);
  expect(field({}, "constructor")).toBeUndefined();
});
