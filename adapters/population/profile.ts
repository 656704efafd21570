import type { CallContext, HttpAnswer, HttpRequest, Reading } from "../../contracts/adapter.ts";
import type { TraCuuThongTinCongDan } from "../../contracts/platforms/population/wire.ts";
import type { WireObject } from "./map.ts";

/** One question ready to be sent, and how its answer is read. */
export interface PreparedCall {
  readonly request: HttpRequest;
  readonly read: (answer: HttpAnswer) => Reading<WireObject | null>;
}

/** One wire dialect: how it asks, and how it reads. */
export interface Dialect {
  /** Writes and signs one question, for one sending. A fault when what signs it cannot be had. */
  prepare(question: TraCuuThongTinCongDan, call: CallContext): Promise<Reading<PreparedCall>>;
  /** Absent (default): no token that can die. Forgets it; the question is then asked once more. */
  readonly renew?: () => void;
}
