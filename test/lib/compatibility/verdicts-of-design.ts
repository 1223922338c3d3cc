import { columnOf, oursOf, type Raw } from './toys.ts';

export type Edit = (raw: Raw) => unknown;
type Verdicts = readonly [readers: string, writers: string, trust: string];

/** A change, where it shows, the verdicts of it, and those of taking it back. */
export type Case = readonly [change: string, edit: Edit, path: string, there: Verdicts, back: Verdicts];

// The table of the design, row by row, written out once more.
export const DROPPED: Verdicts = ['break', 'review', 'none'];
export const OPTIONAL_ADDED: Verdicts = ['safe', 'safe', 'none'];
export const REQUIRED_ADDED: Verdicts = ['safe', 'break', 'none'];
export const BECAME_OPTIONAL: Verdicts = ['break', 'safe', 'none'];
export const TIGHTENED: Verdicts = ['safe', 'break', 'none'];
export const WIDENED: Verdicts = ['review', 'safe', 'none'];
export const RELAXED_BREAK: Verdicts = ['break', 'safe', 'review'];
export const RELAXED_REVIEW: Verdicts = ['review', 'safe', 'review'];
export const PROMISES_MORE: Verdicts = ['safe', 'review', 'safe'];
export const OPENED_UP: Verdicts = ['safe', 'none', 'break'];
export const CLOSED: Verdicts = ['break', 'none', 'safe'];
export const REVIEW: Verdicts = ['review', 'review', 'review'];
export const WORDS: Verdicts = ['safe', 'safe', 'none'];

export const parts = (raw: Raw): Raw[] => columnOf(raw, 'parts').items.properties;
export const pipeline = (raw: Raw): Raw => oursOf(raw.schema[0], 'pipeline');
