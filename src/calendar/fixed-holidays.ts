/**
 * The solar holidays that fall on the same date every year by the present rule (Labour Code 2019, article 112). Tết
 * and the Hùng Kings' day move (moving-holidays.ts); the second day of the National Day and swapped days are data.
 */
export const FIXED_HOLIDAYS = [
  { monthDay: "01-01", name: "Tết Dương lịch" },
  { monthDay: "04-30", name: "Ngày Chiến thắng" },
  { monthDay: "05-01", name: "Ngày Quốc tế lao động" },
  { monthDay: "09-02", name: "Quốc khánh" },
] as const;
