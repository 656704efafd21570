import { afterAll, beforeAll, expect, test } from "vitest";
import { isPublicAddress, webhookAddressFault } from "../../contracts/public-address.ts";
import type { WebhookWithSecret } from "../../contracts/services/webhooks.ts";
import { sql } from "../../src/database/sql.ts";
import { type InboxScene, newEvent, openInboxScene, until } from "./inbox-scene.ts";

let scene: InboxScene;
/** What names lead to; a test changes it between registering and calling. */
const names = new Map<string, string[]>();

beforeAll(async () => {
  scene = await openInboxScene({
    settings: { WEBHOOK_ALLOW_PRIVATE: "false", PROVINCE_RETRY_MAX_MS: "20" },
    resolveName: async (host) => {
      const found = names.get(host);
      if (found === undefined) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: "ENOTFOUND" });
      return found.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    },
  });
});
afterAll(() => scene.close());

const CLOSED = [
  ["0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254"],
  ["172.16.0.1", "172.31.255.255", "192.0.0.8", "192.168.1.1", "198.18.0.1", "198.19.255.255", "203.0.113.9"],
  ["224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1"],
  ["fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "ff02::1", "2001:db8::1", "2002:7f00:1::", "64:ff9b::7f00:1"],
  [
    "2001::1",
    "::127.0.0.1",
    "not an address",
    "",
    "1.2.3",
    "1.2.3.4.5",
    "256.1.1.1",
    "1::2::3",
    "12345::",
    ":::",
    "1:2:3",
  ],
].flat();
const OPEN = ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.169.0.1"];
const OPEN_V6 = [
  "2606:4700::1111",
  "2a00:1450:4001::200e",
  "2001:4860:4860::8888",
  "::ffff:8.8.8.8",
  "2400:cb00::1%eth0",
];

test.each(CLOSED)("%j is not an address of the open internet", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([...OPEN, ...OPEN_V6])("%j is an address of the open internet", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test("an address is judged as a URL reads it, in whatever clothes it comes", () => {
  const home = [
    "http://127.1/",
    "https://2130706433/",
    "https://0x7f.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
  ];
  const named = [
    "https://localhost/",
    "https://LOCALHOST./",
    "https://a.localhost/",
    "https://db/",
    "https://printer.local/",
  ];
  const more = [
    "https://x.internal/",
    "https://router.home.arpa/",
    "https://169.254.169.254/latest/meta-data",
    "https://0177.0.0.1/",
  ];
  for (const url of [...home, ...named, ...more])
    expect(`${url} ${webhookAddressFault(url)}`).toBe(`${url} private_address`);
  expect(webhookAddressFault("http://mot-cua.example.vn/")).toBe("https_required");
  expect(webhookAddressFault("https://mot-cua.example.vn:8443/x?y=1")).toBeNull();
  expect(webhookAddressFault("https://8.8.8.8/")).toBeNull();
});

test("private addresses, plain http and names that lead home are refused when a webhook is made", async () => {
  names.set("home.example.vn", ["93.184.216.34", "10.0.0.7"]);
  names.set("loop.example.vn", ["::1"]);
  const post = (url: string, fault: string) => scene.refuses("POST", "/v1/webhooks", { url }, [`url ${fault}`]);
  await post(scene.urlOf(), "private_address");
  await post("https://192.168.1.10/hook", "private_address");
  await post("https://localhost:8443/hook", "private_address");
  await post("http://public.example.vn/hook", "https_required");
  await post("https://home.example.vn/hook", "private_address");
  await post("https://loop.example.vn/hook", "private_address");
});

test("a name that leads to this machine when it is called is not connected to, whatever it led to before", async () => {
  names.set("rebound.example.vn", ["93.184.216.34"]);
  const { port } = scene.served;
  const url = `https://rebound.example.vn:${port}/hooks/main`;
  const made = await scene.call<WebhookWithSecret>("POST", "/v1/webhooks", { url });
  expect(made.status).toBe(201);
  names.set("rebound.example.vn", ["127.0.0.1"]);
  await scene.record([newEvent({ subject: "rebound" })]);
  await until("tried", async () => ((await scene.deliveries("&subject=rebound"))[0]?.attempts ?? 0) >= 2);
  const [entry] = await scene.deliveries("&subject=rebound");
  expect(entry?.error).toMatchObject({ code: "upstream_unavailable", detail: "transport: forbidden before sending" });
  expect(scene.receiver.received()).toEqual([]);
  expect((await scene.webhook(made.body.id)).state).toBe("failing");
});

test("a name that nobody knows yet may be registered, and is looked up again at each delivery", async () => {
  const made = await scene.call("POST", "/v1/webhooks", { url: "https://soon.example.vn/hook" });
  expect(made.status).toBe(201);
});

test("a webhook of a time when private addresses were allowed is not called any more", async () => {
  await scene.database.execute(sql`delete from webhooks`);
  const { sealer, tenant } = scene.gateway;
  const id = `wh_${"b".repeat(32)}`;
  const seal = (plain: string) => sealer.seal(plain, `webhook:${tenant}:${id}`);
  await scene.database.execute(
    sql`insert into webhooks (tenant, id, client, agency, url, secret)
        values (${tenant}, ${id}, 'province', 'H04', ${seal(scene.urlOf())}, ${seal(`whsec_${btoa("x".repeat(32))}`)})`,
  );
  await scene.record([newEvent({ subject: "old" })]);
  await until("refused", async () => (await scene.deliveries("&subject=old&state=failed")).length === 1);
  expect((await scene.deliveries("&subject=old"))[0]?.error).toMatchObject({ code: "invalid_request" });
  expect(scene.receiver.received()).toEqual([]);
});
