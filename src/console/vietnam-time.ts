/** Vietnam keeps one offset all year: no table of zones is needed, on any runtime. */
const OFFSET_MS = 7 * 3600 * 1000;

/** A moment in ISO 8601 as `dd/MM/yyyy HH:mm:ss` on a clock in Vietnam. */
export const vietnamTime = (moment: string): string => {
  const shifted = new Date(Date.parse(moment) + OFFSET_MS).toISOString();
  const [year, month, day] = shifted.slice(0, 10).split("-");
  return `${day}/${month}/${year} ${shifted.slice(11, 19)}`;
};
