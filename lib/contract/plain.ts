/** A map of a YAML file that nobody has judged. */
export type Plain = Readonly<Record<string, unknown>>;

export const asMap = (value: unknown): Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Plain) : {};

export const asArray = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The map with more `customProperties`, as pairs of their name and value. */
export const withProperties = (map: Plain, pairs: readonly (readonly [property: string, value: unknown])[]): Plain =>
  withEntries(
    map,
    pairs.map(([property, value]) => ({ property, value })),
  );

/** The map with more entries in its `customProperties`. */
export const withEntries = (map: Plain, entries: readonly Plain[]): Plain =>
  entries.length === 0 ? map : { ...map, customProperties: [...asArray(map.customProperties), ...entries] };
