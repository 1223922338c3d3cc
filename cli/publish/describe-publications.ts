import { describeHold, describeRelease } from '../../lib/publish/describe-hold.ts';
import type { GoldHold, GoldRelease, Publication } from '../../lib/publish/publication.ts';
import { table } from '../shared/format.ts';

/** What a domain published, newest first. */
export interface History {
  readonly domain: string;
  readonly hold: GoldHold | null;
  /** Newest first. */
  readonly releases: readonly GoldRelease[];
  readonly publications: readonly Listed[];
}

export interface Listed extends Publication {
  /** Whether consumers see it now. */
  readonly isVisible: boolean;
  /** Why it cannot be returned to. */
  readonly lost: string | null;
}

/** Publications as a person reads them. */
export function describeHistory({ domain, hold, releases, publications }: History): string {
  if (publications.length === 0)
    return `${domain}: no publication is recorded; the next run that builds gold leaves one`;
  const held = hold ? [`${describeHold(hold)}; \`sluice publish release ${domain}\` ends it`] : [];
  return [`${domain}:`, ...held, table(publications.map(lineOf)), ...releases.map(describeRelease)].join('\n');
}

const lineOf = (listed: Listed) => ({
  publication: listed.id,
  seen: listed.isVisible ? 'now' : '',
  published: listed.publishedAt,
  slot: listed.slot,
  tables: Object.keys(listed.tables).length,
  'can be returned to': listed.lost === null ? 'yes' : `no: ${listed.lost}`,
  why: whyOf(listed),
});

const whyOf = ({ runId, rollback }: Publication): string =>
  rollback ? `rollback to what run ${runId} built, by ${rollback.by}: ${rollback.reason}` : 'its run';
