import type { ProcedureFacts } from "./catalogue.ts";

/** A small store of public answers shared by all processes, such as the portal's procedure catalogue. */
export interface PlatformCache {
  /** The stored value with its age, or null. */
  get(key: string): Promise<{ readonly value: unknown; readonly ageSeconds: number } | null>;
  put(key: string, value: unknown): Promise<void>;
  /** As the mirrored catalogue had it at a moment (ISO 8601), or null. Absent: nothing is mirrored. */
  procedure?(code: string, at: string): Promise<ProcedureFacts | null>;
}
