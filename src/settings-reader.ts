import type { Settings } from "../contracts/adapter.ts";
import type { SettingReading } from "./security/setting-reading.ts";

/** Reads settings one by one and gathers every fault. A faulty setting gives its fallback, so that reading goes on. */
export interface SettingsReader {
  readonly settings: Settings;
  readonly faults: readonly string[];
  fault(text: string): void;
  /** The setting, or undefined when it is absent or empty. */
  text(name: string): string | undefined;
  /** The setting, or a fault that says what it is for. */
  required(name: string, meaning: string): string;
  integer(name: string, fallback: number, min: number, max: number): number;
  oneOf<V extends string>(name: string, values: readonly V[], fallback: V): V;
  /** An absolute http or https address. */
  address(name: string): string | undefined;
  /** The value of a reading made elsewhere, or its faults. */
  take<T>(reading: SettingReading<T>): T | undefined;
}

/** A reader over one set of settings. */
export const createSettingsReader = (settings: Settings): SettingsReader => {
  const faults: string[] = [];
  const fault = (text: string): void => {
    faults.push(text);
  };
  const text = (name: string): string | undefined => settings[name] || undefined;
  return {
    settings,
    faults,
    fault,
    text,
    required: (name, meaning) => {
      const value = text(name);
      if (value === undefined) fault(`${name} is missing: ${meaning}`);
      return value ?? "";
    },
    integer: (name, fallback, min, max) => {
      const value = text(name);
      if (value === undefined) return fallback;
      const number = Number(value);
      if (/^\d+$/u.test(value) && number >= min && number <= max) return number;
      fault(`${name} is not a whole number from ${min} to ${max}`);
      return fallback;
    },
    oneOf: (name, values, fallback) => {
      const value = text(name);
      if (value === undefined) return fallback;
      const found = values.find((candidate) => candidate === value);
      if (found === undefined) fault(`${name} is not one of ${values.join(", ")}`);
      return found ?? fallback;
    },
    address: (name) => {
      const value = text(name);
      if (value === undefined || (URL.canParse(value) && /^https?:$/u.test(new URL(value).protocol))) return value;
      fault(`${name} is not an http or https address`);
      return undefined;
    },
    take: (reading) => {
      if (reading.ok) return reading.value;
      faults.push(...reading.faults);
      return undefined;
    },
  };
};
