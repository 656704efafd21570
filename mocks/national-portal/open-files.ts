import type { PortalState } from "./state.ts";

/** The part of `fetch` that is used. */
export type FetchFile = (url: string, init: RequestInit) => Promise<Response>;

/** How one file fared that the portal was told of. */
interface OpenedFile {
  readonly MaHoSo: string;
  /** The field that held the address. */
  readonly field: "DuongDanTaiTepTin" | "DuongDanTepTinKetQua";
  readonly url: string;
  /** HTTP status of the whole; 0: no answer at all, or one that broke off. */
  readonly status: number;
  readonly type?: string;
  readonly bytes?: number;
  /** Lower-case hexadecimal SHA-256 of the bytes. */
  readonly sha256?: string;
  /** Whether a part from the middle was the same bytes, answered as a part. */
  readonly rangeAgrees?: boolean;
}

/** A file server that hangs must not hang the portal. */
const DEADLINE_MS = 30_000;

const hex = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

type Address = Pick<OpenedFile, "MaHoSo" | "field" | "url">;

/** What the dossiers born here were given last (np 2.3, `TaiLieuXuLy[]`); a status without any says nothing of them. */
const papersOfPortalBorn = ({ portalDossiers }: PortalState): Address[] =>
  [...portalDossiers.values()].flatMap(({ MaHoSo, statuses }) => {
    const given = statuses.map(({ data }) => data.TaiLieuXuLy ?? []).filter((papers) => papers.length > 0);
    return (given.at(-1) ?? [])
      .filter(({ IsDeleted }) => IsDeleted !== "True")
      .map((file) => ({ MaHoSo, field: "DuongDanTaiTepTin" as const, url: file.DuongDanTaiTepTin }));
  });

/** Every address of a file that the portal holds and that is not marked as deleted (np 2.2). */
const addressesOf = ({ dossiers }: PortalState): Address[] =>
  [...dossiers.values()].flatMap(({ MaHoSo, hoSo }) => [
    ...[...hoSo.TaiLieuNop, ...hoSo.DanhSachHoSoBoSung.flatMap((round) => round.DanhSachGiayToBoSung ?? [])]
      .filter(({ IsDeleted }) => IsDeleted !== "True")
      .map((file) => ({ MaHoSo, field: "DuongDanTaiTepTin" as const, url: file.DuongDanTaiTepTin })),
    ...hoSo.DanhSachGiayToKetQua.map((paper) => ({
      MaHoSo,
      field: "DuongDanTepTinKetQua" as const,
      url: paper.DuongDanTepTinKetQua,
    })),
  ]);

const agrees = async (url: string, whole: Uint8Array, fetch: FetchFile): Promise<boolean> => {
  const [first, last] = [Math.floor(whole.length / 3), Math.floor((whole.length * 2) / 3)];
  const headers = { range: `bytes=${first}-${last}` };
  const answer = await fetch(url, { headers, redirect: "manual", signal: AbortSignal.timeout(DEADLINE_MS) });
  const part = new Uint8Array(await answer.arrayBuffer());
  const said = answer.headers.get("content-range") === `bytes ${first}-${last}/${whole.length}`;
  return answer.status === 206 && said && part.every((byte, index) => byte === whole[first + index]);
};

const openOne = async (url: string, fetch: FetchFile): Promise<Omit<OpenedFile, "MaHoSo" | "field" | "url">> => {
  try {
    const answer = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(DEADLINE_MS) });
    const body = await answer.arrayBuffer();
    if (answer.status !== 200) return { status: answer.status };
    const bytes = new Uint8Array(body);
    return {
      status: 200,
      type: answer.headers.get("content-type") ?? "",
      bytes: bytes.length,
      sha256: hex(await crypto.subtle.digest("SHA-256", body)),
      ...(bytes.length > 0 && { rangeAgrees: await agrees(url, bytes, fetch) }),
    };
  } catch {
    return { status: 0 };
  }
};

/** Opens every file that the portal was told of, one after the other, whole and by a part. */
export const openFiles = async (state: PortalState, fetch: FetchFile): Promise<OpenedFile[]> => {
  const opened: OpenedFile[] = [];
  const places = [...addressesOf(state), ...papersOfPortalBorn(state)];
  for (const place of places) opened.push({ ...place, ...(await openOne(place.url, fetch)) });
  return opened;
};
