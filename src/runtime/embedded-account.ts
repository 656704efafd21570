import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The system account that PostgreSQL runs under when the gateway runs as root: PostgreSQL refuses root. */
export interface ServerAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The options of `spawn` that run a program under `account`; none means as ourselves. */
export const asAccount = (account: ServerAccount | undefined): { uid?: number; gid?: number } =>
  account ? { uid: account.uid, gid: account.gid } : {};

/** The account for PostgreSQL, made if it is missing; undefined when we are not root and it runs as ourselves. */
export async function serverAccount(name = "postgres"): Promise<ServerAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const found = await lookUp(name);
  if (found) return found;
  try {
    await run("useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/bin/false", name]);
  } catch (cause) {
    throw new Error(
      `PostgreSQL does not run as root, and the user ${name} could not be made. Make it, or start as another user.`,
      { cause },
    );
  }
  const made = await lookUp(name);
  if (!made) throw new Error(`The user ${name} was made but cannot be found.`);
  return made;
}

async function lookUp(name: string): Promise<ServerAccount | undefined> {
  try {
    const [uid, gid] = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]);
    return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

/**
 * Throws when `account` cannot pass one of the folders on the way to `folders`, naming the outermost such folder.
 * Asked of the system by trying, not reckoned from the mode bits: access lists and network shares have their own say.
 */
export async function assertPassable(account: ServerAccount | undefined, folders: readonly string[]): Promise<void> {
  if (!account) return;
  const test = 'for folder; do [ -x "$folder" ] || { printf %s "$folder"; exit 0; }; done';
  const way = folders.flatMap(ancestors);
  const { stdout: closed } = await run("/bin/sh", ["-c", test, "sh", ...way], { ...asAccount(account), cwd: "/" });
  if (closed === "") return;
  throw new Error(
    `PostgreSQL runs as user ${account.name}, who cannot enter the folder ${closed}. ` +
      `Allow it (chmod o+x ${closed}), choose another DATA_DIR, or set DATABASE_URL.`,
  );
}

/** The folder with all above it, outermost first. */
function ancestors(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [...ancestors(above), folder];
}
