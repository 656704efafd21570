import type { CallContext, Reading } from "../../../../contracts/adapter.ts";
import type { KeepBytes } from "../../../../contracts/fetching.ts";
import {
  CONNECTOR_PATHS,
  type ListRequest,
  type ReceiptRow,
} from "../../../../contracts/platforms/national-portal/connector-v1.ts";
import { done } from "../../client.ts";
import type { Dialect } from "../../dialect.ts";
import { downloadFile } from "../../download.ts";
import { inSession } from "../../session.ts";
import { CONNECTOR_ANSWER } from "./connector-answers.ts";
import { authorized, type Line, post } from "./connector-line.ts";
import { LIST_ANSWER, readNewRows } from "./list-answer.ts";

const download = (
  { config, keeper }: Line,
  file: { readonly code: string; readonly id: string },
  keep: KeepBytes,
  call: CallContext,
): Promise<Reading<null>> =>
  inSession(keeper, call, (session) => {
    const path = `${CONNECTOR_PATHS.download}${encodeURIComponent(file.id)}`;
    const wanted = {
      url: `${config.url}${path}?maHoSo=${encodeURIComponent(file.code)}`,
      headers: authorized(session, call),
      evidence: JSON.stringify({ IdGiayTo: file.id, maHoSo: file.code }),
      form: CONNECTOR_ANSWER,
      secrets: [session.token],
    };
    return downloadFile(wanted, keep, call);
  });

/** Dossiers that were filed at the portal: listed, their files downloaded, their arrival acknowledged (np 1.3). */
export const openConnectorFetching = (line: Line): NonNullable<NonNullable<Dialect["fetching"]>["dossiers"]> => ({
  list: (call) => {
    const request: ListRequest = { TrangThaiHoSo: "", MaTTHC: "", HinhThucTiepNhan: "" };
    const body = JSON.stringify(request);
    const form = LIST_ANSWER;
    return post(line, { path: CONNECTOR_PATHS.list, body, kind: "read", form, read: readNewRows }, call);
  },
  download: (file, keep, call) => download(line, file, keep, call),
  acknowledge: (MaHoSo, call) => {
    const rows: ReceiptRow[] = [{ MaHoSo, TrangThaiNhanHoSo: 1 }];
    return post(line, { path: CONNECTOR_PATHS.receipt, body: JSON.stringify(rows), read: done }, call);
  },
});
