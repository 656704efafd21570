import type { Fault, PlatformId } from "../../../contracts/adapter.ts";
import { GatewayError } from "../../../contracts/errors.ts";
import type { KeepBytes } from "../../../contracts/fetching.ts";
import { procedureCodeCandidates } from "../../../contracts/identifiers/procedure-codes.ts";
import type { PersonalPaper } from "../../../contracts/papers.ts";
import type { FetchedPaper, FoundPapers, PaperFetch, PapersSearch } from "../../../contracts/services/papers.ts";
import type { Caller } from "../../caller.ts";
import type { Database } from "../../database/database.ts";
import type { FileDesk, KeptUpload } from "../../files/file-desk.ts";
import { newAccess, withinAccess } from "../access-log.ts";
import type { NewAccess } from "../begin-accesses.ts";
import { type CitizenDeskParts, officerOf, purposeOf } from "../citizen-desk.ts";
import type { AccessEnd } from "../end-accesses.ts";
import { errorOfFault } from "../error-of-fault.ts";
import { judgeLookup } from "../judge-lookup.ts";
import { createPaperHandles, HANDLE_LIFE_MS, type HandleHolder } from "./paper-handles.ts";

/** The platform that the store stands behind. */
const STORE: PlatformId = "national-portal";

/** Finds papers of citizens for officers, and fetches them (domain R29). */
export interface PapersDesk {
  /**
   * The papers that the national store holds of one citizen. Nothing is asked before the access is recorded, nothing answered before
   * its end is.
   *
   * @param signal ends the call when whoever waits for it has gone.
   * @throws GatewayError `forbidden` (no officer), `not_configured`, `rate_limited`, `not_found`, `conflict`, `upstream_*`
   */
  findPapers(caller: Caller, asked: PapersSearch, signal: AbortSignal): Promise<FoundPapers>;
  /** One file of them, kept encrypted among the uploads. @throws the same, and `gone` (the handle is too old), `payload_too_large` */
  fetchPaper(caller: Caller, asked: PaperFetch, signal: AbortSignal): Promise<FetchedPaper>;
}

/** What the desk is made of. */
export interface PapersDeskParts extends CitizenDeskParts {
  /** Where files are recorded. */
  readonly database: Database;
  readonly files: Pick<FileDesk, "admit" | "keepPieces">;
  readonly now: () => Date;
}

const EXPIRED = {
  vi: "Mã tệp đã quá 15 phút; hãy tìm giấy tờ lại.",
  en: "The id of the file is older than 15 minutes; find the papers again.",
};
const NOT_HELD = { vi: "Kho giấy tờ không có tệp này.", en: "The store of papers does not hold this file." };
const TOO_LARGE = {
  vi: "Tệp trong kho lớn hơn mức cho phép (FILE_MAX_BYTES).",
  en: "The store's file is larger than allowed (FILE_MAX_BYTES).",
};

const errorOf = (fault: Fault): GatewayError => {
  if (fault.outcome === "refused" && fault.code === "not_found") {
    return new GatewayError("not_found", { detail: NOT_HELD });
  }
  if (fault.outcome === "refused" && fault.code === "payload_too_large") {
    return new GatewayError("payload_too_large", { detail: TOO_LARGE });
  }
  return errorOfFault(fault);
};

/** `<owner>.<type>` (domain row 11) in its two parts; another code is the type. */
const codeOf = (code: string, owner: string) => ({
  owner,
  type: code.startsWith(`${owner}.`) ? code.slice(owner.length + 1) : code,
});

/** Nothing held is an answer; everything else was none. */
const endOf = ({ outcome, code }: Fault): "not-found" | "failed" =>
  outcome === "refused" && code === "not_found" ? "not-found" : "failed";

/** A place for one file on its way into the store; what was not recorded is nobody's, and dropped. */
const createPlace = (files: PapersDeskParts["files"], name: string) => {
  let kept: KeptUpload | undefined;
  const drop = async (): Promise<void> => {
    const old = kept;
    kept = undefined;
    await old?.drop();
  };
  const keep: KeepBytes = async (bytes) => {
    // A session that died is renewed and the file asked for anew: what came of it before is void.
    await drop();
    try {
      kept = await files.keepPieces(name, bytes);
      return true;
    } catch (error) {
      if (error instanceof GatewayError && error.code === "payload_too_large") return false;
      throw error;
    }
  };
  return {
    keep,
    drop,
    kept: (): KeptUpload => {
      if (kept === undefined) throw new Error("a file was fetched and not kept");
      return kept;
    },
    leave: (): void => {
      kept = undefined;
    },
  };
};

/** A file has a name wherever it goes. */
const NAMELESS = "giay-to";

const RELEASED = ["code", "name", "notation", "agency", "files"] as const;

type Reason = Pick<PapersSearch, "dossierCode" | "procedureCode" | "purpose">;

