import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dong, FIELD_ERRORS, fieldError, httpUrl, instant, text } from "../../contracts/services/fields.ts";
import { faults } from "./faults.ts";

describe("a time", () => {
  test.each([
    "2026-11-20T09:15:00+07:00",
    "2026-11-20T02:15:00Z",
    "2026-11-20T09:15:00.123+07:00",
    "2024-02-29T00:00:00-05:30",
  ])("%s is taken and kept as written", (value) => expect(instant.parse(value)).toBe(value));

  test.each(["2026-11-20T09:15:00", "2026-11-20T09:15:00.5"])("%s lacks its offset", (value) => {
    expect(faults(instant, value)).toEqual(["offset_required"]);
  });

  test.each([
    "",
    "2026-11-20",
    "20261120091500",
    "20/11/2026",
    "2026-02-30T09:15:00Z",
    "2026-11-20T24:30:00Z",
    "2026-13-01T00:00:00Z",
    "tomorrow",
  ])("%j is no time", (value) => expect(faults(instant, value)).toEqual(["invalid_instant"]));
});

describe("text", () => {
  test("is brought to NFC: composed and decomposed Vietnamese become equal", () => {
    const composed = "Trần Thị Ví Dụ";
    expect(composed.normalize("NFD")).not.toBe(composed);
    expect(text(100).parse(composed.normalize("NFD"))).toBe(composed);
  });

  test("tab and newline are text, every other control character is refused", () => {
    expect(text(10).parse("a\tb\nc")).toBe("a\tb\nc");
    const codes = [
      ...Array.from({ length: 0x20 }, (_, code) => code),
      ...Array.from({ length: 0x21 }, (_, code) => 0x7f + code),
    ];
    for (const code of codes.filter((code) => code !== 0x09 && code !== 0x0a)) {
      expect(faults(text(10), `a${String.fromCharCode(code)}b`), `U+${code.toString(16)}`).toEqual([
        "control_character",
      ]);
    }
  });

  test("half a surrogate pair is refused, a whole one is not", () => {
    expect(faults(text(10), "a\ud83d")).toEqual(["not_unicode"]);
    expect(text(10).parse("a\u{1f4c4}")).toBe("a\u{1f4c4}");
  });

  test("is 1 to max long", () => {
    expect(faults(text(3), "")).toEqual(["too_small"]);
    expect(faults(text(3), "abcd")).toEqual(["too_big"]);
    expect(text(3).parse("abc")).toBe("abc");
  });

  test("taking a text twice is taking it once, and what is taken is NFC without control characters", () => {
    const schema = text(200);
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 50 }), (value) => {
        const first = schema.safeParse(value);
        expect(first.success).toBe(!/[^\P{Cc}\t\n]/u.test(value));
        if (!first.success) return;
        expect(first.data).toBe(value.normalize("NFC"));
        expect(schema.parse(first.data)).toBe(first.data);
      }),
    );
  });
});

describe("an address and a sum", () => {
  test("an http or https address is taken, other schemes, relative ones and credentials are not", () => {
    for (const url of ["https://files.example.vn/a/1?x=y", "http://10.0.0.1:8080/f"])
      expect(httpUrl.parse(url)).toBe(url);
    for (const url of [
      "ftp://files.example.vn/1",
      "file:///etc/passwd",
      "javascript:alert(1)",
      "/a/1",
      "https://user:pass@files.example.vn/",
      "https://user@files.example.vn/",
    ]) {
      expect(faults(httpUrl, url), url).toEqual(["invalid_url"]);
    }
  });

  test("money is an integer of dong from 0 to 2^53-1, never text", () => {
    expect(dong.parse(0)).toBe(0);
    expect(dong.parse(2 ** 53 - 1)).toBe(2 ** 53 - 1);
    for (const value of [-1, 0.5, 2 ** 53, "100", Number.NaN, null])
      expect(dong.safeParse(value).success, String(value)).toBe(false);
  });

  test("a field error carries its code and its English sentence", () => {
    expect(fieldError("offset_required")).toEqual({
      params: { code: "offset_required" },
      message: FIELD_ERRORS.offset_required.en,
    });
  });
});
