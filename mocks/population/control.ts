import { type Context, Hono } from "hono";
import type { Dial } from "./dial.ts";
import type { Person } from "./people.ts";
import type { Registry } from "./registry.ts";

/** What the control turns and shows. */
interface Controlled {
  readonly registry: Registry;
  readonly dial: Dial;
}

const readBody = async (c: Context): Promise<unknown> => c.req.json<unknown>().catch(() => undefined);

const isPerson = (given: unknown): given is Person => {
  if (typeof given !== "object" || given === null) return false;
  const { SoDinhDanh, HoVaTen, GioiTinh, born, ThuongTru } = given as Record<string, unknown>;
  const isInvented = typeof SoDinhDanh === "string" && /^099\d{9}$/u.test(SoDinhDanh);
  const objects = [HoVaTen, ThuongTru].every((of) => typeof of === "object" && of !== null);
  return (
    isInvented && objects && typeof GioiTinh === "string" && typeof born === "string" && /^\d{4}(?:\d{4})?$/u.test(born)
  );
};

/**
 * The simulator's own routes, for tests, rehearsals and the demonstration; no part of the registry's contract.
 * `GET`, `POST`, `DELETE /__simulator/dial`: the rules in force, other rules (one or a list), none.
 * `GET /__simulator/state`: the last questions with how they ended; `DELETE`: as at the start.
 * `POST /__simulator/citizens`: one more person, whose number has to begin with 099.
 */
export const createControl = ({ registry, dial }: Controlled): Hono => {
  const app = new Hono().basePath("/__simulator");
  app.get("/dial", (c) => c.json({ rules: dial.rules }));
  app.post("/dial", async (c) => {
    try {
      dial.set((await readBody(c)) as Parameters<Dial["set"]>[0]);
      return c.json({ rules: dial.rules });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return c.json({ error: error.message }, 400);
    }
  });
  app.delete("/dial", (c) => {
    dial.clear();
    return c.body(null, 204);
  });
  app.get("/state", (c) => c.json({ asked: registry.asked }));
  app.delete("/state", (c) => {
    registry.clear();
    return c.body(null, 204);
  });
  app.post("/citizens", async (c) => {
    const body = await readBody(c);
    if (!isPerson(body)) {
      return c.json(
        { error: "SoDinhDanh (099 and nine digits), HoVaTen, GioiTinh, born (yyyyMMdd or yyyy), ThuongTru" },
        400,
      );
    }
    registry.add(body);
    return c.json({ SoDinhDanh: body.SoDinhDanh }, 201);
  });
  return app;
};
