type Answered<Value, Failed> = Promise<{ readonly ok: true; readonly value: Value } | Failed>;

/** Keeps the bytes of a file as they come. @returns false: there are more than may be kept, and nothing of it was */
export type KeepBytes = (bytes: AsyncIterable<Uint8Array>) => Promise<boolean>;

/** Dossiers that were filed at a platform and wait there for the province. */
interface DossierFetcher<Call, Failed> {
  /** The rows of what is new, as the platform wrote them; `PortalDialect.readPush` says what they mean. */
  list(call: Call): Answered<readonly unknown[], Failed>;
  /** Downloads one file of a dossier. A file that is too large is refused with `payload_too_large`. */
  download(file: { readonly code: string; readonly id: string }, keep: KeepBytes, call: Call): Answered<null, Failed>;
  /** Tells the platform that the dossier arrived. The same again changes nothing. */
  acknowledge(code: string, call: Call): Answered<null, Failed>;
}

/** Questions that citizens sent through a platform. */
interface QuestionFetcher<Call, Failed> {
  /** The rows as the platform wrote them, answered ones among them; `PortalDialect.readPush` says what they mean. */
  list(call: Call): Answered<readonly unknown[], Failed>;
}

/** Files that a platform's messages name by their addresses. */
interface AddressFetcher<Call, Failed> {
  /** Downloads one. An address that may not be followed is refused with `forbidden`. */
  download(address: string, keep: KeepBytes, call: Call): Answered<null, Failed>;
}

/**
 * What a platform does not bring by itself (national-portal sections 1.3 and 2.5). `Call` is what an exchange is handed, `Failed`
 * how a question goes wrong (contracts/adapter.ts).
 */
export interface Fetching<Call, Failed> {
  /** Absent: the profile lists none. */
  readonly dossiers?: DossierFetcher<Call, Failed>;
  /** Absent: the profile lists none. */
  readonly questions?: QuestionFetcher<Call, Failed>;
  /** Absent: the addresses are passed on as they came. */
  readonly files?: AddressFetcher<Call, Failed>;
}
