import type { Fault } from "./adapter.ts";

/**
 * What something on the way to a platform said in the platform's place, such as a security server: the cause of a
 * `TransportError`, and taken as the fault of the attempt as it stands. An `unknown` outcome is `transient` where the
 * attempt could have no effect.
 */
export class IntermediaryFault extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.name = "IntermediaryFault";
    this.fault = fault;
  }
}
