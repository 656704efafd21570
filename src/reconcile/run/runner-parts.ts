import type { Adapter, PlatformId } from "../../../contracts/adapter.ts";
import type { Database } from "../../database/database.ts";
import type { PlatformQuestions } from "../../resilience/platform-questions.ts";
import type { Sealer } from "../../security/sealing.ts";
import type { ReconcileSettings } from "../reconcile-settings.ts";

/** What the runner of reconciliations is made of. */
export interface RunnerParts {
  readonly database: Database;
  readonly tenant: string;
  /** Canonical code of the province: owner of what nobody here has. */
  readonly province: string;
  readonly sealer: Sealer;
  readonly settings: ReconcileSettings;
  readonly comparerOf: (platform: PlatformId) => Adapter["compare"];
  /** Absent: this process cannot ask the platform. */
  readonly questionsOf: (platform: PlatformId) => PlatformQuestions | undefined;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  /** Told after the commit that a platform has work. */
  readonly wake: (platform: PlatformId) => void;
}
