import type { BusinessStatus } from "../../contracts/registries.ts";

/** A name as it is compared: without accents, case, or what stands between words. */
const folded = (name: string): string =>
  name
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[đĐ]/gu, "d")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, " ")
    .trim();

/** Only the very words: what begins so may go on with "but not any more". */
const ACTIVE: ReadonlySet<string> = new Set(["dang hoat dong", "hoat dong"]);

/**
 * The beginnings of the other names of Decree 168/2025 Art. 35 and their short forms (registries section 2.8). The first
 * that fits counts; number 5 names dissolving and merging in one, number 7 all ways of having ended.
 */
const BEGINNINGS: readonly (readonly [beginning: string, status: BusinessStatus])[] = [
  ["tam ngung kinh doanh", "suspended"],
  ["tam ngung hoat dong", "suspended"],
  ["dang tam ngung", "suspended"],
  ["tam ngung", "suspended"],
  ["khong hoat dong tai dia chi", "not-at-address"],
  ["khong con hoat dong tai dia chi", "not-at-address"],
  ["bi thu hoi", "revoked"],
  ["da bi thu hoi", "revoked"],
  ["dang lam thu tuc giai the", "dissolving"],
  ["dang giai the", "dissolving"],
  ["bi chia", "merged"],
  ["da bi chia", "merged"],
  ["bi hop nhat", "merged"],
  ["da bi hop nhat", "merged"],
  ["bi sap nhap", "merged"],
  ["da bi sap nhap", "merged"],
  ["da sap nhap", "merged"],
  ["dang lam thu tuc pha san", "bankrupt"],
  ["da pha san", "bankrupt"],
  ["da giai the", "dissolved"],
  ["da cham dut", "dissolved"],
  ["cham dut ton tai", "dissolved"],
  ["cham dut hoat dong", "dissolved"],
];

/** How a business stands, by the name of its status: codes are not known (registries section 2.8). */
export const statusOf = (name: string | undefined): BusinessStatus => {
  const words = folded(name ?? "");
  if (ACTIVE.has(words)) return "active";
  return BEGINNINGS.find(([beginning]) => words === beginning || words.startsWith(`${beginning} `))?.[1] ?? "unknown";
};

/** The same of several names at once: a business is active only when all say so; where the others differ, nobody knows. */
export const statusOfAll = (names: readonly string[]): BusinessStatus => {
  const statuses = new Set(names.map(statusOf));
  if (statuses.size > 1) statuses.delete("active");
  const [status = "unknown"] = statuses;
  return statuses.size === 1 ? status : "unknown";
};
