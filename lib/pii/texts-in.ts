/** A text, or a number as one, with the path of its column: `lines[].description`. */
export interface TextAt {
  readonly path: string;
  readonly text: string;
}

/** All texts within a value, however it is nested. */
export function* textsIn(value: unknown, path = ''): Generator<TextAt> {
  if (typeof value === 'string') yield { path, text: value };
  else if (typeof value === 'number' || typeof value === 'bigint') yield { path, text: String(value) };
  else if (Array.isArray(value)) for (const item of value) yield* textsIn(item, `${path}[]`);
  else if (typeof value === 'object' && value !== null && !(value instanceof Date) && !ArrayBuffer.isView(value))
    for (const [name, member] of Object.entries(value)) yield* textsIn(member, path ? `${path}.${name}` : name);
}
