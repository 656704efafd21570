import { html } from "hono/html";
import { CHANNELS, DOSSIER_STATUSES, ORIGINS } from "../../../contracts/services/dossier.ts";
import {
  COUNT_KEYS,
  type CountKey,
  type DossierCounts,
  type DossierLine,
  SYNC_STATES,
} from "../../../contracts/services/dossier-views.ts";
import { CHANNEL_WORDS, DOSSIER_STATUS_WORDS, ORIGIN_WORDS, SYNC_WORDS } from "../../dossiers/export/dossier-words.ts";
import type { ConsoleSession } from "../console-session.ts";
import { type DossierQuery, dossiersPath } from "../dossier-query.ts";
import { listPath } from "../entry-query.ts";
import { DOSSIERS } from "../local-path.ts";
import { timeOf } from "./badges.ts";
import { layout, type Markup } from "./layout.ts";

/** What the page shows. */
export interface DossierList {
  readonly session: ConsoleSession;
  readonly filters: Omit<DossierQuery, "cursor">;
  readonly dossiers: readonly DossierLine[];
  readonly counts: DossierCounts;
  readonly by: CountKey;
  /** Null on the last page. */
  readonly nextPath: string | null;
  /** Null on the first page. */
  readonly firstPath: string | null;
}

const NUMBER = new Intl.NumberFormat("vi-VN");

const KEY_WORDS: Readonly<Record<CountKey, string>> = {
  origin: "Nguồn",
  procedure: "Thủ tục",
  unit: "Đơn vị xử lý",
  status: "Trạng thái",
  period: "Tháng tiếp nhận",
};

const select = <V extends string>(
  name: string,
  label: string,
  words: Readonly<Record<V, string>>,
  { values, chosen }: { readonly values: readonly V[]; readonly chosen: V | undefined },
): Markup => html`
          <label>${label}
            <select name="${name}">
              <option value="">Tất cả</option>
              ${values.map((value) => html`<option value="${value}" ${value === chosen && html`selected`}>${words[value]}</option>`)}
            </select></label>`;

const input = (name: string, label: string, value: string | undefined, type = "text"): Markup => html`
          <label>${label} <input type="${type}" name="${name}" value="${value ?? ""}" maxlength="500" autocomplete="off"></label>`;

const filterForm = ({ filters, by }: DossierList): Markup => html`
        <form class="filters" method="get" action="${DOSSIERS}" role="search">
          ${select("origin", "Nguồn", ORIGIN_WORDS, { values: ORIGINS, chosen: filters.origin })}
          ${select("status", "Trạng thái", DOSSIER_STATUS_WORDS, { values: DOSSIER_STATUSES, chosen: filters.status })}
          ${select("channel", "Kênh nộp", CHANNEL_WORDS, { values: CHANNELS, chosen: filters.channel })}
          ${select("sync", "Đồng bộ", SYNC_WORDS, { values: SYNC_STATES, chosen: filters.sync })}
          ${input("procedureCode", "Mã thủ tục", filters.procedureCode)}
          ${input("unit", "Đơn vị xử lý (mã hoặc tên)", filters.unit)}
          ${input("receivedFrom", "Tiếp nhận từ ngày", filters.receivedFrom, "date")}
          ${input("receivedTo", "Đến hết ngày", filters.receivedTo, "date")}
          ${input("q", "Mã hồ sơ, số biên nhận, số định danh hoặc tên", filters.q)}
          <label>Thống kê theo
            <select name="by">
              ${COUNT_KEYS.map((key) => html`<option value="${key}" ${key === by && html`selected`}>${KEY_WORDS[key]}</option>`)}
            </select></label>
          <span class="actions"><button type="submit">Lọc</button>
            <a class="button plain" href="${DOSSIERS}">Bỏ lọc</a></span>
        </form>`;

type CountItem = DossierCounts["items"][number];

/** The value of a key in words, and the filter that shows exactly what was counted. */
const countedAs = (
  key: CountKey,
  item: CountItem,
): { word: string; filter: Partial<DossierList["filters"]> | null } => {
  switch (key) {
    case "origin":
      return { word: item.origin ? ORIGIN_WORDS[item.origin] : "", filter: { origin: item.origin } };
    case "status":
      return { word: item.status ? DOSSIER_STATUS_WORDS[item.status] : "", filter: { status: item.status } };
    case "procedure":
      return { word: item.procedure ?? "", filter: { procedureCode: item.procedure } };
    case "unit":
      return { word: item.unit ?? "", filter: { unit: item.unit } };
    case "period":
      return { word: item.period?.split("-").toReversed().join("/") ?? "", filter: null };
  }
};

