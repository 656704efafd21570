/** Family names with their shares, in percent: about as frequent as they are, for a search by a common word has to be fast too. */
const FAMILIES: Readonly<Record<string, number>> = {
  Nguyễn: 38,
  Trần: 11,
  Lê: 10,
  Phạm: 7,
  Hoàng: 6,
  Phan: 5,
  Vũ: 5,
  Đặng: 4,
  Bùi: 4,
  Đỗ: 4,
  Hồ: 3,
  Ngô: 3,
};
const MIDDLES = ["Thị", "Văn", "Minh", "Thanh", "Ngọc", "Đức", "Hữu", "Quang", "Kim", "Xuân", "Bảo", "Gia"];
const GIVENS = [
  ...["An", "Bình", "Châu", "Dung", "Giang", "Hà", "Hải", "Hạnh", "Hiếu", "Hoa", "Hùng", "Hương", "Khánh", "Lan"],
  ...["Linh", "Long", "Mai", "Nam", "Nga", "Nhung", "Phong", "Phúc", "Quân", "Sơn", "Tâm", "Thảo", "Trang", "Tuấn"],
];

const families = Object.entries(FAMILIES).flatMap(([name, share]) => Array.from({ length: share }, () => name));

const pick = (list: readonly string[], n: number): string => list[n % list.length] ?? "";

/** The `n`-th of a thousand and more invented names, always the same. */
export const inventedName = (n: number): string =>
  [pick(families, n * 37), pick(MIDDLES, n * 5 + Math.floor(n / 12)), pick(GIVENS, n * 11 + Math.floor(n / 28))].join(
    " ",
  );
