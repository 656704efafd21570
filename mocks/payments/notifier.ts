import type { PaymentDial } from "./dial.ts";
import type { Held } from "./till.ts";

/** A report, ready to be sent. */
export interface Report {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly contentType?: string;
  readonly body?: string;
}

/** What may be wrong about a report although it is sent. */
export interface ReportFaults {
  /** Sign with something else than the secret. */
  readonly misSigned: boolean;
  /** Instead of what was paid, in VND. */
  readonly amount?: number;
}

/** One report as it was sent, and what came back. */
export interface SentReport {
  readonly reference: string;
  readonly url: string;
  readonly body: string;
  /** 0: nobody answered. */
  readonly status: number;
  readonly answer: string;
}

/** How a platform tells the province. */
export interface Notifier {
  readonly sent: readonly SentReport[];
  readonly held: number;
  /** Reports how a transaction stands, as the dial allows. Resolves when the province has answered. */
  notify(held: Held): Promise<void>;
  /** Sends what is held, in the order it came or the other way round; then what was not taken, again where `again`. */
  release(order: "first" | "last", again: boolean): Promise<number>;
  clear(): void;
}

/** What a notifier needs of its platform. */
export interface NotifierParts {
  readonly dial: PaymentDial;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Null: no address to report to is known. */
  report(held: Held, faults: ReportFaults): Promise<Report | null>;
  /** Whether the province took a report, so that it need not come again. */
  isTaken(answer: string): boolean;
}

const LONGEST_ANSWER = 10_000;
const REMEMBERED = 1000;

/** Makes the notifier of a platform. */
export const createNotifier = ({ dial, fetch, report, isTaken }: NotifierParts): Notifier => {
  let sent: SentReport[] = [];
  let waiting: { readonly reference: string; readonly report: Report }[] = [];
  let refused: typeof waiting = [];

  const send = async (each: (typeof waiting)[number]): Promise<void> => {
    const { method, url, body, contentType } = each.report;
    const headers = contentType === undefined ? {} : { "content-type": contentType };
    let [status, answer] = [0, ""];
    try {
      const response = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
      [status, answer] = [response.status, (await response.text()).slice(0, LONGEST_ANSWER)];
    } catch {
      // The province is away, which is what a lost report looks like.
    }
    sent = [...sent.slice(-REMEMBERED), { reference: each.reference, url, body: body ?? "", status, answer }];
    if (status !== 200 || !isTaken(answer)) refused.push(each);
  };

  return {
    get sent() {
      return sent;
    },
    get held() {
      return waiting.length;
    },
    notify: async (held) => {
      const rules = dial.acting("notify");
      const has = (fault: string) => rules.some((rule) => rule.fault === fault);
      if (has("lose")) return;
      const amount = rules.find((rule) => rule.fault === "wrong-amount")?.amount;
      const made = await report(held, { misSigned: has("mis-sign"), ...(amount !== undefined && { amount }) });
      if (made === null) return;
      const each = { reference: held.reference, report: made };
      const copies = has("double") ? [each, each] : [each];
      if (has("hold")) waiting.push(...copies);
      else for (const copy of copies) await send(copy);
    },
    release: async (order, again) => {
      const due = order === "last" ? waiting.toReversed() : waiting;
      const repeated = again ? refused : [];
      waiting = [];
      if (again) refused = [];
      for (const each of [...due, ...repeated]) await send(each);
      return due.length + repeated.length;
    },
    clear: () => {
      sent = [];
      waiting = [];
      refused = [];
    },
  };
};
