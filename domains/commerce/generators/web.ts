import type { Generate } from '../../../lib/source/generate.ts';
import { Random } from '../../../lib/source/random.ts';
import type { FileRow } from '../../../lib/source/read-value.ts';
import { CAMPAIGNS, type Campaign, daysOf, runningOn, seasonOf } from './ads.ts';

/** Visits on an ordinary day of which no order comes. */
const VISITS_A_DAY = 24;
/** Of visits of strangers, robots, that know a campaign, and whose visitor logs in as one of the demo's customers. */
const STRANGERS = { robot: 0.01, campaign: 0.35, loggedIn: 0.1, customers: 400 } as const;
/** How many visits by a campaign come before an order, beside the visit in which it is placed. */
const TOUCHES = [0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 6] as const;
const BUYERS = { loggedIn: 0.25, otherDevice: 0.15, campaign: 0.4 } as const;
const DIRT = { withoutCookie: 0.03, loudCampaign: 0.05, clickWithoutCampaign: 0.1, sentTwice: 0.005 } as const;
/** Some visits are older than any window. */
const LONGEST_DAYS = 40;
const AGENTS = [
  'Mozilla/5.0 (Windows NT 6.1) Firefox/3.6',
  'Mozilla/5.0 (Macintosh) Safari/533',
  'Opera/9.80',
] as const;
const ROBOT = 'Mozilla/5.0 (compatible; ShopBot/2.1)';
const [SECOND, MINUTE, DAY] = [1000, 60_000, 86_400_000];

interface Visit {
  readonly id: string;
  readonly visitor: string;
  readonly at: number;
  readonly pages: number;
  readonly campaign?: Campaign | undefined;
  /** Known from the second page on, when the visitor logs in. */
  readonly customer?: string | undefined;
  readonly isRobot?: boolean;
}

/** Views of strangers, and of those who placed the orders that came along: their visits lead up to each order. */
export const generate: Generate = function* ({ from, to, seed, data }) {
  const buyers = visitsOfBuyers(data, seed);
  for (const day of daysOf(from, to)) {
    const visits = [...visitsOfStrangers(day, seed), ...(buyers.get(day) ?? [])];
    for (const visit of visits.sort((a, b) => a.at - b.at)) yield* viewsOf(visit, seed);
  }
};

function visitsOfStrangers(day: string, seed: number): Visit[] {
  const count = Math.round(VISITS_A_DAY * seasonOf(day));
  return Array.from({ length: count }, (_, number) => {
    const random = Random.of(seed, day, String(number));
    const at = Date.parse(day) + Math.floor((7 + 15 * random.next()) * 60) * MINUTE;
    const visitor = idOf(seed, 'stranger', String(random.between(1, 20_000)));
    const visit = { id: idOf(seed, day, String(number)), visitor, at };
    if (random.chance(STRANGERS.robot)) return { ...visit, pages: random.between(20, 60), isRobot: true };
    const campaign = random.chance(STRANGERS.campaign) ? campaignOn(day, random) : undefined;
    const customer = random.chance(STRANGERS.loggedIn)
      ? `C${10_000 + random.between(1, STRANGERS.customers)}`
      : undefined;
    return { ...visit, campaign, customer, pages: pagesOf(random) };
  });
}

/** By the day on which they begin, visits of customers before each of their orders. */
function visitsOfBuyers(rows: readonly FileRow[], seed: number): Map<string, Visit[]> {
  const orders = new Map(rows.map((row) => [row.InvoiceNo ?? '', row]));
  const byDay = new Map<string, Visit[]>();
  for (const [order, { CustomerID = '', InvoiceDate = '' }] of orders) {
    if (CustomerID === '' || order.startsWith('C')) continue;
    const at = Date.parse(`${InvoiceDate.replace(' ', 'T')}Z`);
    for (const visit of visitsBefore(order, CustomerID.replace(/\.0$/, ''), at, seed)) {
      const day = new Date(visit.at).toISOString().slice(0, 10);
      byDay.set(day, [...(byDay.get(day) ?? []), visit]);
    }
  }
  return byDay;
}

