import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attemptRecord, type ConsoleScene, openConsoleScene, refusal } from "./console-scene.ts";
import { wordsOf } from "./visitor.ts";

let scene: ConsoleScene;
let reader: ReturnType<ConsoleScene["visitor"]>;
const ids = { delivered: "", failed: "", waiting: "", queued: "", blocked: "" };

beforeAll(async () => {
  scene = await openConsoleScene();
  ids.delivered = await scene.settle({ dossierCode: "H04.15-261120-0001" }, { state: "delivered" }, [
    attemptRecord({ outcome: "delivered" }),
  ]);
  ids.failed = await scene.settle({ dossierCode: "H04.15-261120-0002" }, refusal(), [attemptRecord()]);
  const fault = { outcome: "unknown", code: "upstream_timeout", message: "transport: timeout" } as const;
  ids.waiting = await scene.settle({ dossierCode: "H04.15-261120-0003" }, { state: "waiting", delayMs: 6e5, fault });
  ids.blocked = await scene.append({ dossierCode: "H04.15-261120-0002", operation: "dossier.step" });
  ids.queued = await scene.append({
    dossierCode: "H04.15-261120-0004",
    platform: "document-axis",
    stream: "document-axis:4",
  });
  reader = scene.visitor();
  await reader.logIn("viewer");
});
afterAll(() => scene.close());

const shownIds = (page: string): string[] =>
  [...page.matchAll(/class="id"><a href="\/console\/entries\/(\d+)"/gu)].map((match) => match[1] ?? "");

const listed = async (query: string): Promise<string[]> => shownIds((await reader.get(`/console${query}`)).text);

describe("the list", () => {
  test("shows the newest first, each with its state and what hinders it in Vietnamese", async () => {
    const page = await reader.get("/console");
    expect(shownIds(page.text)).toEqual([ids.queued, ids.blocked, ids.waiting, ids.failed, ids.delivered]);
    const words = wordsOf(page.text);
    expect(words).toContain(`#${ids.failed} Thất bại Đồng bộ hồ sơ Cổng Dịch vụ công quốc gia H04.15-261120-0002`);
    expect(words).toContain("Hệ thống quốc gia từ chối");
    expect(words).toContain(`Bị chặn bởi trao đổi #${ids.failed}`);
    expect(words).toMatch(/Gửi lại lúc \d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d/u);
  });

  test("shows the sum of each platform, which balances", async () => {
    const words = wordsOf((await reader.get("/console")).text);
    expect(words).toContain(
      "Cổng Dịch vụ công quốc gia Gửi đi 4 đã nhận 1 đã giao 1 thất bại 0 đã huỷ 0 được thay thế 2 đang chờ",
    );
    expect(words).toContain(
      "Trục liên thông văn bản quốc gia Gửi đi 1 đã nhận 0 đã giao 0 thất bại 0 đã huỷ 0 được thay thế 1 đang chờ",
    );
  });

  test("is filtered by state, platform and dossier, alone and together", async () => {
    expect(await listed("?state=failed")).toEqual([ids.failed]);
    expect(await listed("?state=pending")).toEqual([ids.queued, ids.blocked, ids.waiting]);
    expect(await listed("?platform=document-axis")).toEqual([ids.queued]);
    expect(await listed("?dossierCode=H04.15-261120-0002")).toEqual([ids.blocked, ids.failed]);
    expect(await listed("?dossierCode=%20H04.15-261120-0002%20&state=queued")).toEqual([ids.blocked]);
    expect(await listed("?state=delivered&platform=document-axis&dossierCode=")).toEqual([]);
  });

  test("keeps the filters in its form", async () => {
    const { text } = await reader.get("/console?state=waiting&platform=national-portal&dossierCode=H04");
    expect(text).toContain(`<option value="waiting" selected>`);
    expect(text).toContain(`<option value="national-portal" selected>`);
    expect(text).toMatch(/name="dossierCode" value="H04"/u);
  });

  test("takes a filter it cannot read, or a position made by hand, for none", async () => {
    const forged = btoa(JSON.stringify({ acceptedAt: "2026-02-30 25:00:00+00", id: "1" }));
    for (const query of ["?state=x", "?platform=x", "?dossierCode=%00", "?cursor=x", `?cursor=${forged}`]) {
      expect([query, (await listed(query)).length]).toEqual([query, 5]);
    }
  });
});

describe("a list longer than a page", () => {
  test("is read page by page, each entry once, with the filters kept", async () => {
    const long = await openConsoleScene();
    try {
      for (let n = 0; n < 120; n++) await long.append({ dossierCode: `H04.15-261120-${n}` });
      const visitor = long.visitor();
      await visitor.logIn("viewer");
      const seen: string[][] = [];
      let path: string | undefined = "/console?state=queued";
      for (let page = 0; page < 5 && path !== undefined; page++) {
        const { text } = await visitor.get(path);
        seen.push(shownIds(text));
        path = /rel="next" href="([^"]*)"/u.exec(text)?.[1]?.replaceAll("&amp;", "&");
        if (path !== undefined) expect(path).toContain("state=queued");
      }
      expect(seen.map((page) => page.length)).toEqual([50, 50, 20]);
      expect(new Set(seen.flat()).size).toBe(120);
    } finally {
      await long.close();
    }
  });
});

