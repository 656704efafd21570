import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { xmlAnswer } from "../../../mocks/population/write-answer.ts";
import { answerCommands } from "../commands.ts";

/** A population registry that knows one citizen and answers at once: as little work as a server can have. */
const PERSON = {
  SoDinhDanh: "099205000001",
  HoVaTen: { Ho: "NGUYỄN", ChuDem: "VĂN", Ten: "MẪU" },
  GioiTinh: "1",
  born: "20050131",
  ThuongTru: { MaTinhThanh: "99", MaPhuongXa: "99999", ChiTiet: "Thôn Mẫu, xã Mẫu, tỉnh Mẫu" },
} as const;

const commands = {
  /** Begins to serve on a free port. */
  open: async () => {
    const answer = Buffer.from(xmlAnswer(PERSON, {}));
    const head = { "content-type": "text/xml; charset=utf-8", "content-length": answer.length };
    const server = createServer((request, response) => {
      request.resume().on("end", () => response.writeHead(200, head).end(answer));
    });
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/c06` };
  },
};

/** What this process can be told. */
export type RegistryCommands = typeof commands;

answerCommands(commands);
