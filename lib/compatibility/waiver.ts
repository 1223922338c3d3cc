import * as z from 'zod';
import { type Parsed, parseYaml } from '../contract/explain-issue.ts';
import { isoDate } from '../contract/vendor-properties.ts';
import type { YamlSource } from '../contract/yaml-source.ts';
import type { Change, ChangeKind } from './change.ts';
import { RULES } from './rules.ts';

const text = z.string().trim().min(1);

/** One change of one contract that may pass without what it needs: who says so, why, and until which day. */
const waiver = z.strictObject({
  contract: z.string().regex(/^[a-z0-9_]+\.(bronze|silver|gold)\.[a-z0-9_]+$/),
  change: z.enum(Object.keys(RULES) as [ChangeKind, ...ChangeKind[]]),
  path: text,
  who: text,
  why: text,
  until: isoDate,
});
export type Waiver = z.output<typeof waiver> & { readonly file: string };

/** `domains/<domain>/waivers/<id>.yaml` */
export function readWaiver(source: YamlSource): Parsed<Waiver> {
  const parsed = parseYaml(source, waiver);
  return parsed.ok ? { ok: true, value: { ...parsed.value, file: source.file } } : parsed;
}

/** It holds on its last day. Dates of ISO 8601 are ordered as text. */
export const isExpired = ({ until }: Waiver, today: string): boolean => until < today;

export const waives = (waiver: Waiver, table: string, { kind, path }: Change): boolean =>
  waiver.contract === table && waiver.change === kind && waiver.path === path;
