import { expect, test } from "vitest";
import type { Message } from "../../contracts/adapter.ts";
import { dossierSchema } from "../../contracts/services/dossier.ts";
import {
  handClock,
  json,
  memoryCache,
  type RecordedAttempt,
  scripted,
  scriptedCall,
} from "../adapters/call-context.ts";
import { openPortal } from "../adapters/national-portal/open-portal.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";

const clock = handClock();
const dossierCode = "H04.15-261120-0001";
const dossier = dossierSchema.parse(dossierBody());
const put: Message = { operation: "dossier.put", dossierCode, dossier, known: false, unknownOutcome: false };
const step = { operation: "dossier.step", dossierCode, event: eventBody("e1") } as Message;
const status: Message = {
  operation: "dossier.status",
  dossierCode,
  portalCode: "G22.99-261120-1",
  change: { status: "accepted", content: "Đã tiếp nhận", occurredAt: "2026-11-20T09:15:00+07:00" },
};
const ok = json({ error_code: "0", message: "" });
const procedure = json({
  error_code: 0,
  result: [{ MATTHC: "2.000591", TENTTHC: "Thủ tục", LINHVUCTHUCHIEN: [{ MALINHVUC: "L1", TENLINHVUC: "Lĩnh vực" }] }],
});
const login = json({ error_code: "0", session: "s1" });

const lastSend = (attempts: readonly RecordedAttempt[]) => attempts.findLast(({ kind }) => kind === "send")?.evidence;

test("a preview is, byte for byte, the evidence of what is then sent", async () => {
  const portal = openPortal();
  const cache = memoryCache(clock.now);
  const call = scriptedCall(scripted(login, procedure, ok, ok, ok).transport, { clock, cache });
  for (const message of [put, step, status]) {
    await portal.perform(message, call);
    const preview = await portal.preview?.(message, cache);
    expect(preview).toEqual({ ok: true, value: lastSend(call.attempts) });
  }
});

test("a dossier that the portal holds is previewed as an update", async () => {
  const cache = memoryCache(clock.now);
  await cache.put("procedure:2.000591", { name: "Thủ tục", fieldCode: "L1", fieldName: "Lĩnh vực" });
  const preview = await openPortal().preview?.({ ...put, known: true }, cache);
  expect(preview?.ok && JSON.parse(preview.value)).toMatchObject({ session: "***", isUpdating: "True" });
});

test("without the procedure in the cache a preview is a fault, and nothing is asked", async () => {
  const preview = await openPortal().preview?.(put, memoryCache(clock.now));
  expect(preview).toMatchObject({ ok: false, fault: { outcome: "transient", code: "upstream_unavailable" } });
});

test("what the local check refuses is previewed as that refusal", async () => {
  const portal = openPortal({ NATIONAL_PORTAL_STATUS_MAP: '{"accepted":null}' });
  const preview = await portal.preview?.(put, memoryCache(clock.now));
  expect(preview).toMatchObject({ ok: false, fault: { outcome: "refused", code: "invalid_request" } });
});

test("a status that the portal shows already previews as nothing to send", async () => {
  const filed = { ...status, change: { ...status.change, status: "submitted" } } as Message;
  expect(await openPortal().preview?.(filed, memoryCache(clock.now))).toEqual({ ok: true, value: "" });
});
