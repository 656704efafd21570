import { type Context, Hono } from "hono";
import {
  type DanhSachGiayTo,
  type GiayToCaNhan,
  PAPERS_CHANNELS,
  PAPERS_LOGIN_PATH,
  type PapersEnvelope,
  type TepGiayTo,
} from "../../contracts/platforms/national-portal/personal-papers.ts";
import { type Answer, type AnswerStyle, accepted, refused } from "./answer.ts";
import { isJson, type Json } from "./checks.ts";
import { type FaceContext, performCall } from "./perform-call.ts";
import { type Refusal, refuse } from "./refusals.ts";
import { createSessions } from "./sessions.ts";
import type { SpoiltFace } from "./spoil.ts";

/** One file of a paper: its base64 as it will be sent, right or wrong, or `size` bytes that begin as a PDF does. */
interface HeldPaperFile {
  readonly TenTep: string;
  readonly DuongDan: string;
  readonly base64?: string;
  readonly size?: number;
}

/** A paper of a citizen as the store holds it. */
export interface HeldPaper extends Omit<GiayToCaNhan, "DanhSachTepDinhKem"> {
  /** Whose it is: the number it is found under. */
  readonly owner: string;
  readonly files: readonly HeldPaperFile[];
}

/** The papers of citizens. */
export interface HeldPapers {
  add(paper: HeldPaper): void;
  of(owner: string): readonly HeldPaper[];
  file(agency: string, path: string): HeldPaperFile | undefined;
  clear(): void;
}

/** An empty store. */
export const createHeldPapers = (): HeldPapers => {
  let all: HeldPaper[] = [];
  return {
    add: (paper) => {
      all.push(paper);
    },
    of: (owner) => all.filter((paper) => paper.owner === owner),
    file: (agency, path) =>
      all
        .filter(({ CoQuanChuQuan }) => CoQuanChuQuan === agency)
        .flatMap(({ files }) => files)
        .find(({ DuongDan }) => DuongDan === path),
    clear: () => {
      all = [];
    },
  };
};

const areTexts = (row: Json, names: readonly string[]): boolean => names.every((name) => typeof row[name] === "string");

const isFile = (given: unknown): boolean => isJson(given) && areTexts(given, ["TenTep", "DuongDan"]);

const isPaper = (given: unknown): given is HeldPaper =>
  isJson(given) &&
  areTexts(given, ["owner", "MaKetQua", "TenGiayTo", "SoKyHieu", "CoQuanChuQuan"]) &&
  Array.isArray(given["files"]) &&
  given["files"].every(isFile);

/** Reads a list of papers from outside. */
export const arePapers = (given: unknown): given is readonly HeldPaper[] =>
  Array.isArray(given) && given.every(isPaper);

/** The store's answers: `errorCode` in camel case (np 2.5). */
const PAPERS_FACE: SpoiltFace = {
  refusal: (code, message) => JSON.stringify({ errorCode: code, message }),
  deadSessionStatus: 200,
};

const writeAnswer = ({ code, message, session, result }: Answer, { errorCode }: AnswerStyle): string => {
  // A file is base64 as a JSON text, without an envelope.
  if (typeof result === "string") return JSON.stringify(result);
  const envelope: PapersEnvelope = {
    errorCode: errorCode === "number" ? Number(code) : errorCode === "two-zeros" && code === "0" ? "00" : code,
    message,
    ...(session !== undefined && { session }),
    signature: "",
    ...(result !== undefined && { result: result as NonNullable<PapersEnvelope["result"]> }),
  };
  return JSON.stringify(envelope);
};

type Serve = (body: Json) => Answer | Refusal;

const REQUIRED = ["HoTenNguoiYeuCau", "SoDinhDanhNguoiYeuCau", "MaThuTuc"] as const;

/** Why a list cannot be asked for so, or undefined. */
const listRefusal = (body: Json): Refusal | undefined => {
  const missing = REQUIRED.find((name) => typeof body[name] !== "string" || body[name] === "");
  if (missing !== undefined) return refuse("required", missing);
  if (!Object.values(PAPERS_CHANNELS).includes(body["KenhThucHien"] as "1")) return refuse("channel");
  if (!/^\d{12}$/u.test(String(body["SoDinhDanhChuSoHuu"]))) return refuse("owner");
  const wanted = body["DanhSachDanhMucKetQua"];
  const isList = Array.isArray(wanted) && wanted.every((row) => isJson(row) && areTexts(row, ["MaKetQua", "SoKyHieu"]));
  return isList ? undefined : refuse("notList", "DanhSachDanhMucKetQua");
};

