/**
 * The fields of our own payloads that hold no personal data (api section 3), in lower case: codes, times, flags, amounts.
 * Whoever sees a proposal sees the values of these alone.
 */
export const PUBLIC_PAYLOAD_FIELDS: ReadonlySet<string> = new Set(
  [
    ["procedureCode", "procedureName", "channel", "type", "kind", "status", "delivery", "origin", "serviceLevel"],
    [
      "submittedAt",
      "receivedAt",
      "dueAt",
      "finishedAt",
      "returnedAt",
      "refusedAt",
      "occurredAt",
      "startedAt",
      "newDueAt",
    ],
    ["requestedAt", "oldDueAt", "issuedAt", "code", "componentCode", "replacedByResultCode", "digitised", "reuse"],
    ["fromNationalStore", "deleted", "amount", "collectedAt", "quantity", "hasDigitisedComponents", "vneidVerified"],
    ["onlinePayment", "databasesUsed", "revision", "eventId", "form"],
  ]
    .flat()
    .map((name) => name.toLowerCase()),
);
