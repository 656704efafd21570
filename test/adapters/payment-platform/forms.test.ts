import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { KeepBytes } from "../../../contracts/fetching.ts";
import { createPaymentPlatform } from "../../../mocks/payment-platform/create-payment-platform.ts";
import { paymentPlatformSettings } from "../../../mocks/payment-platform/settings.ts";
import { anOrder, faultsOf, openPaymentScene, type PaymentScene, transactionOf } from "../payment-scene.ts";

const platform = "payment-platform";
const order = anOrder();
let scene: PaymentScene;

const open = async (change = {}, options = {}): Promise<void> => {
  scene = await openPaymentScene(platform, {
    create: (given) => createPaymentPlatform({ ...given, ...options }),
    settings: paymentPlatformSettings,
    change,
  });
};
beforeEach(() => open());
afterEach(() => scene.close());

const beginAndPay = async () => {
  expect(await scene.payments.create(order, scene.call())).toMatchObject({ ok: true });
  scene.clock.advance(60_000);
  await scene.control("payers", { reference: order.reference, act: "pay" });
};
const find = () => {
  const event = scene.events[0];
  const platformTime = event?.kind === "event" ? event.platformTime : undefined;
  const transaction = { ...transactionOf(order), ...(platformTime !== undefined && { platformTime }) };
  return scene.payments.receipts?.find(transaction, scene.call());
};
const keeping = () => {
  const chunks: Uint8Array[] = [];
  const keep: KeepBytes = async (bytes) => {
    for await (const chunk of bytes) chunks.push(chunk);
    return true;
  };
  return { keep, text: () => Buffer.concat(chunks).toString("latin1") };
};
const download = (url: string, keep: KeepBytes) => scene.payments.receipts?.download(url, keep, scene.call());

test("answers in the envelope of the integration axis are read like direct ones", async () => {
  await scene.control("dial", { fault: "wrapped" });
  await beginAndPay();
  const query = scene.payments.query?.(transactionOf(order), scene.call());
  expect(await query).toMatchObject({ ok: true, value: { state: "paid", amount: 150_000 } });
  expect(await find()).toMatchObject({ ok: true, value: { form: "link" } });
});

test("a refusal in the envelope is a refusal, by its own code", async () => {
  await scene.control("dial", [{ fault: "wrapped" }, { fault: "refusal", code: "42", message: "Sai" }]);
  expect(await scene.payments.create(order, scene.call())).toMatchObject({
    ok: false,
    fault: { outcome: "refused", platformCode: "42", message: "Sai" },
  });
});

