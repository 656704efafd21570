import type { Push, PushedDossier, PushedFile } from "../../contracts/portal-inbound.ts";
import type { Text } from "../../contracts/text.ts";
import { isMisnamed, SNIFFED_BYTES, sniffType } from "../files/sniff-type.ts";
import { canonicalJson } from "../security/canonical-json.ts";
import { decodeBase64 } from "./decode-base64.ts";
import type { Lifted } from "./lift-strings.ts";

/** A file of a push, decoded. */
export interface DecodedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  /** Media type, by the bytes. */
  readonly type: string;
  /** The bytes are other than the name says. */
  readonly misnamed: boolean;
}

/** A file of a dossier that lies in the store already. */
export interface StagedFile {
  readonly name: string;
  /** Its name there. */
  readonly stored: string;
  readonly size: number;
  readonly sha256: string;
  readonly type: string;
  readonly misnamed: boolean;
}

/** A file that the portal keeps and did not give. */
export interface MissingFile {
  readonly name: string;
  /** The portal's id of it. */
  readonly portalId: string;
  /** Why, as an error code. */
  readonly code: string;
}

/** A push with everything that can be computed before anything is locked. */
export interface PreparedPush {
  readonly push: Push;
  readonly files: readonly (DecodedFile | StagedFile)[];
  /** Absent: none. */
  readonly missing?: readonly MissingFile[];
  /** SHA-256 of what it tells, files included: the same again brings nothing new. Of a notice, by dossier. */
  readonly digests: ReadonlyMap<string, string>;
}

/** A push whose files cannot be decoded. */
export interface Undecodable {
  readonly cause: Text;
}

const sha256 = async (bytes: Uint8Array): Promise<string> =>
  Buffer.from(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>)).toString("hex");

const digestOf = (value: unknown): Promise<string> => sha256(Buffer.from(canonicalJson(value)));

const decode = async ({ name, base64 }: PushedFile, lifted: Lifted): Promise<DecodedFile | null> => {
  const bytes = decodeBase64(lifted.get(base64) ?? Buffer.from(base64));
  if (bytes === null) return null;
  const type = sniffType(bytes.subarray(0, SNIFFED_BYTES));
  return { name, bytes, sha256: await sha256(bytes), type, misnamed: isMisnamed(name, type) };
};

const prepareDossier = async (push: PushedDossier, lifted: Lifted): Promise<PreparedPush | Undecodable> => {
  const files: DecodedFile[] = [];
  for (const file of push.files) {
    const decoded = await decode(file, lifted);
    if (decoded === null) {
      const nth = files.length + 1;
      return { cause: { vi: `Tệp thứ ${nth} không phải base64.`, en: `File ${nth} is not base64.` } };
    }
    files.push(decoded);
  }
  const { code, amends, details } = push;
  const told = { code, amends: amends ?? null, details, files: files.map(({ name, sha256: sum }) => [name, sum]) };
  return { push, files, digests: new Map([[code, await digestOf(told)]]) };
};

/** Decodes the files of a push and reckons what it tells. */
export const preparePush = async (push: Push, lifted: Lifted): Promise<PreparedPush | Undecodable> => {
  if (push.kind === "dossier") return prepareDossier(push, lifted);
  // Compared by its keyed digest instead, which its row keeps.
  if (push.kind === "question") return { push, files: [], digests: new Map() };
  if (push.kind === "tax-receipt") {
    return { push, files: [], digests: new Map([[push.code, await digestOf(["tax-receipt", push.receipt])]]) };
  }
  const digests = new Map<string, string>();
  for (const { code, decisions } of push.dossiers) digests.set(code, await digestOf(["tax-notice", decisions]));
  return { push, files: [], digests };
};
