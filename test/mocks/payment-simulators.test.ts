import { describe, expect, test } from "vitest";
import { PAYMENT_SIMULATORS } from "../../mocks/payments/simulators.ts";
import { startSimulator } from "../../mocks/start-simulator.ts";
import { handClock } from "../adapters/call-context.ts";
import { anOrder, openPaymentScene, openPayments } from "../adapters/payment-scene.ts";

const PLATFORMS = ["payment-platform", "keypay", "vnpay"] as const;
const order = anOrder();

describe.each(PLATFORMS)("the simulator of %s", (platform) => {
  test("is played by npm start, with settings that reach it and an address to report to", async () => {
    const place = { dataDir: ".", port: 0, agencyCode: "000.00.00.H04", gatewayUrl: "http://127.0.0.1:9" };
    const simulator = await startSimulator(platform, place);
    if (simulator === null) throw new Error("no simulator");
    expect(openPayments(platform, simulator.settings).payments).toBeDefined();
    const state = (await (await fetch(`${simulator.url}/__simulator/state`)).json()) as Record<string, unknown>;
    expect(state["place"]).toMatchObject({ notifyUrl: `http://127.0.0.1:9/callbacks/payments/${platform}` });
    await simulator.close();
  });

  test("has a page on which a payer pays, and brings the browser back with a result", async () => {
    const scene = await openPaymentScene(platform, PAYMENT_SIMULATORS[platform]);
    const back = { returnUrl: "https://mot-cua.example/payments/return?x=1" };
    await scene.control("place", back);
    const created = await scene.payments.create(anOrder(back), scene.call());
    if (!created.ok) throw new Error("not created");
    const opened = await fetch(created.value.payUrl);
    expect(await opened.text()).toMatch(/<button name="act" value="pay">/u);
    const paid = await fetch(opened.url, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ act: "pay" }),
    });
    expect(paid.status).toBe(303);
    const to = new URL(paid.headers.get("location") ?? "");
    expect(to.origin).toBe("https://mot-cua.example");
    expect(scene.callbacks.referenceIn(to.search.slice(1))).toBe(order.reference);
    expect(scene.events).toMatchObject([{ outcome: "paid" }]);
    expect((await fetch(opened.url, { method: "POST", body: new URLSearchParams({ act: "steal" }) })).status).toBe(400);
    expect((await fetch(`${scene.url}/pay/unknown`)).status).toBe(404);
    await scene.close();
  });

  test("does not report again what was taken, and reports again what was not", async () => {
    const scene = await openPaymentScene(platform, PAYMENT_SIMULATORS[platform]);
    const created = await scene.payments.create(order, scene.call());
    if (created.ok) await fetch(created.value.payUrl);
    await scene.control("dial", { fault: "mis-sign", times: 1 });
    await scene.control("payers", { reference: order.reference, act: "pay" });
    expect(scene.events).toMatchObject([{ kind: "refused" }]);
    expect(await (await scene.control("reports", { again: true })).json()).toEqual({ sent: 1 });
    await scene.control("payers", { reference: order.reference, act: "pay" });
    expect(scene.events.map(({ kind }) => kind)).toEqual(["refused", "refused", "event"]);
    await scene.close();
  });

  test.each([{ fault: "unheard-of" }, { fault: "latency" }, { fault: "lose", times: "1" }, null, 5, { lose: true }])(
    "refuses the rule %j and keeps those in force",
    async (rule) => {
      const { app } = PAYMENT_SIMULATORS[platform].create({ now: handClock().now });
      const post = (path: string, body: unknown) =>
        app.request(`/__simulator/${path}`, { method: "POST", body: JSON.stringify(body) });
      expect((await post("dial", { fault: "lose" })).status).toBe(200);
      expect((await post("dial", rule)).status).toBe(400);
      expect(await (await app.request("/__simulator/dial")).json()).toEqual({ rules: [{ fault: "lose" }] });
      expect((await app.request("/__simulator/dial", { method: "DELETE" })).status).toBe(204);
      expect((await post("payers", { reference: "x", act: "pay" })).status).toBe(404);
      expect((await post("payers", { reference: "x", act: "rob" })).status).toBe(400);
      expect((await post("place", { notifyUrl: "nowhere" })).status).toBe(400);
    },
  );

  test("forgets everything when it is told to", async () => {
    const scene = await openPaymentScene(platform, PAYMENT_SIMULATORS[platform]);
    const created = await scene.payments.create(order, scene.call());
    if (created.ok) await fetch(created.value.payUrl);
    expect(scene.simulator.till.all.size).toBe(1);
    await fetch(`${scene.url}/__simulator/state`, { method: "DELETE" });
    expect(scene.simulator.till.all.size).toBe(0);
    await scene.close();
  });
});

describe("what a platform refuses", () => {
  const INIT = async (change: (body: Record<string, unknown>) => unknown) => {
    const scene = await openPaymentScene("payment-platform", PAYMENT_SIMULATORS["payment-platform"]);
    await scene.payments.create(order, scene.call());
    const body = JSON.parse(scene.requests[0]?.body ?? "") as Record<string, unknown>;
    await fetch(`${scene.url}/__simulator/state`, { method: "DELETE" });
    const response = await fetch(`${scene.url}/init`, { method: "POST", body: JSON.stringify(change(body)) });
    await scene.close();
    return (await response.json()) as Record<string, unknown>;
  };
  const block = (body: Record<string, unknown>, change: object) => ({
    ...body,
    ThongTinBienLai: { ...(body["ThongTinBienLai"] as object), ...change },
  });

  test("the message itself is taken", async () => {
    expect(await INIT((body) => body)).toMatchObject({ MaLoi: "00" });
  });

  test.each([
    ["MaXacThuc", (body: Record<string, unknown>) => ({ ...body, MaXacThuc: "0".repeat(64) }), "Sai mã xác thực"],
    ["an amount as a number", (body: Record<string, unknown>) => ({ ...body, SoTien: 150000 }), "Sai SoTien"],
    ["another partner", (body: Record<string, unknown>) => ({ ...body, MaDoiTac: "X" }), "Sai MaDoiTac"],
    ["no account", (body: Record<string, unknown>) => block(body, { TKThuHuong: "" }), "Sai TKThuHuong"],
    ["lines of another sum", (body: Record<string, unknown>) => block(body, { PhiLePhi: [] }), "Sai PhiLePhi"],
    ["a member left out", (body: Record<string, unknown>) => block(body, { KhoBac: undefined }), "Sai KhoBac"],
    ["no object", () => "x", "Sai JSON"],
  ])("%s", async (_name, change, words) => {
    expect(await INIT(change)).toEqual({ MaLoi: "99", MoTaLoi: words });
  });

  test("VNPay shows no page for a redirect that was changed, or came too late", async () => {
    const scene = await openPaymentScene("vnpay", PAYMENT_SIMULATORS.vnpay);
    const created = await scene.payments.create(order, scene.call());
    if (!created.ok) throw new Error("not created");
    const { payUrl } = created.value;
    expect((await fetch(payUrl.replace("15000000", "1500000"))).status).toBe(400);
    scene.clock.advance(16 * 60_000);
    expect(await (await fetch(payUrl)).text()).toBe("Sai vnp_ExpireDate");
    await scene.close();
  });
});
