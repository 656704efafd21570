import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FoundPapers } from "../../contracts/services/papers.ts";
import type { HeldPaper } from "../../mocks/national-portal/personal-papers.ts";
import { PORTAL_DEFAULTS } from "../../mocks/national-portal/settings.ts";
import type { Problem } from "../../src/http/problem.ts";
import { dossierBody } from "../gateway-scene.ts";
import { codeOf } from "../http/api-scene.ts";
import { openLookUpScene } from "./look-up-scene.ts";

/** Whose paper it is, by a number and a name that occur nowhere else. */
export const OWNER = "099203718293";
export const MARK = "Quách Thị Tường Vi";
export const PDF = Buffer.from("%PDF-1.7\nmột giấy phép\n");
export const MEBIBYTE = 1024 * 1024;

/** A paper of the owner. */
export const PAPER: HeldPaper = {
  owner: OWNER,
  MaKetQua: `${OWNER}.KQ.G07.000122`,
  TenGiayTo: `Giấy phép của ${MARK}`,
  SoKyHieu: "12/GP-SCT",
  CoQuanChuQuan: "000.00.00.G07",
  files: [{ TenTep: `${MARK}.pdf`, DuongDan: "/kho/giay-phep-1", base64: PDF.toString("base64") }],
};

/** How the gateway reaches the simulated store. */
export const PAPERS_SETTINGS = {
  NATIONAL_PORTAL_PAPERS_LIST_PATH: PORTAL_DEFAULTS.papersListPath,
  NATIONAL_PORTAL_PAPERS_FILE_PATH: PORTAL_DEFAULTS.papersFilePath,
  NATIONAL_PORTAL_PAPERS_USERNAME: PORTAL_DEFAULTS.papersUsername,
  NATIONAL_PORTAL_PAPERS_PASSWORD: PORTAL_DEFAULTS.papersPassword,
};

/** Tests of faults follow one another fast: the breaker is not what they are about. */
const PATIENT = { NATIONAL_PORTAL_BREAKER_ERROR_PERCENT: "100" };

/** For which dossier, and why. */
export const REASON = { dossierCode: codeOf(1), procedureCode: "2.000591", purpose: "processing-verification" };

type Parts = Readonly<Record<string, unknown>>;

/** A gateway before the simulated store, that keeps files of at most a mebibyte; two dossiers are there, the second others'. */
export const openPapersScene = async () => {
  let ahead = 0;
  const folder = await mkdtemp(join(tmpdir(), "papers-"));
  const settings = { ...PAPERS_SETTINGS, DATA_DIR: folder, FILE_MAX_BYTES: String(MEBIBYTE), ...PATIENT };
  const scene = await openLookUpScene({ settings, now: () => new Date(Date.now() + ahead) });
  const { portal } = scene;
  await scene.call("PUT", `/v1/dossiers/${codeOf(1)}`, dossierBody());
  await scene.call("PUT", `/v1/dossiers/${codeOf(2)}`, dossierBody(), { client: "health" });

  /** Asks as an officer. */
  const find = async <Body = FoundPapers>(parts: Parts = {}, officer: Parts = {}) => {
    const token = await scene.officer(officer);
    return scene.call<Body>("POST", "/v1/citizens/papers", { ...REASON, personalId: OWNER, ...parts }, { token });
  };
  const fetchFile = async <Body = Problem>(id: string, parts: Parts = {}, officer: Parts = {}) => {
    const token = await scene.officer(officer);
    return scene.call<Body>("POST", "/v1/citizens/papers/files", { ...REASON, id, ...parts }, { token });
  };
  return {
    ...scene,
    find,
    fetchFile,
    /** The id of a paper's first file. */
    foundId: async (paper: HeldPaper = PAPER, officer: Parts = {}): Promise<string> => {
      portal.papers.add(paper);
      return (await find({}, officer)).body.items[0]?.files[0]?.id ?? "";
    },
    /** How often the store was asked and answered. */
    asked: () => portal.calls.count("ok", "papers") + portal.calls.count("ok", "paper-file"),
    /** Files in the gateway's own store. */
    stored: async (): Promise<number> => {
      const names = await readdir(join(folder, "files"), { recursive: true }).catch(() => []);
      return names.filter((name) => name.includes("file_")).length;
    },
    /** Moves the gateway's clock on. */
    pass: (ms: number): void => {
      ahead += ms;
    },
    /** Forgets papers, faults and time passed. */
    reset: (): void => {
      ahead = 0;
      portal.dial.clear();
      portal.papers.clear();
    },
    close: async (): Promise<void> => {
      await scene.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** Such a gateway. */
export type PapersScene = Awaited<ReturnType<typeof openPapersScene>>;
