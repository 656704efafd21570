import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import type { DossierAccepted, EventAccepted } from "../../contracts/services/dossier-views.ts";
import type { EntryDetail } from "../../contracts/services/ledger.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { codeOf, openApiScene } from "./api-scene.ts";

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/** Stands before a portal, passes everything on, and remembers under which correlation id each service was called. */
const openListener = async () => {
  const heard: { service: string; correlationId: string | undefined }[] = [];
  let portal = "";
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const { service = "login" } = JSON.parse(body.toString("utf8")) as { service?: string };
      heard.push({ service, correlationId: request.headers["x-correlation-id"]?.toString() });
      const headers = { "content-type": "application/json", dstcode: String(request.headers["dstcode"] ?? "") };
      const answer = await fetch(`${portal}${request.url}`, { method: "POST", body, headers });
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(await answer.text());
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    passTo: (url: string) => {
      portal = url;
    },
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
};

test("the caller's correlation id goes with its exchange to the ledger and to the platform, through every attempt", async () => {
  const listener = await openListener();
  const scene = await openApiScene({ settings: { NATIONAL_PORTAL_URL: listener.url } });
  listener.passTo(scene.served.url);
  scene.portal.dial.set({ fault: "http-status", service: "DongBoHoSoMC", status: 503, times: 1 });
  const path = `/v1/dossiers/${codeOf(1)}`;
  const under = (id: string) => ({ headers: { "x-correlation-id": id } });
  const put = await scene.call<DossierAccepted>("PUT", path, dossierBody(), under("put-1"));
  await scene.drained();
  const step = await scene.call<EventAccepted>("POST", `${path}/events`, eventBody("e1"), under("step-1"));
  await scene.drained();

  expect([put.headers.get("x-correlation-id"), step.headers.get("x-correlation-id")]).toEqual(["put-1", "step-1"]);
  for (const [answer, id] of [
    [put, "put-1"],
    [step, "step-1"],
  ] as const) {
    const entry = await scene.call<EntryDetail>("GET", `/v1/ledger/${answer.body.exchanges[0]?.id}`);
    expect(entry.body.correlationId).toBe(id);
  }
  const puts = listener.heard.filter(({ service }) => service !== "CapNhatTienDoHoSoMC");
  expect(puts.length).toBeGreaterThan(2);
  expect(new Set(puts.map(({ correlationId }) => correlationId))).toEqual(new Set(["put-1"]));
  const steps = listener.heard.filter(({ service }) => service === "CapNhatTienDoHoSoMC");
  expect(steps.map(({ correlationId }) => correlationId)).toEqual(["step-1"]);
  await scene.close();
  await listener.close();
});
