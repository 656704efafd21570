import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { createProvince } from "../../mocks/province/create-province.ts";

const SECRET = `whsec_${btoa("s".repeat(32))}`;
const NOW = new Date("2026-11-20T02:00:00Z");

const post = async (
  receiver: ReturnType<typeof createProvince>,
  {
    body = "{}",
    secret = SECRET,
    at = NOW,
    id = "evt_1",
  }: { body?: string; secret?: string; at?: Date; id?: string } = {},
): Promise<number> => {
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign(id, at, body),
  };
  const request = new Request("http://receiver/hooks/main", { method: "POST", headers, body });
  return (await receiver.app.fetch(request)).status;
};

test("the receiver takes what the reference library signed and refuses other secrets and old times", async () => {
  const receiver = createProvince({ now: () => NOW });
  receiver.expect([SECRET]);
  expect(await post(receiver)).toBe(204);
  expect(await post(receiver, { secret: `whsec_${btoa("t".repeat(32))}`, id: "evt_2" })).toBe(401);
  expect(await post(receiver, { at: new Date(NOW.getTime() - 301_000), id: "evt_3" })).toBe(401);
  expect(receiver.taken()).toEqual(["evt_1"]);
  expect(receiver.received().map(({ id, status }) => [id, status])).toEqual([
    ["evt_1", 204],
    ["evt_2", 401],
    ["evt_3", 401],
  ]);
});

test("what comes twice is received twice and taken once", async () => {
  const receiver = createProvince({ now: () => NOW });
  await post(receiver);
  await post(receiver);
  expect([receiver.received().length, receiver.taken()]).toEqual([2, ["evt_1"]]);
  receiver.behave({ status: 500 });
  expect(await post(receiver)).toBe(500);
});
