import type { Message, Operation, PlatformId } from "../../contracts/adapter.ts";
import type { Dossier, DossierEvent } from "../../contracts/services/dossier.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { putAsStatus } from "../dossiers/dossier-message.ts";
import {
  type DeferredQuestion,
  dossierContext,
  payloadContext,
  type StatusChange,
  type SubmissionMessage,
  type WebhookDelivery,
} from "../ledger/open-message.ts";
import type { Sealer } from "../security/sealing.ts";

/** The stored dossier as a replayed update needs it. */
export interface StoredDossier {
  readonly portal_code: string | null;
  /** The whole dossier, sealed. */
  readonly content: Uint8Array;
}

/** What a message is sent with: its operation and its sealed payload. */
export interface Carried {
  readonly operation: Operation;
  readonly payload: Uint8Array;
}

/** An update of the dossier as it is: the whole of it, or a status when the portal gave it birth (api section 3). */
export const presentUpdate = (
  sealer: Sealer,
  tenant: string,
  dossierCode: string,
  { portal_code, content }: StoredDossier,
): Carried => {
  if (portal_code === null) return { operation: "dossier.put", payload: content };
  const context = dossierContext(tenant, dossierCode);
  const dossier = JSON.parse(sealer.open(content, context)) as Dossier;
  return {
    operation: "dossier.status",
    payload: sealer.seal(JSON.stringify(putAsStatus(portal_code, dossier)), context),
  };
};

/** A payload as an adapter takes it. */
export const messageOf = (operation: Operation, dossierCode: string, payload: unknown, known: boolean): Message => {
  switch (operation) {
    case "dossier.put":
      return { operation, dossierCode, dossier: payload as Dossier, known, unknownOutcome: false };
    case "dossier.step":
      return { operation, dossierCode, event: payload as DossierEvent };
    case "dossier.status":
      return { operation, dossierCode, ...(payload as StatusChange) };
    case "citizen.lookup-deferred":
      return { operation, dossierCode, ...(payload as DeferredQuestion) };
    case "webhook.deliver":
      return { operation, ...(payload as WebhookDelivery) };
    case "question.put":
    case "question.answer":
    case "satisfaction.put":
      return payload as SubmissionMessage;
  }
};

/** Opens what would be sent, as the dispatcher would at this moment. */
export const openCarried = async (
  executor: Executor,
  tenant: string,
  sealer: Sealer,
  { platform, dossierCode }: { readonly platform: PlatformId; readonly dossierCode: string },
  { operation, payload }: Carried,
): Promise<Message> => {
  const [holding] = await rows<{ known: boolean }>(
    executor,
    sql`select exists (select 1 from holdings where tenant = ${tenant} and platform = ${platform}
                       and dossier_code = ${dossierCode}) as known`,
  );
  const opened: unknown = JSON.parse(sealer.open(payload, payloadContext(tenant, { operation, dossierCode })));
  return messageOf(operation, dossierCode, opened, holding?.known ?? false);
};
