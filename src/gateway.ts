import type { PlatformId } from "../contracts/adapter.ts";
import type { Database } from "./database/database.ts";
import type { DossierOffice } from "./dossiers/dossier-office.ts";
import type { FileDesk } from "./files/file-desk.ts";
import type { ImportDesk } from "./imports/import-desk.ts";
import type { InboxDesk } from "./inbox/inbox-desk.ts";
import type { WebhookDesk } from "./inbox/webhook-desk.ts";
import type { LedgerDesk } from "./ledger/ledger-desk.ts";
import type { LookUpDesks } from "./look-ups/open-look-ups.ts";
import type { OperatorDesks } from "./operator-desks.ts";
import type { PaymentDesk } from "./payments/payment-desk.ts";
import type { PortalDesk } from "./portal-inbound/portal-desk.ts";
import type { PlatformDesk } from "./resilience/platform-desk.ts";
import type { AccessTokens } from "./security/access-tokens.ts";
import type { AuthenticationRequest, ClientAuthentication } from "./security/client-authentication.ts";
import type { ClientLimits } from "./security/client-limits.ts";
import type { ClientRegistry } from "./security/client-registry.ts";
import type { Fingerprints } from "./security/fingerprints.ts";
import type { OfficerGrant } from "./security/officer-grant.ts";
import type { OperatorRegistry } from "./security/operator-registry.ts";
import type { Sealer } from "./security/sealing.ts";
import type { SecretVerifier } from "./security/secrets.ts";
import type { SigningKeys } from "./security/signing-keys.ts";
import type { SubmissionDesk } from "./submissions/submission-desk.ts";

/** What a request is served with: the services of one deployment. One per process on Node, one per request on Workers. */
export interface Gateway extends OperatorDesks, LookUpDesks {
  readonly database: Database;
  readonly tenant: string;
  readonly provinceCode: string;
  readonly now: () => Date;
  readonly dossiers: DossierOffice;
  readonly files: FileDesk;
  readonly ledger: LedgerDesk;
  readonly platforms: PlatformDesk;
  readonly imports: ImportDesk;
  /** Whether a catalogue can be mirrored, and acknowledgements made. */
  readonly procedures: { readonly hasCatalogue: boolean; readonly makesPapers: boolean };
  /** Whether there is anything to fetch from the portal, and whether that happens by itself. */
  readonly fetches: { readonly hasAny: boolean; readonly isScheduled: boolean };
  readonly inbox: InboxDesk;
  readonly webhooks: WebhookDesk;
  /** What the national portal calls. */
  readonly portal: PortalDesk;
  readonly payments: PaymentDesk;
  readonly submissions: SubmissionDesk;
  /** The platform whose sync state dossiers show, also while it is not configured. */
  readonly dossierPlatform: PlatformId;
  readonly clients: ClientRegistry;
  readonly clientLimits: ClientLimits;
  readonly operators: OperatorRegistry;
  readonly tokens: AccessTokens;
  readonly signingKeys: SigningKeys;
  readonly fingerprints: Fingerprints;
  readonly sealer: Sealer;
  readonly verifySecret: SecretVerifier;
  readonly authenticateClient: (request: AuthenticationRequest) => Promise<ClientAuthentication>;
  /** By an assertion that a client signed for one officer. */
  readonly authenticateOfficer: (request: AuthenticationRequest) => Promise<OfficerGrant>;
  /** Cookies of the console are marked Secure when it is reached by https. */
  readonly secureCookies: boolean;
  /** Why the gateway cannot serve, or null. */
  readonly notReady: () => Promise<string | null>;
}