describe("receipts", () => {
  test.each(["pdf", "base64"])("as %s are bytes", async (form) => {
    await beginAndPay();
    await scene.control("dial", { fault: "receipt-form", form });
    const found = await find();
    if (!found?.ok || found.value?.form !== "bytes") throw new Error(JSON.stringify(found));
    expect(found.value.type).toBe("application/pdf");
    expect(Buffer.from(found.value.base64, "base64").toString("latin1")).toMatch(
      /^%PDF-1\.4[\s\S]*H38240819000120001[\s\S]*%%EOF/u,
    );
  });

  test.each(["link", "short-link"])("as a %s are downloaded from the platform's own place", async (form) => {
    await beginAndPay();
    await scene.control("dial", { fault: "receipt-form", form });
    const found = await find();
    if (!found?.ok || found.value?.form !== "link") throw new Error(JSON.stringify(found));
    const { keep, text } = keeping();
    expect(await download(found.value.url, keep)).toEqual({ ok: true, value: null });
    expect(text()).toMatch(/^%PDF-1\.4[\s\S]*150000 VND/u);
  });

  test("as plain members are data, by the platform's own names", async () => {
    await beginAndPay();
    await scene.control("dial", { fault: "receipt-form", form: "data" });
    const data = { SoBienLai: "BLPP14555001", SoTien: "150000" };
    expect(await find()).toEqual({ ok: true, value: { form: "data", data } });
  });

  test("that are not there yet are none, and no fault", async () => {
    await beginAndPay();
    await scene.control("dial", { fault: "receipt-form", form: "none" });
    expect(await find()).toEqual({ ok: true, value: null });
    await scene.control("dial", { fault: "http-status", status: 404 });
    expect(await find()).toEqual({ ok: true, value: null });
  });

  test("that are something else are no receipts", async () => {
    await beginAndPay();
    await scene.control("dial", { fault: "receipt-form", form: "html" });
    expect(await find()).toMatchObject({ ok: false, fault: { code: "upstream_malformed", outcome: "transient" } });
  });

  test("are asked for by the time of the order first, then by that of the report", async () => {
    await scene.close();
    await open({}, { receiptTime: "confirmed" });
    await beginAndPay();
    scene.requests.length = 0;
    expect(await find()).toMatchObject({ ok: true, value: { form: "link" } });
    const times = scene.requests.map(({ body }) => (JSON.parse(body ?? "") as { ThoiGianGD: string }).ThoiGianGD);
    expect(times).toEqual(["20261120091500", "20261120091600"]);
  });

  test("are asked for by one time alone where the settings say so", async () => {
    await scene.close();
    await open({ PAYMENT_PLATFORM_RECEIPT_TIME: "confirmed" }, { receiptTime: "confirmed" });
    await beginAndPay();
    scene.requests.length = 0;
    expect(await find()).toMatchObject({ ok: true, value: { form: "link" } });
    expect(scene.requests).toHaveLength(1);
  });

  test("of a bank are asked for without type and version", async () => {
    await scene.close();
    await open({ PAYMENT_PLATFORM_RECEIPT_MODE: "print-receipt" });
    await beginAndPay();
    expect(await find()).toMatchObject({ ok: true, value: { form: "link" } });
    expect(Object.keys(JSON.parse(scene.requests.at(-1)?.body ?? "") as object)).toEqual([
      ...["MaDoiTac", "MaThamChieu", "ThoiGianGD", "MaXacThuc"],
    ]);
  });

  test.each([
    "http://169.254.169.254/latest/meta-data",
    "http://127.0.0.1:1/receipts/x.pdf",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "//evil.example/x.pdf",
    "",
  ])("behind %j are not followed: nothing is sent", async (link) => {
    const sent = scene.requests.length;
    expect(await download(link, keeping().keep)).toMatchObject({ ok: false, fault: { code: "forbidden" } });
    expect(scene.requests).toHaveLength(sent);
  });

  test("behind credentials are not followed", async () => {
    const link = scene.url.replace("http://", "http://user:secret@");
    expect(await download(`${link}/receipts/x.pdf`, keeping().keep)).toMatchObject({ fault: { code: "forbidden" } });
  });

  test("inside the national network are reached by the rewriting that the settings name", async () => {
    const { url } = scene;
    await beginAndPay();
    const change = { PAYMENT_PLATFORM_RECEIPT_REWRITE: `http://bienlai.noibo/=${url}/receipts/` };
    const inside = `http://bienlai.noibo/${order.reference}.pdf`;
    expect(await download(inside, keeping().keep)).toMatchObject({ fault: { code: "forbidden" } });
    const { openPayments } = await import("../payment-scene.ts");
    const rewriting = openPayments(platform, { ...scene.settings, ...change }).payments;
    const { keep, text } = keeping();
    expect(await rewriting?.receipts?.download(inside, keep, scene.call())).toEqual({ ok: true, value: null });
    expect(text()).toMatch(/^%PDF/u);
  });

  test("that are no PDF are not kept", async () => {
    const { keep, text } = keeping();
    expect(await download(`${scene.url}/__simulator/state`, keep)).toMatchObject({ ok: false });
    expect(await download(`${scene.url}/receipts/unknown.pdf`, keep)).toMatchObject({ fault: { code: "not_found" } });
    expect(text()).toBe("");
  });

  test("that whoever keeps them finds too large are refused", async () => {
    await beginAndPay();
    const link = `${scene.url}/receipts/${order.reference}.pdf`;
    expect(await download(link, async () => false)).toMatchObject({ fault: { code: "payload_too_large" } });
  });
});

describe("settings", () => {
  const whole = paymentPlatformSettings("https://pp.example");
  const faults = (change: Record<string, string>) => faultsOf(platform, { ...whole, ...change });

  test("without the first address the platform is absent, whatever else is set", () => {
    expect(faults({ PAYMENT_PLATFORM_INIT_URL: "", PAYMENT_PLATFORM_SECRETS: "" })).toEqual(["absent"]);
  });

  test("every fault is listed at once, and no secret is repeated", () => {
    const listed = faultsOf(platform, {
      ...{ PAYMENT_PLATFORM_INIT_URL: "https://user:hidden@pp.example", PAYMENT_PLATFORM_SECRETS: "hidden,,x" },
      ...{ PAYMENT_PLATFORM_ACK: "maybe", PAYMENT_PLATFORM_RECEIPT_REWRITE: "x", PAYMENT_PLATFORM_PROFILE: "none" },
      ...{ PAYMENT_PLATFORM_RECEIPT_HOSTS: "a b", PAYMENT_PLATFORM_CHANNEL: "1|2", PAYMENT_PLATFORM_RECEIPT_TIME: "x" },
    });
    for (const name of [
      "INIT_URL",
      "SECRETS",
      "ACK",
      "RECEIPT_REWRITE",
      "PROFILE",
      "RECEIPT_HOSTS",
      "CHANNEL",
      "RECEIPT_TIME",
      "PARTNER",
    ])
      expect(
        listed.some((text) => text.startsWith(`PAYMENT_PLATFORM_${name} `)),
        name,
      ).toBe(true);
    expect(listed.join()).not.toContain("hidden");
  });

  test.each(["", " ", ",", "a,", ",a", "a,,b"])("%j holds an empty secret or none: it does not start", (secrets) => {
    expect(faults({ PAYMENT_PLATFORM_SECRETS: secrets })[0]).toMatch(/^PAYMENT_PLATFORM_SECRETS /u);
  });

  test("without an address to ask at there is neither query nor receipt", async () => {
    const { openPayments } = await import("../payment-scene.ts");
    const bare = { ...whole, PAYMENT_PLATFORM_QUERY_URL: "", PAYMENT_PLATFORM_RECEIPT_URL: "" };
    const { payments } = openPayments(platform, bare);
    expect([payments?.query, payments?.receipts, payments?.refund]).toEqual([undefined, undefined, undefined]);
  });
});
