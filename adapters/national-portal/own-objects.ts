import type { CallContext, Outcome, PlatformCache, Reading } from "../../contracts/adapter.ts";
import type { HoSo } from "../../contracts/platforms/national-portal/wire.ts";
import { openCatalogue, readCached } from "./catalogue.ts";
import type { PortalClient, PortalPreview } from "./client.ts";
import { type Dialect, settled } from "./dialect.ts";
import { type Procedure, toHoSo, toTienDo, toTrangThai } from "./map.ts";
import type { DossierMessage, ProfileTable } from "./profile.ts";
import { type DossierSender, putDossier } from "./put-dossier.ts";

type Put = Extract<DossierMessage, { operation: "dossier.put" }>;

const sayHoSo = ({ dossierCode: code, dossier }: Put, procedure: Procedure, nationalStatus: string): HoSo =>
  toHoSo({ code, dossier, procedure, nationalStatus });

/**
 * A dialect that speaks of dossiers in the portal's own objects (np 2.2, 2.3), over whatever wire the client has:
 * shapes A and B.
 */
export const openOwnObjects = (profile: ProfileTable, client: PortalClient, bodies: PortalPreview): Dialect => {
  const procedures = openCatalogue(client);

  const put = async (message: Put, nationalStatus: string, call: CallContext): Promise<Outcome> => {
    const { dossierCode, dossier } = message;
    const procedure = await procedures(dossier, call);
    if (!procedure.ok) return { delivered: false, fault: procedure.fault };
    const hoSo = sayHoSo(message, procedure.value, nationalStatus);
    const { holdsDossier } = client;
    const sender: DossierSender = {
      afterRefusedUpdate: profile.afterRefusedUpdate,
      send: (mode) => client.putDossier(hoSo, mode === "update", call),
      ...(holdsDossier && { isHeld: () => holdsDossier(dossierCode, "probe", call) }),
    };
    return putDossier(message, sender);
  };

  const preview = async (
    message: DossierMessage,
    nationalStatus: string,
    cache: PlatformCache,
  ): Promise<Reading<string>> => {
    switch (message.operation) {
      case "dossier.put": {
        const procedure = await readCached(message.dossier, cache);
        if (!procedure.ok) return procedure;
        const hoSo = sayHoSo(message, procedure.value, nationalStatus);
        return { ok: true, value: bodies.putDossier(hoSo, message.known) };
      }
      case "dossier.step":
        return { ok: true, value: bodies.addSteps([toTienDo(message.dossierCode, message.event, nationalStatus)]) };
      case "dossier.status":
        return { ok: true, value: bodies.setStatus(toTrangThai(message, nationalStatus)) };
    }
  };

  return {
    profile,
    preview,
    catalogue: { list: client.listProcedures, read: client.describeProcedure },
    performSteps: async (steps, call) => {
      const said = steps.map(({ message, nationalStatus }) =>
        toTienDo(message.dossierCode, message.event, nationalStatus),
      );
      return settled(await client.addSteps(said, call));
    },
    perform: async (message, nationalStatus, call) => {
      switch (message.operation) {
        case "dossier.put":
          return put(message, nationalStatus, call);
        case "dossier.step":
          return settled(await client.addSteps([toTienDo(message.dossierCode, message.event, nationalStatus)], call));
        case "dossier.status":
          return settled(await client.setStatus(toTrangThai(message, nationalStatus), call));
      }
    },
  };
};
