import type { Message } from "../../contracts/adapter.ts";
import type { OpenMessage } from "../../contracts/ledger.ts";
import type { Dossier, DossierEvent } from "../../contracts/services/dossier.ts";

/** Opens sealed text; `context` binds it to what it belongs to. */
export type OpenText = (sealed: Uint8Array, context: string) => string;

/** What a `dossier.status` entry carries. */
export type StatusChange = Omit<Extract<Message, { operation: "dossier.status" }>, "operation" | "dossierCode">;

/**
 * Binds a dossier's sealed content to its dossier: the same bytes serve the dossier's row and its put's entry,
 * and no row can be passed off as another dossier's.
 */
export const dossierContext = (tenant: string, dossierCode: string): string => `dossier:${tenant}:${dossierCode}`;

/** Opens payloads into messages. What was sealed was validated at accept, so its shape is trusted here. */
export const createOpenMessage =
  (tenant: string, open: OpenText): OpenMessage =>
  (entry): Message => {
    const { operation, dossierCode } = entry;
    const payload: unknown = JSON.parse(open(entry.payload, dossierContext(tenant, dossierCode)));
    switch (operation) {
      case "dossier.put":
        return {
          operation,
          dossierCode,
          dossier: payload as Dossier,
          known: entry.known,
          unknownOutcome: entry.unknownOutcome,
        };
      case "dossier.step":
        return { operation, dossierCode, event: payload as DossierEvent };
      case "dossier.status":
        return { operation, dossierCode, ...(payload as StatusChange) };
    }
  };
