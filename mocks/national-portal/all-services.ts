import { DOSSIER_SERVICES, type ServiceRow } from "./services.ts";
import { SUBMISSION_SERVICES } from "./submission-services.ts";

/** The services that this simulator plays (np 2.1). */
export const SERVICES: ReadonlyMap<string, ServiceRow> = new Map([...DOSSIER_SERVICES, ...SUBMISSION_SERVICES]);