/** Most come shortly before the order; it is placed in the last one, whose visitor has to log in. */
function visitsBefore(order: string, customer: string, orderedAt: number, seed: number): Visit[] {
  const random = Random.of(seed, order);
  const visitor = idOf(seed, 'customer', customer);
  const earlier = Array.from({ length: random.pick(TOUCHES) }, (_, number) => {
    const at = orderedAt - Math.floor(LONGEST_DAYS * random.next() ** 2 * DAY) - 40 * MINUTE;
    const isElsewhere = random.chance(BUYERS.otherDevice);
    return {
      id: idOf(seed, order, String(number)),
      visitor: isElsewhere ? idOf(seed, 'device', order, String(number)) : visitor,
      at,
      pages: pagesOf(random),
      campaign: campaignOn(new Date(at).toISOString().slice(0, 10), random),
      customer: !isElsewhere && random.chance(BUYERS.loggedIn) ? customer : undefined,
    };
  });
  const at = orderedAt - random.between(12, 30) * MINUTE;
  const campaign = random.chance(BUYERS.campaign)
    ? campaignOn(new Date(at).toISOString().slice(0, 10), random)
    : undefined;
  return [...earlier, { id: idOf(seed, order, 'placed'), visitor, at, pages: 2 + pagesOf(random), campaign, customer }];
}

/** One of the campaigns that run, by their shares. */
function campaignOn(day: string, random: Random): Campaign {
  const running = runningOn(day);
  let left = random.next() * running.reduce((sum, { share }) => sum + share, 0);
  for (const campaign of running) {
    left -= campaign.share;
    if (left < 0) return campaign;
  }
  return CAMPAIGNS[0];
}

const pagesOf = (random: Random): number => 1 + Math.floor(6 * random.next() ** 2);

/** A number that tells nothing of what it is made of. */
const idOf = (seed: number, ...parts: readonly string[]): string =>
  Math.floor(Random.of(seed, ...parts).next() * 2 ** 32)
    .toString(36)
    .padStart(7, '0');

/** The link stands on the first page, and some pages are sent twice. */
function* viewsOf(visit: Visit, seed: number): Generator<string> {
  const random = Random.of(seed, 'views', visit.id);
  const visitor = random.chance(DIRT.withoutCookie) ? null : visit.visitor;
  const agent = visit.isRobot ? ROBOT : random.pick(AGENTS);
  let at = visit.at;
  for (let page = 0; page < visit.pages; page += 1) {
    const product = page > 0 ? String(random.between(20_000, 23_999)) : null;
    const view = JSON.stringify({
      view_id: `${visit.id}-${page}`,
      visitor_id: visitor,
      session_id: visit.id,
      customer_id: page > 0 ? (visit.customer ?? null) : null,
      viewed_at: new Date(at).toISOString(),
      path: product ? `/products/${product}` : '/',
      product_id: product,
      milliseconds_to_load: 80 + Math.floor(900 * random.next() ** 3),
      user_agent: agent,
      ...(page === 0 && visit.campaign ? linkOf(visit.campaign, random) : {}),
    });
    at += random.between(15, 60) * SECOND;
    yield view;
    if (random.chance(DIRT.sentTwice)) yield view;
  }
}

/** Paid clicks on a search result bring a number along, and now and then nothing else. */
function linkOf({ name, source, medium }: Campaign, random: Random) {
  const click = medium === 'cpc' ? { click_id: `gclid-${random.between(1, 2 ** 31)}` } : {};
  if (medium === 'cpc' && random.chance(DIRT.clickWithoutCampaign)) return click;
  const written = random.chance(DIRT.loudCampaign) ? `${name.toUpperCase()} ` : name;
  return { ...click, utm_source: source, utm_medium: medium, utm_campaign: written };
}