/** A desk over one database. */
export const createPapersDesk = (parts: PapersDeskParts): PapersDesk => {
  const { accesses, callsOf, elapsed, tenant, sealer, database, files, now } = parts;
  const handles = createPaperHandles(tenant, sealer);

  const storeOf = () => {
    const calls = callsOf(STORE);
    const store = calls?.adapter.papers;
    if (calls === undefined || store === undefined) throw new GatewayError("not_configured");
    return { calls, store };
  };

  const accessOf = (
    caller: Caller,
    { dossierCode: code, procedureCode, purpose }: Reason,
    about: Pick<NewAccess, "kind"> & { readonly identity: string },
  ): NewAccess => ({
    ...newAccess(parts, caller, { platform: STORE, ...about }),
    dossier: {
      ...{ code, procedureCode, purpose, boundary: caller.agency },
      candidates: procedureCodeCandidates(procedureCode),
    },
    perHour: parts.perOfficerHour,
  });

  const fail = async (end: Omit<AccessEnd, "fields" | "errorCode">, error: GatewayError): Promise<never> => {
    await accesses.end({ ...end, errorCode: error.code, fields: [] });
    throw error;
  };
  const refuse = (id: string, error: GatewayError): Promise<never> =>
    fail({ id, outcome: "refused", latencyMs: 0, upstreamIds: [] }, error);

  /** Begins an access, and says for which procedure the store may be asked. */
  const begin = async (access: NewAccess, asked: Reason, against: GatewayError | null = null): Promise<string> => {
    const verdict = judgeLookup(asked, await accesses.begin(access));
    if (!verdict.ok) return refuse(access.id, verdict.error);
    return against === null ? verdict.procedureCode : refuse(access.id, against);
  };

  const paperView = (paper: PersonalPaper, { personalId: owner, dossierCode }: PapersSearch, holder: HandleHolder) => {
    const until = now().getTime() + HANDLE_LIFE_MS;
    const named = ({ name, path }: PersonalPaper["files"][number]) => ({
      name,
      id: handles.make({ owner, dossierCode, name, until, place: { agency: paper.agency, path } }, holder),
    });
    return {
      code: codeOf(paper.code, owner),
      name: paper.name,
      notation: paper.notation,
      agency: paper.agency,
      files: paper.files.map(({ name, path }) => named({ name: name || paper.name || NAMELESS, path })),
    };
  };

  return {
    findPapers: async (caller, asked, signal) => {
      const officer = officerOf(caller);
      const { calls, store } = storeOf();
      const { correlationId, client } = caller;
      const access = accessOf(caller, asked, { kind: "papers-found", identity: asked.personalId });
      const { id } = access;
      const purpose = purposeOf(officer, asked, { requestId: id, procedureCode: await begin(access, asked) });
      const results = (asked.results ?? []).map(({ code, notation }) => ({
        code,
        ...(notation !== undefined && { notation }),
      }));
      const query = { ownerId: asked.personalId, procedureCode: purpose.procedureCode, results };
      const begun = elapsed();
      const found = await withinAccess(accesses, id, () =>
        calls.ask({ correlationId, signal }, (call) => store.find(query, purpose, call)),
      );
      const end = { id, latencyMs: elapsed() - begun, upstreamIds: [] };
      if (!found.ok) return fail({ ...end, outcome: "failed" }, errorOf(found.fault));
      const holder = { client, officer: officer.code };
      const items = found.value.map((paper) => paperView(paper, asked, holder));
      const isFound = items.length > 0;
      await accesses.end({ ...end, outcome: isFound ? "found" : "not-found", fields: isFound ? RELEASED : [] });
      return { items, requestId: id };
    },
    fetchPaper: async (caller, asked, signal) => {
      const officer = officerOf(caller);
      const { calls, store } = storeOf();
      files.admit(0);
      const { correlationId, client, agency } = caller;
      const handle = handles.read(asked.id, { client, officer: officer.code });
      if (handle === null || handle.dossierCode !== asked.dossierCode) throw new GatewayError("not_found");
      const access = accessOf(caller, asked, { kind: "paper-fetched", identity: handle.owner });
      const { id } = access;
      const isOld = now().getTime() >= handle.until;
      await begin(access, asked, isOld ? new GatewayError("gone", { detail: EXPIRED }) : null);
      const place = createPlace(files, handle.name);
      const begun = elapsed();
      try {
        const fetched = await withinAccess(accesses, id, () =>
          calls.ask({ correlationId, signal }, (call) => store.fetch(handle.place, place.keep, call)),
        );
        const end = { id, latencyMs: elapsed() - begun, upstreamIds: [] };
        if (!fetched.ok) return await fail({ ...end, outcome: endOf(fetched.fault) }, errorOf(fetched.fault));
        const upload = place.kept();
        await accesses.end({ ...end, outcome: "found", fields: ["file"] });
        const actor = { actorKind: "client", actor: client, correlationId } as const;
        const recorded = await database.transaction((executor) =>
          upload.record(executor, { client, agency, accessId: id }, actor),
        );
        place.leave();
        return {
          fileId: recorded.id,
          url: recorded.url,
          name: recorded.name,
          type: recorded.type,
          size: recorded.size,
        };
      } finally {
        await place.drop();
      }
    },
  };
};
