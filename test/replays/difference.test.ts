import { expect, test } from "vitest";
import { differenceOf } from "../../src/replays/difference.ts";
import { changesOf } from "./replay-scene.ts";

const VISIBLE = new Set(["trangthai", "ngay"]);

test("equal bodies do not differ, whatever the order of their members", () => {
  expect(differenceOf({ a: 1, b: [{ c: "x" }] }, { b: [{ c: "x" }], a: 1 }, VISIBLE)).toEqual([]);
});

test("a public field shows both values, a personal one only that it changed", () => {
  const then = { data: [{ ChuHoSo: "Trần Thị Ví Dụ", TrangThai: "2" }] };
  const now = { data: [{ ChuHoSo: "Lê Văn Mẫu", TrangThai: "4" }] };
  const difference = differenceOf(then, now, VISIBLE);
  expect(changesOf(difference)).toEqual(["data[0].ChuHoSo: ••• -> •••", "data[0].TrangThai: 2 -> 4"]);
  expect(JSON.stringify(difference)).not.toContain("Mẫu");
});

test("what is on one side alone is null on the other", () => {
  expect(changesOf(differenceOf({ Ngay: "1" }, { TrangThai: "2" }, VISIBLE))).toEqual([
    "Ngay: 1 -> null",
    "TrangThai: null -> 2",
  ]);
  expect(changesOf(differenceOf({ list: [] }, { list: [{ Ngay: "1" }] }, VISIBLE))).toEqual([
    "list: ••• -> null",
    "list[0].Ngay: null -> 1",
  ]);
});

test("long numbers inside public words stay hidden", () => {
  const [first] = differenceOf({ Ngay: "a" }, { Ngay: "số 001199000001 sai" }, VISIBLE);
  expect(first?.now).toBe("số 001•••001 sai");
});

test("an approver's view hides nothing", () => {
  expect(changesOf(differenceOf({ name: "A" }, { name: "B" }, null))).toEqual(["name: A -> B"]);
});
