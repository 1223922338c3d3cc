export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json };

/** One text for each value: members sorted, nothing between them, one line, UTF-8. Members that are undefined are left out. */
export const canonicalBytes = (value: object): Uint8Array => new TextEncoder().encode(`${textOf(value)}\n`);

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const sorted = members.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, member]) => `${JSON.stringify(name)}:${textOf(member)}`).join(',')}}`;
}