const isWanted = ({ MaKetQua, SoKyHieu }: HeldPaper, wanted: DanhSachGiayTo["DanhSachDanhMucKetQua"]): boolean =>
  wanted.length === 0 ||
  wanted.some((one) => one.MaKetQua === MaKetQua && (one.SoKyHieu === "" || one.SoKyHieu === SoKyHieu));

const rowOf = ({ MaKetQua, TenGiayTo, SoKyHieu, CoQuanChuQuan, files }: HeldPaper): GiayToCaNhan => ({
  MaKetQua,
  TenGiayTo,
  SoKyHieu,
  CoQuanChuQuan,
  DanhSachTepDinhKem: files.map(({ TenTep, DuongDan }) => ({ TenTep, DuongDan })),
});

const list =
  (papers: HeldPapers): Serve =>
  (body) => {
    const refusal = listRefusal(body);
    if (refusal !== undefined) return refusal;
    // Checked field by field above.
    const { SoDinhDanhChuSoHuu, DanhSachDanhMucKetQua } = body as unknown as DanhSachGiayTo;
    const found = papers.of(SoDinhDanhChuSoHuu).filter((paper) => isWanted(paper, DanhSachDanhMucKetQua));
    return accepted("Thành công", { result: { DanhSachGiayToKetQua: found.map(rowOf) } });
  };

const PDF = "%PDF-1.7\n";

const file =
  (papers: HeldPapers): Serve =>
  (body) => {
    const { CoQuanChuQuan, DuongDan }: Partial<Record<keyof TepGiayTo, unknown>> = body;
    if (typeof CoQuanChuQuan !== "string" || CoQuanChuQuan === "") return refuse("required", "CoQuanChuQuan");
    if (typeof DuongDan !== "string" || DuongDan === "") return refuse("required", "DuongDan");
    const held = papers.file(CoQuanChuQuan, DuongDan);
    if (held === undefined) return refuse("noFile", DuongDan);
    const bytes = () => Buffer.alloc(held.size ?? 0).fill(PDF, 0, PDF.length);
    return accepted("", { result: held.base64 ?? bytes().toString("base64") });
  };

/** The national store of personal papers (np 2.5), behind the portal's own door: one `dstcode`, and its own `providerurl`. */
export const createPersonalPapers = (given: FaceContext, papers: HeldPapers): Hono => {
  const { settings } = given;
  const sessions = createSessions({ ...settings, lifeMs: settings.sessionLifeMs });
  const context: FaceContext = { ...given, sessions };

  const logIn: Serve = (body) =>
    body["username"] === settings.papersUsername && body["password"] === settings.papersPassword
      ? accepted("Thành công", { session: sessions.open() })
      : refuse("credentials");

  const serve = (c: Context, body: unknown, { needsSession, act }: { needsSession: boolean; act: Serve }) => {
    const destination = c.req.header("dstcode") ?? c.req.query("dstcode") ?? "";
    if (settings.dstcode !== "" && destination !== settings.dstcode) return refuse("destination", destination);
    const provider = c.req.query("providerurl") ?? "";
    if (provider !== settings.papersProviderUrl) return refuse("provider", provider);
    if (!/^application\/json\b/iu.test(c.req.header("content-type") ?? "")) return refuse("contentType");
    if (!isJson(body)) return refuse("notJson");
    if (needsSession && !sessions.isAlive(body["session"])) return refuse("session");
    return act(body);
  };

  const app = new Hono();
  const face = (path: string, service: string, row: { needsSession: boolean; act: Serve }): void => {
    for (const base of new Set(["", settings.prefix])) {
      app.post(`${base}${path}`, async (c) => {
        const body: unknown = await c.req.json().catch(() => undefined);
        const answer = (): Answer => {
          const said = serve(c, body, row);
          return "refused" in said ? refused(said) : said;
        };
        const call = { service, subject: "", inOrder: false, answer, write: writeAnswer, face: PAPERS_FACE };
        return performCall(call, context);
      });
    }
  };
  face(PAPERS_LOGIN_PATH, "papers-login", { needsSession: false, act: logIn });
  face(settings.papersListPath, "papers", { needsSession: true, act: list(papers) });
  face(settings.papersFilePath, "paper-file", { needsSession: true, act: file(papers) });
  return app;
};
