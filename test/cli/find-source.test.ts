import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findSource } from '../../cli/send/find-source.ts';

const MAPPING = 'source: /web\nevent: shop.orders.v1\nid: order_id\ntime: at\n';
const root = mkdtempSync(path.join(os.tmpdir(), 'sluice-sources-'));
afterAll(() => rmSync(root, { recursive: true }));

for (const source of ['shop/web', 'shop/till', 'clinic/web']) {
  const [domain = '', name = ''] = source.split('/');
  const folder = path.join(root, 'domains', domain, 'sources');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${name}.yaml`), MAPPING);
}

describe('finding a source', () => {
  test('by its name', () => {
    expect(findSource(root, 'till')).toMatchObject({ domain: 'shop', mapping: { event: 'shop.orders.v1' } });
  });

  test('by domain and name, when two domains have the name', () => {
    expect(findSource(root, 'clinic/web').domain).toBe('clinic');
    expect(() => findSource(root, 'web')).toThrow("source 'web' is not the only one; name one of clinic/web, shop/web");
  });

  test('says which there are and which comes nearest', () => {
    expect(() => findSource(root, 'tille')).toThrow(
      "source 'tille' is unknown; there are clinic/web, shop/till, shop/web; did you mean 'till'?",
    );
  });
});
