import { generateShop } from '../../cli/demo/generate-shop.ts';

const shop = generateShop({ seed: 1, orders: 3000 });
const events = shop.outgoing.filter(({ raw }) => !raw).map(({ text }) => JSON.parse(text));

describe('the generated shop', () => {
  test('is the same, byte for byte, for the same seed', () => {
    expect(generateShop({ seed: 1, orders: 3000 }).outgoing).toEqual(shop.outgoing);
  });

  test('is another one for another seed', () => {
    expect(generateShop({ seed: 2, orders: 3000 }).outgoing).not.toEqual(shop.outgoing);
  });

  test('says how many events it sends', () => {
    expect(shop.events).toBe(shop.outgoing.length);
    expect(shop.events).toBeGreaterThan(3000);
  });

  test('sends some events twice, unchanged, and says how many', () => {
    const texts = shop.outgoing.filter(({ raw }) => !raw).map(({ text }) => text);
    expect(texts.length - new Set(texts).size).toBe(shop.duplicates);
    expect(shop.duplicates).toBeGreaterThan(10);
  });

  test('sends some records that nobody can read', () => {
    const broken = shop.outgoing.filter(({ raw }) => raw);
    expect(broken.length).toBeGreaterThan(3);
    for (const { text } of broken) expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  test('counts what can never land: unreadable, without a required field, of a wrong type, without a contract', () => {
    const rejected = events.filter(
      ({ type, data }) =>
        type !== 'commerce.orders.v1' || !data.ordered_at || typeof data.is_cancellation !== 'boolean',
    );
    const unreadable = shop.outgoing.length - events.length;
    expect(rejected.length + unreadable).toBe(shop.rejected);
    expect(rejected.length).toBeGreaterThan(10);
  });

  test('takes back orders with negative quantities under a number of their own', () => {
    const cancellations = events.filter(({ data }) => data.is_cancellation === true);
    expect(cancellations.length).toBeGreaterThan(50);
    for (const { data } of cancellations) {
      expect(data.order_id).toMatch(/^C\d+$/);
      for (const { quantity } of data.lines) expect(quantity).toBeLessThan(0);
    }
  });

  test('holds lines that break a rule, and states prices as text so that they stay exact', () => {
    const lines = events.flatMap(({ data }) => data.lines);
    expect(lines.filter(({ quantity }) => quantity === 0).length).toBeGreaterThan(10);
    expect(lines.filter(({ unit_price }) => unit_price.startsWith('-')).length).toBeGreaterThan(5);
    for (const { unit_price } of lines) expect(unit_price).toMatch(/^-?\d+\.\d\d$/);
  });
});
