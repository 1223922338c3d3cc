/** The day on which the command runs, ISO 8601 and UTC. */
export const today = (): string => new Date().toISOString().slice(0, 10);
