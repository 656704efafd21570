import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import type { Event, InboxPage } from "../../contracts/services/inbox.ts";
import type { EntryView } from "../../contracts/services/ledger.ts";
import type { WebhookView, WebhookWithSecret } from "../../contracts/services/webhooks.ts";
import { createProvince } from "../../mocks/province/create-province.ts";
import { serve } from "../../mocks/server.ts";
import type { Executor } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { type NewEvent, recordEvents } from "../../src/inbox/record-events.ts";
import { dossierBody, type SceneOptions } from "../gateway-scene.ts";
import { openApiScene } from "../http/api-scene.ts";

/** Waits until something is so; the limit is generous, since the machine may be busy. */
export const until = async (what: string, isSo: () => boolean | Promise<boolean>, seconds = 20): Promise<void> => {
  for (const end = Date.now() + seconds * 1000; !(await isSo()); await delay(10)) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
  }
};

/** An event that a test makes up. */
export const newEvent = (parts: Partial<NewEvent> = {}): NewEvent => ({
  type: "document.received",
  occurredAt: new Date("2026-11-20T02:00:00Z"),
  subject: "doc-1",
  agency: "H04.15",
  data: { documentId: "doc-1" },
  correlationId: "test",
  ...parts,
});

/** The settings with which webhooks reach a receiver on this machine, and are tried again at once. */
export const NEARBY = {
  WEBHOOK_ALLOW_PRIVATE: "true",
  PROVINCE_RETRY_BASE_MS: "10",
  PROVINCE_RETRY_MAX_MS: "40",
  PROVINCE_TIMEOUT_MS: "2000",
};

/** A gateway, and a province's software that takes webhooks over real HTTP. */
export const openInboxScene = async (options: SceneOptions = {}) => {
  const scene = await openApiScene({ ...options, settings: { ...NEARBY, ...options.settings } });
  const receiver = createProvince({ now: () => new Date() });
  const served = await serve(receiver.app);
  const { database, gateway } = scene;
  const parts = {
    tenant: gateway.tenant,
    agencyCode: scene.config.agencyCode,
    sealer: gateway.sealer,
    newId: () => crypto.randomUUID().replaceAll("-", ""),
  };

  /** Records events as the gateway does, in a transaction of their own unless one is given. */
  const record = (events: readonly NewEvent[], executor?: Executor): Promise<boolean> =>
    executor ? recordEvents(executor, parts, events) : database.transaction((own) => recordEvents(own, parts, events));

  const inbox = async (query = "", client = "province"): Promise<InboxPage> => {
    const answer = await scene.call<InboxPage>("GET", `/v1/inbox${query}`, undefined, { client });
    expect(answer.status).toBe(200);
    return answer.body;
  };

  return {
    ...scene,
    receiver,
    served,
    record,
    inbox,
    urlOf: (name = "main") => `${served.url}/hooks/${name}`,
    /** Registers the receiver's address of this name. */
    hook: async (name = "main", types?: readonly string[], client = "province"): Promise<WebhookWithSecret> => {
      const body = { url: `${served.url}/hooks/${name}`, ...(types && { types }) };
      const answer = await scene.call<WebhookWithSecret>("POST", "/v1/webhooks", body, { client });
      expect(answer.status).toBe(201);
      return answer.body;
    },
    webhook: async (id: string, client = "province"): Promise<WebhookView> => {
      const answer = await scene.call<WebhookView>("GET", `/v1/webhooks/${id}`, undefined, { client });
      expect(answer.status).toBe(200);
      return answer.body;
    },
    /** The bodies that an address got, as events, each message once. */
    events: (name = "main"): Event[] => {
      const bodies = new Map(receiver.received(name).map(({ id, body }) => [id, body]));
      return [...bodies.values()].map((body) => JSON.parse(body) as Event);
    },
    deliveries: async (query = ""): Promise<EntryView[]> => {
      const path = `/v1/ledger?platform=province&limit=200${query}`;
      return (await scene.call<{ items: EntryView[] }>("GET", path)).body.items;
    },
    putDossier: async (code: string, client = "province"): Promise<void> => {
      expect((await scene.call("PUT", `/v1/dossiers/${code}`, dossierBody(), { client })).status).toBe(202);
    },
    /** The portal refuses every dossier until the dial is cleared. */
    refuseDossiers: (): void =>
      scene.portal.dial.set({ fault: "error-body", code: "3", message: "Thiếu giấy tờ", service: "DongBoHoSoMC" }),
    /** No webhooks, no events, nothing on its way. */
    clear: async (): Promise<void> => {
      await database.execute(sql`delete from webhooks`);
      await database.execute(sql`delete from pending where platform = 'province'`);
      await database.execute(sql`delete from inbox_acks`);
      await database.execute(sql`delete from inbox_counters`);
      await database.execute(sql`delete from inbox_events`);
      gateway.webhooks.changed();
      scene.portal.dial.clear();
    },
    close: async (): Promise<void> => {
      await scene.close();
      await served.close();
    },
  };
};

/** A gateway before a province's software. */
export type InboxScene = Awaited<ReturnType<typeof openInboxScene>>;
