/** Everything an acknowledgement says. */
export interface AcknowledgementFacts {
  readonly dossierCode: string;
  readonly procedureCode: string;
  readonly procedureName: string;
  readonly applicantName: string;
  readonly summary: string;
  readonly unitName: string;
  /** ISO 8601. */
  readonly receivedAt: string;
  /** Number of the decision that orders it. */
  readonly decision: string;
}

/** Makes papers, where the runtime can. */
export interface PaperMaker {
  /** The acknowledgement as PDF/1.7. */
  acknowledgement(facts: AcknowledgementFacts): Promise<Uint8Array>;
}
