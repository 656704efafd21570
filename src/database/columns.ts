import { customType, timestamp } from "drizzle-orm/pg-core";

/** Sealed bytes (AES-256-GCM under `LEDGER_KEYS`): the only columns that hold personal data. */
export const sealed = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });

/** SHA-256 of bytes that are kept no more: what proves a copy of them that somebody else kept. */
export const digest = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });

/** A moment, kept with its zone; the database's clock unless said otherwise. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
