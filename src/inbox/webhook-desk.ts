import { GatewayError } from "../../contracts/errors.ts";
import { isPublicAddress, webhookAddressFault } from "../../contracts/public-address.ts";
import { FIELD_ERRORS, type FieldErrorCode } from "../../contracts/services/fields.ts";
import {
  MOST_WEBHOOKS,
  type WebhookRequest,
  type WebhookView,
  type WebhookWithSecret,
} from "../../contracts/services/webhooks.ts";
import type { Database, Executor } from "../database/database.ts";
import { type Actor, evidenceContext } from "../ledger/ledger-desk.ts";
import { recordAct } from "../security/audit.ts";
import type { Sealer } from "../security/sealing.ts";
import { webhookContext } from "./find-endpoint.ts";
import { readWebhooks, type WebhookRow, webhookView } from "./webhook-row.ts";
import { deleteWebhook, enableWebhook, insertWebhook, rotateSecret } from "./write-webhook.ts";

/** Who has a webhook: the client, and the agency whose events it gets. */
export interface WebhookOwner {
  readonly client: string;
  /** Canonical agency code. */
  readonly agency: string;
}

/** What clients do with webhooks (api section 8). Changes are audited in the caller's transaction. */
export interface WebhookDesk {
  /** Refuses an address that must not be called; looks its name up where the runtime can. @throws GatewayError `invalid_request` */
  checkAddress(url: string): Promise<void>;
  /** @throws GatewayError `conflict` when the client has too many */
  create(executor: Executor, owner: WebhookOwner, request: WebhookRequest, actor: Actor): Promise<WebhookWithSecret>;
  list(agency: string): Promise<WebhookView[]>;
  /** @throws GatewayError `not_found` */
  read(agency: string, id: string): Promise<WebhookView>;
  /** Makes a new secret; the one before signs for 24 hours more. The caller has looked whose webhook it is. */
  rotate(executor: Executor, id: string, actor: Actor): Promise<WebhookWithSecret>;
  enable(executor: Executor, id: string, actor: Actor): Promise<WebhookView>;
  remove(executor: Executor, id: string, actor: Actor): Promise<WebhookView>;
  /** Told after the commit of a change. */
  changed(): void;
}

/** The addresses of a name; rejects when it has none. */
export type LookUp = (host: string) => Promise<readonly string[]>;

/** What the desk is made of. */
export interface WebhookDeskParts {
  readonly database: Database;
  readonly tenant: string;
  readonly sealer: Sealer;
  readonly newId: () => string;
  /** `WEBHOOK_ALLOW_PRIVATE`. */
  readonly allowPrivate: boolean;
  /** Absent where the runtime cannot look names up. */
  readonly lookUp?: LookUp | undefined;
  readonly changed: () => void;
}

const SECRET_BYTES = 32;

const newSecret = (): string =>
  `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(SECRET_BYTES))))}`;

const refused = (code: FieldErrorCode): GatewayError =>
  new GatewayError("invalid_request", { errors: [{ field: "url", code, message: FIELD_ERRORS[code] }] });

/** A name that nobody knows yet may be known tomorrow: it is looked up again at each delivery. */
const leadsHome = async (url: string, lookUp: LookUp): Promise<boolean> => {
  const host = new URL(url).hostname.replace(/^\[|\]$/gu, "");
  const found = await lookUp(host).catch(() => []);
  return !found.every(isPublicAddress);
};

/** The desk over one database. */
export const createWebhookDesk = (parts: WebhookDeskParts): WebhookDesk => {
  const { database, tenant, sealer, newId, allowPrivate, lookUp, changed } = parts;
  // An address that cannot be opened any more (its key was taken out of LEDGER_KEYS) must not hide the other webhooks.
  const open = (sealed: Uint8Array, id: string): string => {
    try {
      return sealer.open(sealed, webhookContext(tenant, id));
    } catch {
      return "•••";
    }
  };
  const view = (row: WebhookRow) => webhookView(row, (sealed) => open(sealed, row.id));
  const found = (row: WebhookRow | null | undefined): WebhookRow => {
    if (row === null || row === undefined) throw new GatewayError("not_found");
    return row;
  };
  const audited = async (executor: Executor, action: string, row: WebhookRow, actor: Actor): Promise<WebhookView> => {
    await recordAct(executor, tenant, { ...actor, action: `webhook.${action}`, subject: row.id });
    return view(row);
  };
  return {
    changed,
    checkAddress: async (url) => {
      if (allowPrivate) return;
      const fault = webhookAddressFault(url);
      if (fault !== null) throw refused(fault);
      if (lookUp !== undefined && (await leadsHome(url, lookUp))) throw refused("private_address");
    },
    create: async (executor, { client, agency }, { url, types }, actor) => {
      const id = `wh_${newId()}`;
      const secret = newSecret();
      const seal = (plain: string) => sealer.seal(plain, webhookContext(tenant, id));
      const asked = types === undefined ? null : [...new Set(types)];
      const made = { id, client, agency, url: seal(url), types: asked, secret: seal(secret) };
      const row = await insertWebhook(executor, tenant, made);
      if (row === null) {
        const detail = {
          vi: `Tối đa ${MOST_WEBHOOKS} webhook.`,
          en: `A client has at most ${MOST_WEBHOOKS} webhooks.`,
        };
        throw new GatewayError("conflict", { detail });
      }
      return { ...(await audited(executor, "create", row, actor)), secret };
    },
    list: async (agency) => (await readWebhooks(database, tenant, agency)).map(view),
    read: async (agency, id) => view(found((await readWebhooks(database, tenant, agency, id))[0])),
    rotate: async (executor, id, actor) => {
      const secret = newSecret();
      const sealed = sealer.seal(secret, webhookContext(tenant, id));
      const row = found(await rotateSecret(executor, tenant, id, sealed));
      return { ...(await audited(executor, "rotate", row, actor)), secret };
    },
    enable: async (executor, id, actor) =>
      audited(executor, "enable", found(await enableWebhook(executor, tenant, id)), actor),
    remove: async (executor, id, actor) => {
      const reason = sealer.seal("webhook deleted", evidenceContext(tenant));
      return audited(executor, "delete", found(await deleteWebhook(executor, tenant, id, reason)), actor);
    },
  };
};
