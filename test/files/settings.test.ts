import { expect, test } from "vitest";
import { attachment } from "../../src/files/disposition.ts";
import { readFileSettings } from "../../src/files/file-settings.ts";
import { isAllowedSource, parseFileSources } from "../../src/files/file-sources.ts";
import { isMisnamed, sniffType } from "../../src/files/sniff-type.ts";
import { createSettingsReader } from "../../src/settings-reader.ts";

const read = (settings: Record<string, string>) => {
  const reader = createSettingsReader(settings);
  return { settings: readFileSettings(reader, ".data"), faults: reader.faults };
};

test("without settings addresses go as they are, and files lie below DATA_DIR", () => {
  const { settings, faults } = read({});
  expect(faults).toEqual([]);
  expect(settings).toMatchObject({
    sources: [],
    maxBytes: 104_857_600,
    relays: 32,
    store: { kind: "folder", path: ".data/files" },
  });
});

test("a bucket needs its address and its keys; every fault is named, and no secret", () => {
  expect(
    read({
      FILE_STORE_URL: "s3://kho-tep/h04",
      FILE_STORE_ENDPOINT: "https://s3.example.vn/",
      FILE_STORE_ACCESS_KEY: "a",
      FILE_STORE_SECRET_KEY: "b",
    }),
  ).toMatchObject({
    settings: { store: { kind: "bucket", endpoint: "https://s3.example.vn/kho-tep/h04", region: "auto" } },
    faults: [],
  });
  const { faults } = read({
    FILE_STORE_URL: "s3://kho-tep",
    FILE_SOURCES: "https://user:word@a.vn,ftp://b.vn,https://c.vn/x?y",
    FILE_MAX_BYTES: "0",
  });
  expect(faults).toHaveLength(7);
  expect(faults.join()).not.toContain("word");
  expect(read({ FILE_STORE_URL: "http://a.vn" }).faults).toHaveLength(1);
});

const allows = (setting: string, url: string): boolean => {
  const sources = parseFileSources(setting);
  if (!sources.ok) throw new Error(sources.faults.join());
  return isAllowedSource(url, sources.value);
};

test("an address is allowed by scheme, host, port and whole path segments after normalisation", () => {
  const setting = "https://Files.Example.vn:443/tep/,http://10.0.0.5:8080";
  for (const url of [
    "https://files.example.vn/tep",
    "https://FILES.example.vn/tep/1?a=b",
    "https://files.example.vn/t%65p/x",
    "http://10.0.0.5:8080/any",
  ]) {
    expect([url, allows(setting, url)]).toEqual([url, true]);
  }
  for (const url of [
    "http://files.example.vn/tep/1",
    "https://files.example.vn:8443/tep/1",
    "https://files.example.vn.evil.vn/tep/1",
    "https://files.example.vn@evil.vn/tep/1",
    "https://files.example.vn/tep2",
    "https://files.example.vn/tep\\..\\x",
    "https://files.example.vn/tep/./x",
    "https://files.example.vn/tep/%zz",
    "http://10.0.0.5/any",
    "http://10.0.0.6:8080/any",
    "file:///etc/passwd",
    "nonsense",
  ]) {
    expect([url, allows(setting, url)]).toEqual([url, false]);
  }
});

test("types are told by the first bytes, and nothing is ever a page or a drawing with scripts", () => {
  const text = (value: string) => sniffType(new TextEncoder().encode(value));
  expect(text("%PDF-1.4")).toBe("application/pdf");
  expect(text("PK\x03\x04....word/document.xml")).toContain("wordprocessingml");
  expect(text('<?xml version="1.0"?><a/>')).toBe("application/xml");
  expect(text("<a:b xmlns:a='x'/>")).toBe("application/xml");
  expect(text("Xin chào")).toBe("text/plain; charset=utf-8");
  for (const active of ["<html>", "  <!DOCTYPE html>", "<svg onload=x>", "\ufeff<script>"]) {
    expect([active, text(active)]).toEqual([active, "text/plain; charset=utf-8"]);
  }
  expect(sniffType(Uint8Array.of(0, 1, 2, 255))).toBe("application/octet-stream");
  expect(sniffType(new Uint8Array())).toBe("application/octet-stream");
  expect(isMisnamed("a.PDF", "application/pdf")).toBe(false);
  expect(isMisnamed("a.pdf", "image/png")).toBe(true);
  expect(isMisnamed("Đơn không đuôi", "image/png")).toBe(false);
});

test("a name cannot break out of its header", () => {
  const header = attachment('a"\r\nx-evil: 1; ../../b.pdf');
  expect(header).not.toMatch(/[\r\n]/u);
  expect(header).toBe(`attachment; filename="b.pdf"; filename*=UTF-8''b.pdf`);
});
