import { setTimeout as delay } from "node:timers/promises";
import postgres, { type Sql } from "postgres";

/** The advisory lock of the owner, in the database `postgres`: the letters "ltgw". */
const OWNERSHIP_LOCK = 0x6c74_6777;

/** The right to run, and to stop, the server of one data directory. It ends with our process, however that ends. */
export interface Ownership {
  release(): Promise<void>;
}

/**
 * What asking for the ownership gives. `by`: the owner as it introduces itself; `silent`: the server is starting
 * up, shutting down or gone.
 */
export type OwnershipClaim =
  | { readonly kind: "ours"; readonly ownership: Ownership }
  | { readonly kind: "taken"; readonly by: string }
  | { readonly kind: "silent" };

const WRONG_PASSWORD = "28P01";

/**
 * Asks for the ownership of the server at `url` (its database `postgres`). Held by a connection of its own: when
 * our process dies, the kernel closes it and the lock is free. Rejects when the password is not the server's.
 */
export async function claimOwnership(url: string): Promise<OwnershipClaim> {
  let released = false;
  let owned = false;
  const sql = postgres(url, {
    max: 1,
    max_lifetime: null,
    fetch_types: false,
    connect_timeout: 5,
    connection: { application_name: `lien-thong-gateway, process ${process.pid}` },
    onnotice: () => undefined,
    // PostgreSQL ends all connections when one of its processes crashed: the lock is taken again.
    onclose: () => {
      if (owned && !released) void takeAgain(sql, () => released);
    },
  });
  const release = async (): Promise<void> => {
    released = true;
    await sql.end({ timeout: 1 });
  };
  try {
    owned = await tryLock(sql);
    if (owned) return { kind: "ours", ownership: { release } };
    const by = await owner(sql);
    await release();
    return { kind: "taken", by };
  } catch (cause) {
    await release();
    if (!(cause instanceof Error && "code" in cause && cause.code === WRONG_PASSWORD)) return { kind: "silent" };
    throw new Error("The password kept beside the data directory is not the one its database knows.", { cause });
  }
}

async function tryLock(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ locked: boolean }[]>`select pg_try_advisory_lock(${OWNERSHIP_LOCK}::bigint) as locked`;
  return row?.locked === true;
}

async function owner(sql: Sql): Promise<string> {
  const [row] = await sql<{ name: string }[]>`
    select a.application_name as name
    from pg_locks l
    join pg_stat_activity a using (pid)
    join pg_database d on d.oid = l.database and d.datname = current_database()
    where l.locktype = 'advisory' and l.granted and l.classid = 0 and l.objid = ${OWNERSHIP_LOCK}::bigint::oid`;
  return row?.name ?? "unknown process";
}

async function takeAgain(sql: Sql, isReleased: () => boolean): Promise<void> {
  let locked = false;
  while (!locked && !isReleased()) {
    await delay(200, undefined, { ref: false });
    locked = isReleased() || (await tryLock(sql).catch(() => false));
  }
}
