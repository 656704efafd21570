import type { PlatformCache } from "./platform-cache.ts";
import type { Dossier } from "./services/dossier.ts";
import type { Text } from "./text.ts";

/** Inbound entries, named by what came; `message.unknown`: nobody can tell what it was to be. */
export const INBOUND_OPERATIONS = [
  "dossier.received",
  "dossier.amended",
  "tax-notice.received",
  "tax-receipt.received",
  "question.received",
  "payment.settled",
  "message.unknown",
] as const;

/** What came. */
export type InboundOperation = (typeof INBOUND_OPERATIONS)[number];

/** The addresses at which the portal pushes (api section 7), by the last part of their path. */
export const PUSH_CALLS = ["addtthcKhuyenMai", "nhanhsdvcqg", "nhantbthuedvcqg"] as const;

/** One of them. */
export type PushCall = (typeof PUSH_CALLS)[number];

/** Lists of which each row is a message of its own, by the platform's name of the list. */
export const FETCHED_LISTS = ["laydanhsachhoso", "LayDanhSachHoiDapGuiTuDVCQG"] as const;

/** How a message came: by a call of the portal, or as a row of a list that we asked for. */
export type InboundCall = PushCall | (typeof FETCHED_LISTS)[number];

/** A file inside a push. */
export interface PushedFile {
  readonly name: string;
  /** Base64 as it came; it may be none. */
  readonly base64: string;
}

/** A file that a message names by its address. */
export interface AddressedFile {
  readonly name: string;
  readonly address: string;
}

/** A file that the portal keeps for us. */
export interface RemoteFile {
  readonly name: string;
  /** The portal's. */
  readonly id: string;
}

/** A dossier that was filed at the portal, in our words: a promotion notice, an amendment of one, or a row of its list. */
export interface PushedDossier {
  readonly kind: "dossier";
  /** The portal's own code. */
  readonly code: string;
  /** It amends another one. */
  readonly amendment: boolean;
  /** The code of the dossier that this one amends; absent: it says none. */
  readonly amends?: string;
  /** The portal says that it sends a dossier again that it changed. */
  readonly updating: boolean;
  /** Without `submittedFiles`: those are `files`. */
  readonly dossier: Dossier;
  /** Everything else that was told, in the portal's words, without the bytes of files. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly files: readonly PushedFile[];
  /** To be downloaded. Absent: none. */
  readonly remoteFiles?: readonly RemoteFile[];
  /** To be fetched after it was taken. Absent: none. */
  readonly addressedFiles?: readonly AddressedFile[];
}

/** One sub-item of one decision about land tax. */
export interface TaxDecision {
  readonly taxCode: string;
  readonly decision: string;
  /** `YYYY-MM-DD`. */
  readonly decidedOn?: string;
  readonly item: string;
  /** Integer VND. */
  readonly amount: number;
}

/** What is owed for land, of one or many dossiers. */
export interface PushedTaxNotice {
  readonly kind: "tax-notice";
  readonly dossiers: readonly { readonly code: string; readonly decisions: readonly TaxDecision[] }[];
}

/** A payment of land tax. It may come before the notice that it pays. */
export interface TaxReceipt {
  readonly taxCode: string;
  /** Number of the decision that it pays. */
  readonly decision: string;
  /** ISO 8601 with offset. */
  readonly paidAt?: string;
  /** Integer VND. */
  readonly amount: number;
  readonly paid: boolean;
  readonly content?: string;
  readonly payer: { readonly name?: string; readonly identity?: string; readonly address?: string };
  /** Where the portal keeps the receipt's file; reached through the portal alone. */
  readonly documentUrl?: string;
}

/** A receipt with the dossier that it is for. */
export interface PushedTaxReceipt {
  readonly kind: "tax-receipt";
  readonly code: string;
  readonly receipt: TaxReceipt;
}

/** A question that a citizen sent through the portal. */
export interface AskedQuestion {
  readonly kind: "question";
  /** The portal's number of it. */
  readonly id: string;
  readonly content: string;
  readonly fieldCode?: string;
  readonly procedureCode?: string;
  /** Whom it is for, as the portal says it; it may be no code of an agency. */
  readonly agencyCode?: string;
  readonly asker: {
    readonly name?: string;
    readonly address?: string;
    readonly email?: string;
    readonly phone?: string;
  };
  /** The portal shows an answer. */
  readonly answer?: { readonly id: string; readonly content?: string };
}

/** One message of the portal, in our words. */
export type Push = PushedDossier | PushedTaxNotice | PushedTaxReceipt | AskedQuestion;

/** What a push means, or why it cannot be told. */
export type PushReading =
  | { readonly ok: true; readonly push: Push }
  | { readonly ok: false; readonly operation: InboundOperation; readonly cause: Text; readonly code?: string };

/** What is needed to read a push besides itself. */
export interface PushSurroundings {
  readonly now: Date;
  /** The agency that a dossier is filed with while nobody took it on. */
  readonly agencyCode: string;
}

/** What a dossier owes now. */
export interface Bill {
  readonly code: string;
  readonly dossier: Pick<Dossier, "procedureCode" | "procedureName" | "applicant" | "processingUnit"> | null;
  readonly agencyCode: string;
  readonly lines: readonly {
    readonly kind: "fee" | "charge" | "tax";
    readonly code: string;
    readonly name: string;
    readonly amount: number;
  }[];
  readonly now: Date;
}

/** A dossier as it stands, under the code that was asked for. */
export interface ToldStatus {
  readonly code: string;
  readonly dossier: Dossier;
  readonly status: Dossier["status"];
}

/** How the portal's calls are read and answered. No call is made. */
export interface PortalDialect {
  readPush(call: InboundCall, body: unknown, surroundings: PushSurroundings): PushReading;
  /** The key in the body, where one of the clients in use has it. */
  sharedKeyIn(body: unknown): string | undefined;
  /** The dossier code that a question names: `search/call` and `dptracuuthanhtoanhs`. */
  codeAskedFor(body: unknown): string | undefined;
  /** How a dossier stands; its procedure as the platform's cache has it. */
  status(told: ToldStatus, cache: PlatformCache): Promise<object>;
  bill(bill: Bill): object;
}