describe("an entry's page", () => {
  test("tells cause, remedy and every attempt in Vietnamese, times as in Vietnam", async () => {
    const words = wordsOf((await reader.get(`/console/entries/${ids.failed}`)).text);
    expect(words).toContain("Nguyên nhân: Hệ thống quốc gia từ chối Chi tiết: Mã hồ sơ đã tồn tại Mã của nền tảng: 77");
    expect(words).toContain("Cách xử lý: Sửa dữ liệu theo lý do từ chối");
    expect(words).toContain("Lần 1 Gửi Bị từ chối 20/11/2026 09:15:07 · 1.234 ms · HTTP 200");
    expect(words).toContain("Đã gửi { &quot;service&quot;: &quot;DongBoHoSoMC&quot; }");
    expect(words).toContain("Đã nhận { &quot;error_code&quot;: &quot;77&quot; }");
  });

  test("names what blocks it", async () => {
    const { text } = await reader.get(`/console/entries/${ids.blocked}`);
    expect(text).not.toContain("Gửi tiếp lúc");
    expect(text).toContain(`Trao đổi <a href="/console/entries/${ids.failed}">#${ids.failed}</a>`);
  });

  test("shows the bodies of the newest twenty attempts, each cut when it is long", async () => {
    const attempts = Array.from({ length: 30 }, (_, n) => attemptRecord({ request: `${n}: ${"<p>".repeat(10)}` }));
    const parts = { dossierCode: "H04.15-261120-0030" };
    const id = await scene.settle(parts, refusal("x".repeat(100)), [
      ...attempts,
      attemptRecord({
        request: JSON.stringify(Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`k${n}`, 1]))),
      }),
    ]);
    const { text } = await reader.get(`/console/entries/${id}`);
    expect(text.match(/class="attempt"/gu)).toHaveLength(31);
    expect(text.match(/<details class="attempt"/gu)).toHaveLength(20);
    expect(wordsOf(text)).toMatch(/Còn [\d.]+ ký tự không hiển thị/u);
  });
});

describe("every answer below /console", () => {
  test("forbids scripts, frames and other hosts, and stays in no cache", async () => {
    for (const path of ["/console", `/console/entries/${ids.failed}`, "/console/login", "/console/nowhere"]) {
      const { headers, text } = await reader.get(path);
      expect(headers.get("content-security-policy")).toBe(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      expect(headers.get("cache-control")).toBe("no-store");
      expect(text).not.toMatch(/<script|\son\w+=|style=/iu);
    }
  });

  test("what is not there is told on a page, with the status for programs", async () => {
    for (const path of ["/console/nowhere", "/console/entries/999999", "/console/entries/x", "/console/entries/0"]) {
      const { status, headers, text } = await reader.get(path);
      expect([path, status, headers.get("content-type")]).toEqual([path, 404, "text/html; charset=UTF-8"]);
      expect(wordsOf(text)).toContain("Trang hoặc trao đổi này không có.");
    }
  });

  test("while the database is away a page says so, with Retry-After", async () => {
    const away = await openConsoleScene();
    try {
      const visitor = away.visitor();
      await visitor.logIn("viewer");
      await away.disconnect();
      const { status, headers, text } = await visitor.get("/console");
      expect([status, headers.get("retry-after")]).toEqual([503, "5"]);
      expect(headers.get("content-type")).toBe("text/html; charset=UTF-8");
      expect(wordsOf(text)).toContain("Tạm thời không phục vụ được");
    } finally {
      await away.close();
    }
  });

  test("a wrong method is told on a page that still names the right ones", async () => {
    const { status, headers, text } = await reader.post("/console", {});
    expect([status, headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    expect(text).toContain("<!doctype html>");
  });

  test("without a session only the login form, the stylesheet and the picture are to be had", async () => {
    const stranger = scene.visitor();
    expect((await stranger.get("/console")).location).toBe("/console/login?next=%2Fconsole");
    const entry = await stranger.get(`/console/entries/${ids.failed}`);
    expect([entry.status, entry.text]).toEqual([303, ""]);
    const style = await stranger.get("/console/style.css");
    expect([style.status, style.headers.get("content-type")]).toEqual([200, "text/css; charset=utf-8"]);
    expect(style.headers.get("cache-control")).toBe("public, max-age=3600");
    expect((await stranger.get("/console/icon.svg")).headers.get("content-type")).toBe("image/svg+xml");
  });

  test("speaks Vietnamese to a browser that prefers English", async () => {
    const answer = await reader.send(`/console/entries/${ids.failed}`, { headers: { "accept-language": "en" } });
    expect(wordsOf(answer.text)).toContain("Hệ thống quốc gia từ chối");
  });
});
