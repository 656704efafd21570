import type { BusinessKind } from "../registries.ts";
import { enterpriseCodeFault, type Fault } from "./identity-number.ts";

// The number of a registration before tax codes took its place: province, district letter, type, sequence (registries 3.4).
const OLD_REGISTRATION = /^\d{2}[A-Z]\d{7}$/u;

/**
 * What is wrong with the code of a business, or null. Households and cooperatives may still be known by the number of an
 * old registration; a household also by its owner's personal id, which is then personal data (registries section 3.4).
 */
export const businessCodeFault = (kind: BusinessKind, code: string): Fault =>
  kind !== "enterprise" && OLD_REGISTRATION.test(code) ? null : enterpriseCodeFault(code);
