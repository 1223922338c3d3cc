import type { Generate } from '../../../lib/source/generate.ts';
import { Random } from '../../../lib/source/random.ts';

export interface Campaign {
  readonly name: string;
  /** As the links say it: `utm_source` and `utm_medium`. */
  readonly source: string;
  readonly medium: string;
  readonly channel: string;
  /** What it costs on an ordinary day, and how it shares in visits. */
  readonly gbp: number;
  readonly share: number;
  /** First and last month and day, such as `11-01`; all year when there are none. It may run over New Year. */
  readonly runs?: readonly [from: string, to: string];
}

/** A few campaigns bring most visits. */
export const CAMPAIGNS: readonly [Campaign, ...Campaign[]] = [
  { name: 'brand_search', source: 'google', medium: 'cpc', channel: 'search', gbp: 45, share: 34 },
  { name: 'newsletter', source: 'newsletter', medium: 'email', channel: 'email', gbp: 8, share: 22 },
  { name: 'gift_search', source: 'google', medium: 'cpc', channel: 'search', gbp: 90, share: 14 },
  { name: 'come_back', source: 'criteo', medium: 'display', channel: 'display', gbp: 30, share: 9 },
  { name: 'social_gifts', source: 'facebook', medium: 'paid_social', channel: 'social', gbp: 25, share: 5 },
  { name: 'trade_fair', source: 'partner', medium: 'referral', channel: 'affiliate', gbp: 6, share: 2 },
  {
    name: 'christmas',
    source: 'newsletter',
    medium: 'email',
    channel: 'email',
    gbp: 20,
    share: 18,
    runs: ['11-01', '12-20'],
  },
  {
    name: 'january_sale',
    source: 'google',
    medium: 'cpc',
    channel: 'search',
    gbp: 60,
    share: 16,
    runs: ['12-26', '01-31'],
  },
];

/** How busy the months are, from January on, and the days of the week, from Sunday on. */
const MONTHS = [0.8, 0.75, 0.9, 0.85, 0.95, 0.95, 0.9, 0.85, 1.1, 1.3, 1.7, 1.4];
const WEEKDAYS = [0.8, 1.15, 1.1, 1.1, 1.1, 0.95, 0.5];
const GBP_A_CLICK = 0.35;
const CLICK_SHARE = 0.03;
const DIRT = { loudName: 0.02, refunded: 0.003 } as const;
const DAY = 86_400_000;

/** How busy a day is, about 1. */
export const seasonOf = (day: string): number => {
  const date = new Date(`${day}T00:00:00Z`);
  return (MONTHS[date.getUTCMonth()] ?? 1) * (WEEKDAYS[date.getUTCDay()] ?? 1);
};

export function* daysOf(from: string, to: string): Generator<string> {
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY) yield new Date(at).toISOString().slice(0, 10);
}

/** Campaigns that run on a day. */
export const runningOn = (day: string): Campaign[] =>
  CAMPAIGNS.filter(({ runs }) => {
    if (!runs) return true;
    const [from, to, now] = [...runs, day.slice(5)];
    return from <= to ? from <= now && now <= to : now >= from || now <= to;
  });

/** What each campaign cost on each day, and how often it was seen and clicked. */
export const generate: Generate = function* ({ from, to, seed }) {
  yield 'Date,Campaign,Channel,Impressions,Clicks,Spend GBP';
  for (const day of daysOf(from, to)) for (const campaign of runningOn(day)) yield rowOf(day, campaign, seed);
};

/** Accounts write names as people typed them, and a refund is a negative spend. */
function rowOf(day: string, { name, channel, gbp }: Campaign, seed: number): string {
  const random = Random.of(seed, day, name);
  const spend = gbp * seasonOf(day) * (0.7 + 0.6 * random.next());
  const clicks = Math.round(spend / GBP_A_CLICK);
  const impressions = Math.round(clicks / (CLICK_SHARE * (0.5 + random.next())));
  const written = random.chance(DIRT.loudName) ? ` ${name.toUpperCase()}` : name;
  const cost = (random.chance(DIRT.refunded) ? -spend : spend).toFixed(2);
  return `${day},${written},${channel},${impressions},${clicks},${cost}`;
}
