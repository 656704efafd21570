import { expect, test } from "vitest";
import { ConfigError, parseConfig } from "../../src/config.ts";
import { demoSettings } from "../../src/demo-settings.ts";
import { createLog } from "../../src/log.ts";
import { nodeOnlySettings } from "../../src/node-only-settings.ts";
import { platformIds, secretSettings } from "../../src/platform-adapters.ts";

const SERVER = "smtps://gateway:hunter2-hunter2@mail.example.gov.vn";
const ONE = "truc@example.gov.vn";

const read = (settings: Readonly<Record<string, string>>) =>
  parseConfig({ PUBLIC_URL: "https://lienthong.example.gov.vn", ...settings }, platformIds, {
    settings: demoSettings(),
  });
const faultsOf = async (settings: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const error = await read({ ...settings, PORT: "none" }).catch((fault: unknown) => fault);
  return error instanceof ConfigError ? error.faults.filter((fault) => !fault.startsWith("PORT")) : [];
};

test("without the settings nothing is mailed; with them the recipients are read, each once", async () => {
  expect((await read({})).alarmMail).toBeUndefined();
  const { alarmMail } = await read({ SMTP_URL: SERVER, ALARM_EMAIL: `${ONE}, lanh.dao@example.gov.vn,${ONE}` });
  expect(alarmMail).toEqual({
    smtpUrl: SERVER,
    to: [ONE, "lanh.dao@example.gov.vn"],
    from: "lien-thong-gateway@lienthong.example.gov.vn",
  });
});

test("the sender is the one given, else of the host that the gateway is reached at", async () => {
  const settings = { SMTP_URL: SERVER, ALARM_EMAIL: ONE };
  const senderOf = async (more: object) => (await read({ ...settings, ...more })).alarmMail?.from;
  expect(await senderOf({ ALARM_EMAIL_FROM: "canh-bao@example.gov.vn" })).toBe("canh-bao@example.gov.vn");
  expect(await senderOf({ PUBLIC_URL: "http://10.0.0.1:8080" })).toBe("lien-thong-gateway@localhost");
  expect(await senderOf({ PUBLIC_URL: "http://[::1]:8080" })).toBe("lien-thong-gateway@localhost");
});

test.each([
  ["no server", { ALARM_EMAIL: ONE }, ["SMTP_URL is missing"]],
  ["nobody to tell", { SMTP_URL: SERVER }, ["ALARM_EMAIL is missing"]],
  ["another protocol", { SMTP_URL: "http://hunter2-hunter2.vn", ALARM_EMAIL: ONE }, ["SMTP_URL is not an address"]],
  ["no address at all", { SMTP_URL: "hunter2-hunter2", ALARM_EMAIL: ONE }, ["SMTP_URL is not an address"]],
  ["options of a library", { SMTP_URL: `${SERVER}?debug=true`, ALARM_EMAIL: ONE }, ["SMTP_URL is not an address"]],
  ["a broken escape", { SMTP_URL: "smtp://u:%ZZhunter2-hunter2@h", ALARM_EMAIL: ONE }, ["SMTP_URL is not an address"]],
  ["a name with the address", { SMTP_URL: SERVER, ALARM_EMAIL: `A <${ONE}>` }, ["ALARM_EMAIL[0]: "]],
  ["a line break", { SMTP_URL: SERVER, ALARM_EMAIL: `${ONE}\r\nBcc: x@y.vn` }, ["ALARM_EMAIL[0]: "]],
  ["a comma at the end", { SMTP_URL: SERVER, ALARM_EMAIL: `${ONE},` }, ["ALARM_EMAIL[1]: "]],
  [
    "too many",
    { SMTP_URL: SERVER, ALARM_EMAIL: Array.from({ length: 51 }, (_, n) => `a${n}@b.vn`).join() },
    ["ALARM_EMAIL has more"],
  ],
  [
    "a sender that is none",
    { SMTP_URL: SERVER, ALARM_EMAIL: ONE, ALARM_EMAIL_FROM: "hunter2-hunter2" },
    ["ALARM_EMAIL_FROM is not"],
  ],
  ["two faults", { SMTP_URL: "x", ALARM_EMAIL: "y" }, ["SMTP_URL is not an address", "ALARM_EMAIL[0]: "]],
])("%s is a fault that shows no value", async (_name, settings, starts) => {
  const faults = await faultsOf(settings);
  expect(faults.map((fault, n) => fault.startsWith(starts[n] ?? "-"))).toEqual(starts.map(() => true));
  expect(faults.join()).not.toContain("hunter2");
});

test("the mail server's address is on the log's list of secrets", () => {
  expect(secretSettings).toContain("SMTP_URL");
  expect(() => createLog("silent", secretSettings)).not.toThrow();
});

test("what has no effect on Workers is named, without its value", async () => {
  expect(nodeOnlySettings(await read({}), platformIds)).toEqual([]);
  const config = await read({ SMTP_URL: SERVER, ALARM_EMAIL: ONE, NATIONAL_PORTAL_TLS_CA: "/etc/ca.pem" });
  expect(nodeOnlySettings(config, platformIds)).toEqual(["SMTP_URL", "TLS of national-portal"]);
});
