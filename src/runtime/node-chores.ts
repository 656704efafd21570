import type { SendMail } from "../alarms/alarm-mail.ts";
import type { ChangedAlarm } from "../alarms/evaluate-alarms.ts";
import { faultFields, type Log } from "../log.ts";
import type { Chores } from "../operator-desks.ts";
import type { MirrorStep } from "../procedures/open-procedures.ts";

/** How long to rest when no replay has work. */
const REPLAY_REST_MS = 300;
/** How often to ask whether the alarms are due; the round itself is fixed for the whole deployment. */
const ALARM_REST_MS = 10_000;
/** How often to look for alarms to mail; they are gathered for up to a minute anyway. */
const MAIL_REST_MS = 5000;
/** How often to look for months to open. */
const MONTHS_REST_MS = 3_600_000;
/** How often the ledger's books are balanced, and how long retention rests when it has nothing to do. */
const HISTORY_REST_MS = 60_000;

/** How often to number events that nobody reads: readers number for themselves, this keeps them from having much to do. */
const NUMBER_REST_MS = 2000;

/** How often to look for files that were just sent. */
const FILES_REST_MS = 2000;

/** How often to look for payments that are to be asked about. */
const PAYMENTS_REST_MS = 500;

/** How long to rest when no import has work, or its pace wants it: short, since what is let through at once is in the way of desks at once. */
const IMPORT_REST_MS = 100;

/** The chores of this process. */
export interface NodeChores {
  /** Ends after the piece of work in hand. */
  stop(): Promise<void>;
}

/** Does a chore over and over until stopped: at once again while it works, else after a rest. A failure is logged and rested upon. */
const repeat = (log: Log, name: string, restMs: number, chore: () => Promise<boolean>) => {
  let stopping = false;
  let rouse: (() => void) | undefined;
  const rest = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, restMs);
      rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const once = async (): Promise<boolean> => {
    try {
      return await chore();
    } catch (error) {
      log.error({ chore: name, ...faultFields(error) }, "a chore failed");
      return false;
    }
  };
  const run = async (): Promise<void> => {
    while (!stopping) {
      if (!(await once()) && !stopping) await rest();
    }
  };
  const done = run();
  return async (): Promise<void> => {
    stopping = true;
    rouse?.();
    await done;
  };
};

/** How often to look whether a platform is to be asked. */
const ASKING_REST_MS = 1000;

/** Asks a platform for its catalogue, or for what it has for us, until stopped: a question in hand is given up, and asked again by whoever goes on. */
export const startAsking = (name: "catalogue" | "fetching", step: MirrorStep, log: Log): NodeChores => {
  const ending = new AbortController();
  const stop = repeat(log, name, ASKING_REST_MS, () => step(ending.signal));
  return {
    stop: () => {
      ending.abort();
      return stop();
    },
  };
};

/** Longer than any step that is not held up by the database itself. */
const LONGEST_TURN_MS = 1000;

/** Works and rests in turn: the chore has half of the time at most, also where a busy machine makes its steps slow. */
const inTurns = (chore: () => Promise<boolean>) => async (): Promise<boolean> => {
  const begun = performance.now();
  const worked = await chore();
  const ms = Math.min(performance.now() - begun, LONGEST_TURN_MS);
  if (worked) await new Promise((resolve) => setTimeout(resolve, ms));
  return worked;
};

const logAlarms = (log: Log, words: string, alarms: readonly ChangedAlarm[]): void => {
  for (const { kind, severity, subject } of alarms) log.warn({ alarm: kind, severity, subject }, words);
};

/** What the mail server answered is a number; its words may name mailboxes and stay out. */
const answerCode = (error: unknown): number | undefined => {
  const code = error instanceof Error && "responseCode" in error ? error.responseCode : undefined;
  return typeof code === "number" ? code : undefined;
};

/** Mails what is due. @returns whether there may be more at once. */
const mailOnce = async (chores: Chores, send: SendMail, log: Log): Promise<boolean> => {
  const round = await chores.mailAlarms(send);
  if (round === null) return false;
  if (round.gaveUp > 0) log.error({ alarms: round.gaveUp }, "alarms were not mailed for three days: given up");
  if (round.kind === "failed") {
    const { notices, error } = round;
    log.warn({ notices, answer: answerCode(error), ...faultFields(error) }, "alarms could not be mailed, tried again");
  }
  if (round.kind !== "sent") return false;
  log.info({ notices: round.notices }, "alarms mailed");
  if (round.refused > 0) log.warn({ recipients: round.refused }, "the mail server refused some recipients of alarms");
  return true;
};

/** The ledger's own affairs: the months ahead, the balance of its books, what is past its time. */
const startHistory = ({ history }: Chores, log: Log) => [
  repeat(log, "months", MONTHS_REST_MS, async () => {
    await history.openMonths();
    return false;
  }),
  repeat(log, "books", HISTORY_REST_MS, async () => {
    for (const imbalance of await history.balance()) log.error(imbalance, "the ledger's books do not balance");
    return false;
  }),
  repeat(log, "retention", HISTORY_REST_MS, () => history.step()),
];

/** Starts the replays' runner, the evaluation of alarms and, with `send`, their mails. */
export const startChores = (chores: Chores, log: Log, send?: SendMail): NodeChores => {
  const stops = [
    ...(send === undefined ? [] : [repeat(log, "alarm mail", MAIL_REST_MS, () => mailOnce(chores, send, log))]),
    ...startHistory(chores, log),
    repeat(log, "replays", REPLAY_REST_MS, () => chores.stepReplay()),
    repeat(log, "files", FILES_REST_MS, () => chores.checkFiles()),
    repeat(
      log,
      "imports",
      IMPORT_REST_MS,
      inTurns(() => chores.stepImport()),
    ),
    repeat(log, "inbound leftovers", MONTHS_REST_MS, async () => (await chores.eraseInbound()) > 0),
    repeat(log, "reconciliation", REPLAY_REST_MS, () => chores.stepReconciliation()),
    repeat(log, "payments", PAYMENTS_REST_MS, () => chores.stepPayments()),
    repeat(log, "reconciliation lists", HISTORY_REST_MS, () => chores.cleanReconciliations()),
    repeat(log, "import leftovers", HISTORY_REST_MS, () => chores.cleanImports()),
    repeat(log, "inbox", NUMBER_REST_MS, async () => {
      await chores.numberEvents();
      return false;
    }),
    repeat(log, "alarms", ALARM_REST_MS, async () => {
      const changes = await chores.evaluateAlarms();
      logAlarms(log, "alarm raised", changes?.raised ?? []);
      logAlarms(log, "alarm cleared", changes?.cleared ?? []);
      return false;
    }),
  ];
  return {
    stop: async () => {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
};
