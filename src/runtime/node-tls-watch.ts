import { stat } from "node:fs/promises";
import type { PlatformId } from "../../contracts/adapter.ts";
import { ConfigError } from "../config.ts";
import { faultFields, type Log } from "../log.ts";
import type { PlatformTls } from "../platform-tls.ts";
import { isPem, readTlsFiles, type TlsMaterial } from "./node-tls-files.ts";

/** Files are looked at this often, in milliseconds. */
const CHECK_MS = 10_000;

/** What is watched, and who is told. */
export interface TlsWatchParts {
  readonly platform: PlatformId;
  readonly tls: PlatformTls;
  readonly log: Log;
  /** Other files than before: connections made from now on use them. */
  readonly onChange: (material: TlsMaterial) => void;
  /** Writes down when the certificate ends; tried again at the next look when it rejects. */
  readonly note: (expiresAt: Date | null) => Promise<void>;
  readonly checkMs?: number;
}

/** Files under watch. */
export interface TlsWatch {
  /** What was read at first. */
  readonly material: TlsMaterial;
  stop(): void;
}

/** Something that is another whenever a file was written, replaced, or came or went. */
const stateOf = async (tls: PlatformTls): Promise<string> => {
  const paths = [tls.cert, tls.key, tls.ca].filter((value) => value !== undefined && !isPem(value)) as string[];
  const states = paths.map((path) =>
    stat(path).then(
      ({ ino, size, mtimeMs, ctimeMs }) => [ino, size, mtimeMs, ctimeMs].join(":"),
      () => "gone",
    ),
  );
  return (await Promise.all(states)).join(" ");
};

/**
 * Reads a platform's TLS files and takes up new ones without a restart. Files that cannot be used are told once in the
 * log and change nothing: a certificate written before its key is taken up when the key is there too.
 *
 * @throws ConfigError when they cannot be used at the start.
 */
export const watchTls = ({ platform, tls, log, onChange, note, checkMs = CHECK_MS }: TlsWatchParts): TlsWatch => {
  const first = readTlsFiles(platform, tls);
  if (!first.ok) throw new ConfigError(first.faults);
  let current = first.value;
  let seen: string | undefined;
  let noted = false;
  let looking = false;
  let stopped = false;

  const takeUp = (): void => {
    const reading = readTlsFiles(platform, tls);
    if (!reading.ok) {
      log.error({ platform, faults: reading.faults }, "new TLS files cannot be used: the old ones stay in use");
      return;
    }
    const { cert, key, ca, expiresAt } = reading.value;
    if (cert === current.cert && key === current.key && ca === current.ca) return;
    current = reading.value;
    noted = false;
    onChange(current);
    log.info({ platform, expiresAt }, "new TLS files are in use");
  };

  const look = async (): Promise<void> => {
    // The state is taken before the files are read: what is written meanwhile is another state at the next look.
    const state = await stateOf(tls);
    if (stopped) return;
    if (state !== seen) {
      seen = state;
      takeUp();
    }
    if (noted) return;
    await note(current.expiresAt);
    noted = true;
  };

  const lookOnce = (): void => {
    if (looking) return;
    looking = true;
    look()
      .catch((error: unknown) => log.error({ platform, ...faultFields(error) }, "the TLS files could not be looked at"))
      .finally(() => {
        looking = false;
      });
  };

  lookOnce();
  const timer = setInterval(lookOnce, checkMs);
  timer.unref();
  return {
    material: current,
    stop: () => {
      stopped = true;
      clearInterval(timer);
    },
  };
};
