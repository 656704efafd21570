import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attemptRecord, type ConsoleScene, openConsoleScene, refusal } from "./console-scene.ts";

const CHROMIUM = "/usr/bin/chromium";
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const present = existsSync(CHROMIUM);
if (!present) console.warn(`the console is not tried in a browser: there is no ${CHROMIUM}`);

describe.skipIf(!present)("the console in a browser", () => {
  let scene: ConsoleScene;
  let server: ReturnType<typeof serve>;
  let browser: Browser;
  let origin: string;
  let failed: string;

  beforeAll(async () => {
    scene = await openConsoleScene();
    for (let n = 1; n <= 3; n++) await scene.settle({ dossierCode: `H04.15-261120-000${n}` }, { state: "delivered" });
    failed = await scene.settle({ dossierCode: "H04.15-261120-0007" }, refusal(), [attemptRecord()]);
    await scene.append({ dossierCode: "H04.15-261120-0007", operation: "dossier.step" });
    const port = await new Promise<number>((resolve) => {
      const listening = ({ port: free }: AddressInfo) => resolve(free);
      server = serve({ fetch: scene.app.fetch, hostname: "127.0.0.1", port: 0 }, listening);
    });
    origin = `http://127.0.0.1:${port}`;
    browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  });
  afterAll(async () => {
    await browser?.close();
    await new Promise((closed) => server.close(closed));
    await scene.close();
  });

  /** A page that notes what it asks for, what it complains of, and what its policy refused. */
  const watched = async (width: number) => {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    return { page, asked, complaints };
  };

  const logIn = async (page: Page): Promise<void> => {
    await page.goto(`${origin}/console`);
    await page.getByLabel("Tên đăng nhập").fill("operator");
    await page.getByLabel("Mật khẩu").fill("operator-secret");
    await page.getByRole("button", { name: "Đăng nhập" }).click();
    await page.getByRole("heading", { name: "Sổ liên thông" }).waitFor();
  };

  test("an operator logs in, filters, opens what failed, retries it, and sees it delivered", async () => {
    const { page, asked, complaints } = await watched(1280);
    await logIn(page);
    expect(await page.getByRole("row").count()).toBe(1 + 5);

    await page.getByLabel("Trạng thái").selectOption({ label: "Thất bại" });
    await page.getByLabel("Mã hồ sơ").fill("H04.15-261120-0007");
    await page.getByRole("button", { name: "Lọc", exact: true }).click();
    await page.waitForURL(/state=failed/u);
    expect(await page.getByRole("row").count()).toBe(1 + 1);
    expect(await page.getByLabel("Mã hồ sơ").inputValue()).toBe("H04.15-261120-0007");

    await page.getByRole("link", { name: `#${failed}` }).click();
    await page.getByRole("heading", { name: "Nguyên nhân: Hệ thống quốc gia từ chối" }).waitFor();
    await page.getByRole("button", { name: "Thử lại ngay" }).click();
    await page.getByRole("status").waitFor();
    expect(await page.getByRole("status").textContent()).toContain("Đã đưa trao đổi vào hàng gửi ngay.");

    expect(await scene.settleNext({ state: "delivered" }, [attemptRecord({ outcome: "delivered" })])).toBe(failed);
    await page.reload();
    expect(await page.locator(".headline .badge").textContent()).toBe("Đã giao");

    await page.getByRole("button", { name: "Đăng xuất" }).click();
    await page.getByRole("heading", { name: "Đăng nhập" }).waitFor();
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((url) => new URL(url).origin !== origin)).toEqual([]);
    expect(complaints).toEqual([]);

    // What watches the policy is awake: a picture from elsewhere is refused and noticed.
    await page.evaluate(`document.body.insertAdjacentHTML("beforeend", "<img src='data:image/gif;base64,'>")`);
    await expect.poll(() => complaints.join()).toContain("Content Security Policy");
    await page.close();
  });

  test("no page is wider than a narrow screen, and rows are still rows for who cannot see", async () => {
    const { page, complaints } = await watched(400);
    await page.goto(`${origin}/console/login`);
    const widths = [await page.evaluate("document.documentElement.scrollWidth")];
    await logIn(page);
    widths.push(await page.evaluate("document.documentElement.scrollWidth"));
    expect(await page.getByRole("row").count()).toBe(1 + 5);
    await page
      .getByRole("link", { name: `#${failed}` })
      .first()
      .click();
    await page.getByRole("heading", { name: "Nhật ký các lần thử" }).waitFor();
    widths.push(await page.evaluate("document.documentElement.scrollWidth"));
    expect(widths).toEqual([400, 400, 400]);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
