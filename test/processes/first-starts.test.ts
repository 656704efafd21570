import { expect, inject, test } from "vitest";
import { connect } from "../../src/runtime/database-connection.ts";
import { endAll, startGateway, tokenOf } from "./gateway-child.ts";
import { openFolder } from "./surroundings.ts";

test("several gateways that start at once on an empty database all come up, and share their keys", async () => {
  const name = `t_empty_${process.pid}_${Date.now()}`;
  const admin = connect(inject("pgAdminUrl"), { max: 1 });
  const url = new URL(inject("pgAdminUrl"));
  url.pathname = `/${name}`;
  try {
    await admin.unsafe(`create database ${name}`);
    const settings = { DATABASE_URL: url.href, DATA_DIR: await openFolder(), SIMULATORS: "off" };
    const gateways = await Promise.all([1, 2, 3].map(() => startGateway(settings)));
    const token = await tokenOf(gateways[0]?.url ?? "");
    const answers = gateways.map(async (gateway) => {
      const headers = { authorization: `Bearer ${token}` };
      const [ready, list] = await Promise.all([
        fetch(`${gateway.url}/readyz`),
        fetch(`${gateway.url}/v1/dossiers`, { headers }),
      ]);
      return [ready.status, list.status];
    });
    expect(await Promise.all(answers)).toEqual([1, 2, 3].map(() => [200, 200]));
    const ends = await Promise.all(gateways.map((gateway) => gateway.stop()));
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
  } finally {
    await endAll();
    await admin.unsafe(`drop database if exists ${name} with (force)`);
    await admin.end();
  }
});
