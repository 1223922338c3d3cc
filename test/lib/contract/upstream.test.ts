import { tableId } from '../../../lib/contract/contract.ts';
import { upstreamDomains, withUpstream } from '../../../lib/contract/upstream.ts';
import { loadFiles } from './load-sample.ts';
import { GOLD, type SampleLayer, SILVER, sampleFiles } from './sample-contracts.ts';

const INPUT = 'inputs: [{ table: toys.silver.items }]';
const PIPELINE = '    customProperties:\n      - property: pipeline';
const shared = (...domains: string[]) =>
  `    customProperties:\n      - { property: sharedWith, vendor: sluice, value: [${domains.join(', ')}] }\n      - property: pipeline`;

const own = (text: string, layer: SampleLayer, domain: string) =>
  text.replace(`toys-${layer}`, `${domain}-${layer}`).replace('domain: toys', `domain: ${domain}`);

/** Gold of another domain, made of a table of toys or of another one. */
const reader = (domain: string, table = 'toys.silver.items') => ({
  file: `domains/${domain}/contracts/gold/sales.odcs.yaml`,
  text: own(GOLD, 'gold', domain).replace('toys.silver.items', table),
});

/** The sample domain, whose silver is shared so, and other files. */
function load(sharing: string, ...others: readonly { file: string; text: string }[]) {
  const { contracts, problems } = loadFiles([...sampleFiles('silver', PIPELINE, sharing), ...others]);
  return {
    contracts,
    problems: problems.map((line) =>
      line.replace(/^domains\/(\w+)\/contracts\/.*?: schema\[0\]\.customProperties/, '$1'),
    ),
  };
}

test('gold is made of a table of another domain that shares it', () => {
  const { contracts, problems } = load(shared('games'), reader('games'));
  expect(problems).toEqual([]);
  expect(upstreamDomains('games', contracts)).toEqual(['toys']);
  expect(withUpstream('games', contracts).map(tableId)).toEqual(['games.gold.sales', 'toys.silver.items']);
  expect(upstreamDomains('toys', contracts)).toEqual([]);
});

test.each<[string, string, ReturnType<typeof reader>, string]>([
  [
    'not shared',
    PIPELINE,
    reader('games'),
    'games[0].value.inputs[0].table: found toys.silver.items, which is not shared with games; its owner someone allows it in domains/toys/contracts/silver/items.odcs.yaml: { property: sharedWith, vendor: sluice, value: [games] }',
  ],
  [
    'bronze',
    shared('games'),
    reader('games', 'toys.bronze.visits'),
    'games[0].value.inputs[0].table: found a table of bronze of toys, allowed: a table of its silver',
  ],
  [
    'gold',
    shared('games'),
    reader('games', 'toys.gold.sales'),
    'games[0].value.inputs[0].table: found a table of gold of toys, allowed: a table of its silver',
  ],
  [
    'unknown',
    shared('games'),
    reader('games', 'toys.silver.itms'),
    "games[0].value.inputs[0].table: found 'toys.silver.itms', allowed: games.gold.sales, toys.bronze.visits, toys.gold.sales, toys.silver.items; did you mean 'toys.silver.items'?",
  ],
])('an input that is %s is refused with what to do', (_, sharing, file, problem) => {
  const { problems } = load(sharing, file);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(problem);
});

test('silver reads no other domain', () => {
  const text = own(SILVER, 'silver', 'games').replace('toys.bronze.visits, explode: items', 'toys.silver.items');
  const { problems } = load(shared('games'), { file: 'domains/games/contracts/silver/items.odcs.yaml', text });
  expect(problems).toContain(
    'games[0].value.inputs[0].table: found a table of silver of toys, allowed: of games; gold alone reads tables of other domains',
  );
});

test('domains that would wait for one another are refused, by the way that leads back', () => {
  const files = sampleFiles('silver', PIPELINE, shared('games')).map((each) =>
    each.file.includes('/gold/')
      ? { ...each, text: each.text.replace(INPUT, 'inputs: [{ table: games.silver.items }]') }
      : each,
  );
  const others = [...files, reader('games')].flatMap(({ file, text }) => {
    const twin = { file: file.replace('/toys/', '/games/'), text: own(text, 'silver', 'games') };
    const isSource = file.includes('toys') && !file.includes('/gold/');
    const renamed = own(own(twin.text, 'bronze', 'games'), 'silver', 'games').replaceAll('toys.', 'games.');
    return isSource
      ? [
          { file, text },
          { ...twin, text: renamed.replace('[games]', '[toys]') },
        ]
      : [{ file, text }];
  });
  const { problems } = loadFiles(others);
  expect(problems.map((line) => line.replace(/.*table: /, ''))).toEqual([
    'found a table of toys, allowed: of domains that do not read games in turn: games → toys → games',
    'found a table of games, allowed: of domains that do not read toys in turn: toys → games → toys',
  ]);
});

test.each([
  ['itself', shared('toys'), "toys: sharedWith: found 'toys', allowed: games; these are the other domains"],
  [
    'nobody',
    shared('gmaes'),
    "toys: sharedWith: found 'gmaes', allowed: games; did you mean 'games'?; these are the other domains",
  ],
])('a table that is shared with %s is refused', (_, sharing, problem) => {
  expect(load(sharing, reader('games', 'games.silver.none')).problems).toContainEqual(expect.stringContaining(problem));
});

test('gold is shared by its roles, not with domains', () => {
  const files = sampleFiles('gold', PIPELINE, shared('games'));
  const { problems } = loadFiles([...files, reader('games', 'games.silver.none')]);
  expect(problems).toContainEqual(expect.stringContaining('sharedWith: found on gold, allowed: on a table of silver'));
});
