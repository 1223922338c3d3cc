import { Random } from '../../lib/source/random.ts';
import type { Outgoing } from '../send/pack-records.ts';
import { MARKETS, PRODUCTS } from './shop-catalogue.ts';

const FIRST_DAY = Date.UTC(2026, 0, 5, 7);
const DAYS = 28;
/** The first and the last day on which it may sell. */
export const SHOP_DAYS = { from: '2026-01-05', to: '2026-02-02' } as const;
const CUSTOMERS = 400;

/** How much of the shop's output is not as it should be. Shares of orders, for lines of lines. */
const DIRT = {
  guest: 0.12,
  cancelled: 0.04,
  sentAgain: 0.015,
  withoutRequiredField: 0.006,
  withWrongType: 0.004,
  notJson: 0.003,
  withoutContract: 0.002,
  lineWithoutUnits: 0.004,
  lineWithNegativePrice: 0.002,
} as const;

interface Line {
  readonly line_no: number;
  readonly product_id: string;
  readonly description: string | null;
  readonly quantity: number;
  readonly unit_price: string;
}

interface Order {
  readonly order_id: string;
  readonly customer_id: string | null;
  readonly ordered_at: string;
  readonly country: string;
  readonly currency: string;
  readonly is_cancellation: boolean;
  readonly lines: readonly Line[];
}

/** What a generated shop sends, in the order of its clock, and what a correct platform must find in it. */
export interface Shop {
  readonly outgoing: readonly Outgoing[];
  /** Events, unreadable ones and repeated ones included. */
  readonly events: number;
  readonly duplicates: number;
  /** Events that can never land. */
  readonly rejected: number;
  /** Lines of landed orders that break a rule, repeated orders counted once. */
  readonly brokenLines: number;
}

/** Generates a month of a small shop. The same seed gives the same bytes. */
export function generateShop({ seed, orders }: { readonly seed: number; readonly orders: number }): Shop {
  const random = new Random(seed);
  const shop = new Outbox(`shop-${seed}`, random);
  for (let index = 0; index < orders; index += 1) {
    const order = makeOrder(random, index, orders);
    shop.send(order);
    const cancelled = cancel(order);
    if (cancelled.lines.length > 0 && random.chance(DIRT.cancelled)) shop.send(cancelled);
    if (random.chance(DIRT.notJson)) shop.sendText(order.order_id, `{"specversion":"1.0","id":"${order.order_id}`);
  }
  return shop;
}

/** Writes down what goes out and counts what is wrong with it. */
class Outbox implements Shop {
  readonly outgoing: Outgoing[] = [];
  events = 0;
  duplicates = 0;
  rejected = 0;
  brokenLines = 0;

  constructor(
    private readonly prefix: string,
    private readonly random: Random,
  ) {}

  send(order: Order): void {
    const event = this.envelope(order);
    const spoilt = spoil(this.random, event);
    const text = JSON.stringify(spoilt ?? event);
    this.push({ key: order.order_id, text });
    if (spoilt) this.rejected += 1;
    else {
      this.brokenLines += order.lines.filter(isBroken).length;
      if (!this.random.chance(DIRT.sentAgain)) return;
      this.duplicates += 1;
      this.push({ key: order.order_id, text });
    }
  }

  sendText(key: string, text: string): void {
    this.rejected += 1;
    this.push({ key, text, raw: true });
  }

  private envelope(order: Order) {
    const id = `${this.prefix}-${this.events + 1}`;
    const fixed = { specversion: '1.0', source: '/commerce/shop', type: 'commerce.orders.v1' };
    return { ...fixed, id, time: order.ordered_at, datacontenttype: 'application/json', data: order };
  }

  private push(outgoing: Outgoing): void {
    this.events += 1;
    this.outgoing.push(outgoing);
  }
}

const isBroken = ({ quantity, unit_price }: Line): boolean => quantity === 0 || unit_price.startsWith('-');

/** Now and then an event is one that no contract accepts. */
function spoil<E extends { readonly data: Order }>(random: Random, event: E): object | null {
  const { ordered_at: _, ...undated } = event.data;
  if (random.chance(DIRT.withoutRequiredField)) return { ...event, data: undated };
  if (random.chance(DIRT.withWrongType)) return { ...event, data: { ...event.data, is_cancellation: 'perhaps' } };
  if (random.chance(DIRT.withoutContract)) return { ...event, type: 'commerce.wishes.v1' };
  return null;
}

function makeOrder(random: Random, index: number, orders: number): Order {
  const at = FIRST_DAY + Math.floor((index * DAYS * 86_400) / orders) * 1000 + random.between(0, 59_000);
  return {
    order_id: String(100_001 + index),
    customer_id: random.chance(DIRT.guest) ? null : `C${10_000 + random.between(1, CUSTOMERS)}`,
    ordered_at: new Date(at).toISOString(),
    ...random.pick(MARKETS),
    is_cancellation: false,
    lines: Array.from({ length: random.between(1, 9) }, (_, line) => makeLine(random, line + 1)),
  };
}

function makeLine(random: Random, lineNo: number): Line {
  const product = random.pick(PRODUCTS);
  const price = (product.price / 100).toFixed(2);
  return {
    line_no: lineNo,
    product_id: product.id,
    description: random.chance(0.02) ? null : product.description,
    quantity: random.chance(DIRT.lineWithoutUnits) ? 0 : random.between(1, 12),
    unit_price: random.chance(DIRT.lineWithNegativePrice) ? `-${price}` : price,
  };
}

/** A cancellation has a number of its own and takes back every line that was sold. */
function cancel(order: Order): Order {
  const sold = order.lines.filter((line) => !isBroken(line));
  const lines = sold.map((line) => ({ ...line, quantity: -line.quantity }));
  const orderedAt = new Date(Date.parse(order.ordered_at) + 3_600_000).toISOString();
  return { ...order, order_id: `C${order.order_id}`, ordered_at: orderedAt, is_cancellation: true, lines };
}
