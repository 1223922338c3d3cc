import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type ContractFile, readContractFile } from '../../lib/contract/contract-file.ts';
import type { StreamRecord } from '../../lib/landing/landing.ts';

/** An event as its producer made it, with what the benchmark adds up to compare contenders. */
export interface Payment {
  readonly json: string;
  readonly cents: number;
  /** False for the few that break the contract, so that no contender gets by without checking. */
  readonly fits: boolean;
}

/** Of the tokens. */
export const SECRET = 'a secret of the benchmark, of sufficient length';
const FILE = path.join(import.meta.dirname, 'payments.odcs.yaml');
const CUSTOMERS = 50_000;
const BAD_SHARE = 0.001;
const START = Date.UTC(2026, 0, 1);

/** The contract that all contenders check. */
export function paymentsContract() {
  const place = { domain: 'commerce', layer: 'bronze', table: 'payments' } as const;
  const { contract, problems }: ContractFile = readContractFile(FILE, place, readFileSync(FILE, 'utf8'));
  if (!contract) throw new Error(problems.map(({ text }) => text).join('\n'));
  return contract;
}

/** The same seed gives the same events. */
export function payments(count: number, seed: number): Payment[] {
  const random = randomOf(seed);
  return Array.from({ length: count }, (_, i) => paymentOf(random, i));
}

/** Packs events into records, as producers do to pay for fewer of them. */
export function packed(events: readonly Payment[], eventsPerRecord: number): StreamRecord[] {
  const count = Math.ceil(events.length / eventsPerRecord);
  return Array.from({ length: count }, (_, i) => {
    const batch = events.slice(i * eventsPerRecord, (i + 1) * eventsPerRecord).map(({ json }) => json);
    return {
      shard: 'shardId-000000000000',
      sequence: String(49590338271490256608559692538361571095921575989136588898n + BigInt(i)),
      data: Buffer.from(`[${batch.join(',')}]`).toString('base64'),
      arrivedAt: BigInt(START + 40 * 86_400_000) * 1000n,
    };
  });
}

function paymentOf(random: () => number, index: number): Payment {
  const below = (bound: number) => Math.floor(random() * bound);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const cents = below(500_000);
  const paidAt = START + below(30 * 86_400_000);
  const fits = random() >= BAD_SHARE;
  const data = {
    payment_id: uuidOf(below),
    customer_id: `cust-${100_000 + below(CUSTOMERS)}`,
    merchant_id: `m-${1000 + below(500)}`,
    status: pick(['authorised', 'captured', 'settled', 'refunded']),
    channel: pick(['web', 'app', 'store']),
    currency: pick(['EUR', 'GBP', 'USD', 'CHF']),
    country: pick(['Germany', 'United Kingdom', 'France', 'Schweiz', 'España']),
    amount: (cents / 100).toFixed(2),
    tax: ((cents * 0.19) / 100).toFixed(2),
    ordered_at: fits ? new Date(paidAt - below(3_600_000)).toISOString() : 'yesterday',
    paid_at: random() < 0.1 ? null : new Date(paidAt).toISOString(),
    account_no: 4_000_000_000 + below(1_000_000_000),
    items: 1 + below(9),
    is_gift: random() < 0.1,
    weight_kg: below(20_000) / 1000,
    note: pick(['', 'leave at the door', 'ring twice, please', 'grüß Gott', 'call "before" noon']),
    delivery: {
      street: `${pick(['Main Street', 'Hauptstraße', 'Rue de la Paix'])} ${1 + below(200)}`,
      city: pick(['Berlin', 'London', 'Zürich', 'Lyon']),
      postcode: String(10_000 + below(89_999)),
      country_code: pick(['DE', 'GB', 'CH', 'FR']),
      floor: below(7),
    },
  };
  const envelope = { specversion: '1.0', id: `p${index}-${below(1e9)}`, source: '/shop', type: 'commerce.payments.v1' };
  return { json: JSON.stringify({ ...envelope, time: new Date(paidAt).toISOString(), data }), cents, fits };
}

const uuidOf = (below: (bound: number) => number): string =>
  '########-####-4###-8###-############'.replace(/#/g, () => below(16).toString(16));

/** Mulberry32: small, seeded, and the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
