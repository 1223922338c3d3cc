import { readFileSync } from 'node:fs';
import { inputsOf, KEPT_DAYS, type Known, type Route, routeTo, stepsOf } from '../../../lib/publish/decide-rollback.ts';
import type { Publication } from '../../../lib/publish/publication.ts';
import { PRODUCTS, publicationOf, returnTo, SALES } from './publications.ts';

const deployed = [SALES, PRODUCTS].map((id) => ({ id, contractVersion: '1.4.0' }));

/** Publications in the order in which they came; consumers see the last one. */
const known = (...publications: readonly Publication[]): Known => ({
  ...{ domain: 'shop', publications: publications.toReversed(), visible: publications.at(-1)?.id, deployed },
});
const three = known(publicationOf(1), publicationOf(2), publicationOf(3));

function stepsFrom(from: Known, to?: string, isUsable: (id: string) => boolean = () => true): string[] {
  const route = routeTo(from, { to });
  if (route.type === 'Refused') return [route.reason];
  const steps = stepsOf({ ...route, others: route.others.filter(({ id }) => isUsable(id)) });
  if (!Array.isArray(steps)) return ['reason' in steps ? steps.reason : ''];
  return steps.map((step) => `${step.type} ${step.type === 'forget' ? step.slot : step.publication.id}`);
}

describe('a rollback', () => {
  test('shows the publication before, and takes the slot that was seen back to the one before that', () => {
    expect(stepsFrom(three)).toEqual(['restore shop-2', 'show shop-2', 'restore shop-1']);
  });

  test('has a slot built in full where nothing is known, or kept, of what it held before', () => {
    expect(stepsFrom(known(publicationOf(1), publicationOf(2)))).toEqual([
      'restore shop-1',
      'show shop-1',
      'forget green',
    ]);
    expect(stepsFrom(three, undefined, (id) => id !== 'shop-1')).toEqual([
      'restore shop-2',
      'show shop-2',
      'forget blue',
    ]);
  });

  test('never changes a slot that is seen: what lies in it is restored while consumers see the other one', () => {
    const four = known(...[1, 2, 3, 4].map((number) => publicationOf(number)));
    expect(stepsFrom(four, 'shop-2')).toEqual(['restore shop-1', 'show shop-1', 'restore shop-2', 'show shop-2']);
    expect(stepsFrom(three, 'shop-1')).toEqual([
      'restore shop-2',
      'show shop-2',
      'restore shop-1',
      'show shop-1',
      'forget green',
    ]);
  });

  test('is refused where the slot that is not seen has nothing to show meanwhile', () => {
    const [reason] = stepsFrom(three, 'shop-1', () => false);
    expect(reason).toBe("publication 'shop-1' lies in the slot that consumers see, and the other one is gone");
  });

  test('goes on further back from what another one showed, and forward again', () => {
    const after = known(publicationOf(1), publicationOf(2), publicationOf(3), returnTo(2, 'shop-5'));
    expect(stepsFrom(after)).toEqual(['restore shop-1', 'show shop-1', 'forget green']);
    expect(stepsFrom(after, 'shop-3')).toEqual(['restore shop-3', 'show shop-3', 'restore shop-5']);
  });

  test.each<[string, Known, string | undefined, RegExp]>([
    ['nothing before', known(publicationOf(1)), undefined, /^'shop' has no publication before the one that/],
    [
      'an unknown one',
      three,
      'shop-9',
      /^publication 'shop-9' is unknown; list them with `sluice publish history shop`/,
    ],
    ['what is seen', three, 'shop-3', /^consumers see publication 'shop-3' already$/],
    [
      'what was not kept',
      { ...three, visible: undefined },
      undefined,
      /^what consumers of 'shop' see is none of its last 3/,
    ],
    ['a domain without any', known(), undefined, /^no publication of 'shop' is recorded yet$/],
  ])('is refused for %s', (_, from, to, reason) => {
    expect(routeTo(from, { to })).toEqual({ type: 'Refused', reason: expect.stringMatching(reason) });
  });

  test('is refused where consumers would lose a table, or see one by the rules of another major version', () => {
    const [first, second] = [publicationOf(1), publicationOf(2)];
    const without = { ...first, tables: { [SALES]: { version: 1, rows: 1 } } };
    const lost = `publication 'shop-1' has no ${PRODUCTS}, which consumers see now`;
    expect(routeTo(known(without, second), {})).toEqual({ type: 'Refused', reason: lost });
    const older = { ...first, tables: { ...first.tables, [SALES]: { version: 1, rows: 1, contractVersion: '0.9.0' } } };
    const changed = `publication 'shop-1' has ${SALES} by version 0.9.0 of its contract, and 1.4.0 is deployed`;
    expect(routeTo(known(older, second), {})).toEqual({ type: 'Refused', reason: changed });
  });

  test('is refused where consumers see something else by now, so that asking twice goes back once', () => {
    expect(routeTo(three, { from: 'shop-3' }).type).toBe('Route');
    const reason = "consumers see publication 'shop-3' by now, and no longer 'shop-2'";
    expect(routeTo(three, { from: 'shop-2' })).toEqual({ type: 'Refused', reason });
  });

  test('does not miss a table that is deployed no more', () => {
    const from = { ...three, deployed: deployed.slice(0, 1) };
    expect((routeTo(from, {}) as Route).target.id).toBe('shop-2');
  });
});

describe('a slot that holds a publication again', () => {
  test('is built on from what that was built from, while changes of silver since are certainly kept', () => {
    const publication = publicationOf(1);
    expect(inputsOf(publication, '2011-01-08T09:59:00.000Z')).toEqual(publication.builtFrom);
    expect(inputsOf(publication, '2011-01-08T10:00:00.000Z')).toEqual({});
  });

  test('reckons with as many days as maintenance keeps', () => {
    const maintenance = readFileSync('lambdas/maintain-tables/maintain_tables.py', 'utf8');
    expect(maintenance).toContain(`VACUUM_HOURS = ${KEPT_DAYS} * 24`);
  });
});
