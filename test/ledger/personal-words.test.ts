import { expect, test } from "vitest";
import type { Message } from "../../contracts/adapter.ts";
import { maskBody } from "../../src/ledger/mask.ts";
import { hideWords, personalWords } from "../../src/ledger/personal-words.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";

const PUT = {
  operation: "dossier.put",
  dossierCode: "A",
  dossier: dossierBody({ submitter: { name: "Phạm Văn Nộp", identities: [], relation: "authorised" } }),
} as unknown as Message;
const STEP = { operation: "dossier.step", dossierCode: "A", event: eventBody("e1") } as unknown as Message;

test("the people of a message, their numbers and addresses are its personal words, longest first", () => {
  expect(personalWords(PUT)).toEqual([
    "vidu@example.vn",
    "Trần Thị Ví Dụ",
    "001199000001",
    "Phạm Văn Nộp",
    "0912345678",
  ]);
  expect(personalWords(STEP)).toEqual(["Lê Văn Mẫu"]);
});

test("a platform's words lose the people they repeat, whatever case and Unicode form they come in", () => {
  const said = `Hồ sơ của ${"TRẦN THỊ VÍ DỤ".normalize("NFD")} (Trần Thị Ví Dụ) sai`;
  expect(hideWords(said, personalWords(PUT))).toBe("Hồ sơ của ••• (•••) sai");
  expect(hideWords("giá (1+1) là 2", ["(1+1)"])).toBe("giá ••• là 2");
});

test("a shown body hides people also where its field may be shown", () => {
  const body = JSON.stringify({ error_code: "3", message: "Trần Thị Ví Dụ không có trong danh sách" });
  const shown = maskBody(body, new Set(["error_code", "message"]), personalWords(PUT));
  expect(JSON.parse(shown)).toEqual({ error_code: "3", message: "••• không có trong danh sách" });
});