const countRow = ({ filters, by }: DossierList, item: CountItem): Markup => {
  const { word, filter } = countedAs(by, item);
  const shown = filter === null ? word : html`<a href="${dossiersPath({ ...filters, ...filter })}">${word}</a>`;
  return html`
            <tr role="row"><td role="cell">${shown}</td><td role="cell" class="number">${NUMBER.format(item.count)}</td></tr>`;
};

const statistics = (list: DossierList): Markup => html`
      <section class="card" aria-labelledby="counts">
        <h2 id="counts">Thống kê: ${NUMBER.format(list.counts.total)} hồ sơ</h2>
        <p class="quiet">Đếm các hồ sơ khớp bộ lọc, theo ngày tiếp nhận (giờ Việt Nam), chia theo ${KEY_WORDS[list.by].toLowerCase()}.</p>
        <table role="table" class="counts" aria-label="Số hồ sơ theo ${KEY_WORDS[list.by].toLowerCase()}">
          <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">${KEY_WORDS[list.by]}</th><th role="columnheader" scope="col">Số hồ sơ</th></tr></thead>
          <tbody role="rowgroup">${list.counts.items.map((item) => countRow(list, item))}
          </tbody>
        </table>
      </section>`;

const row = (line: DossierLine): Markup => html`
            <tr role="row">
              <td role="cell" class="code"><a href="${listPath({ dossierCode: line.code })}">${line.code}</a></td>
              <td role="cell" class="task">${line.procedureName ?? line.procedureCode}
                <span class="quiet block">${line.procedureCode}</span></td>
              <td role="cell" data-label="Chủ hồ sơ">${line.applicantName}</td>
              <td role="cell" data-label="Nguồn">${ORIGIN_WORDS[line.origin]}
                <span class="quiet block">${CHANNEL_WORDS[line.channel]}</span></td>
              <td role="cell" data-label="Trạng thái">${DOSSIER_STATUS_WORDS[line.status]}
                <span class="quiet block">${SYNC_WORDS[line.sync]}</span></td>
              <td role="cell" data-label="Đơn vị xử lý">${line.processingUnit.name}</td>
              <td role="cell" data-label="Tiếp nhận">${timeOf(line.receivedAt)}</td>
              <td role="cell" data-label="Hẹn trả">${line.dueAt !== undefined && timeOf(line.dueAt)}</td>
            </tr>`;

const HEADINGS = ["Mã hồ sơ", "Thủ tục", "Chủ hồ sơ", "Nguồn", "Trạng thái", "Đơn vị xử lý", "Tiếp nhận", "Hẹn trả"];

const table = (dossiers: readonly DossierLine[]): Markup => html`
        <table role="table" class="dossiers" aria-label="Hồ sơ, mới tiếp nhận trước">
          <thead role="rowgroup"><tr role="row">
            ${HEADINGS.map((heading) => html`<th role="columnheader" scope="col">${heading}</th>`)}
          </tr></thead>
          <tbody role="rowgroup">${dossiers.map(row)}
          </tbody>
        </table>`;

const downloads = ({ filters }: DossierList): Markup => {
  const { by: _, ...filter } = filters;
  const link = (format: string, word: string) =>
    html`<a class="button plain" href="${dossiersPath(filter, { below: "/export", format })}">${word}</a>`;
  return html`<p class="actions">${link("csv", "Tải CSV")} ${link("xlsx", "Tải Excel (XLSX)")}</p>`;
};

/** Dossiers by where they came from, with counts, and files of both. */
export const dossiersPage = (list: DossierList): Markup => {
  const { session, dossiers, nextPath, firstPath } = list;
  const body = html`
      <h1>Tra cứu hồ sơ</h1>
      <section class="card" aria-labelledby="search">
        <h2 id="search">Bộ lọc</h2>
        ${filterForm(list)}
      </section>
      ${statistics(list)}
      <section class="card" aria-labelledby="found">
        <h2 id="found">Hồ sơ</h2>
        ${downloads(list)}
        ${dossiers.length === 0 ? html`<p class="empty">Không có hồ sơ nào khớp.</p>` : table(dossiers)}
        <nav class="pages" aria-label="Trang">
          ${firstPath !== null && html`<a class="button plain" href="${firstPath}">Về trang đầu</a>`}
          ${nextPath !== null && html`<a class="button plain" rel="next" href="${nextPath}">Trang sau</a>`}
        </nav>
      </section>`;
  return layout({ title: "Tra cứu hồ sơ", session, body });
};
