/** How a source says what its events do to rows. */
export interface Changes {
  /** The column of bronze that says what an event does; without it every event writes rows. */
  readonly operation?: string;
  /** What it says of an event that removes the rows of its key. */
  readonly deletes: readonly string[];
  /** What it says of an event that removes all rows. */
  readonly truncates: readonly string[];
  /** The column, of bronze and of the table, that orders the events of a key; without it their times do. */
  readonly orderBy?: string;
}
