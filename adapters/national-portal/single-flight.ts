/**
 * Shares one run among all who ask for the same key while it runs. Who started it sees it reject; those who only
 * waited get `interrupted` instead, because the cause (a lost lease, a stopped process) was not theirs.
 */
export const singleFlight = <T>(interrupted: T): ((key: string, run: () => Promise<T>) => Promise<T>) => {
  const flights = new Map<string, Promise<T>>();
  return (key, run) => {
    const flying = flights.get(key);
    if (flying !== undefined) return flying.catch(() => interrupted);
    // Started one turn later, so that even a run that throws at once finds itself in the map to be removed.
    const flight = Promise.resolve()
      .then(run)
      .finally(() => flights.delete(key));
    flights.set(key, flight);
    return flight;
  };
};
