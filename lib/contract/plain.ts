/** A map of a YAML file that nobody has judged. */
export type Plain = Readonly<Record<string, unknown>>;

export const asMap = (value: unknown): Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Plain) : {};

export const asArray = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The map with more entries in its `customProperties`. */
export function withProperties(map: Plain, entries: readonly (readonly [property: string, value: unknown])[]): Plain {
  if (entries.length === 0) return map;
  const added = entries.map(([property, value]) => ({ property, value }));
  return { ...map, customProperties: [...asArray(map.customProperties), ...added] };
}
