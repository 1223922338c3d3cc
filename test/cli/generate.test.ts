import { findGenerator } from '../../cli/generate/find-generator.ts';
import { PROJECT } from '../../cli/shared/project.ts';

const generated = async (from: string, to: string, seed = 1) => [
  ...(await findGenerator(PROJECT, 'fx'))({ from, to, seed }),
];

describe('generated rates', () => {
  test('are those of each month that the days touch, in the columns of the monthly file', async () => {
    const [header, ...lines] = await generated('2025-12-31', '2026-02-01');
    expect(header).toBe('Date,Country,Exchange rate');
    expect(new Set(lines.map((line) => line.slice(0, 10)))).toEqual(
      new Set(['2025-12-01', '2026-01-01', '2026-02-01']),
    );
    for (const line of lines) expect(line).toMatch(/^\d{4}-\d{2}-01,[A-Z][A-Za-z ]+,\d+\.\d{4}$/);
    expect(new Set(lines).size).toBe(lines.length);
  });

  test('are the same for the same seed, whatever month they begin with, and others for another', async () => {
    const [, ...year] = await generated('2026-01-01', '2026-12-31');
    const [, ...autumn] = await generated('2026-09-10', '2026-11-02');
    expect(year.filter((line) => /^2026-(09|10|11)/.test(line))).toEqual(autumn);
    expect(await generated('2026-09-10', '2026-11-02', 2)).not.toEqual(await generated('2026-09-10', '2026-11-02'));
  });

  test('stay near what they are about', async () => {
    const euros = (await generated('2000-01-01', '2030-12-31')).filter((line) => line.includes('Euro'));
    for (const line of euros) expect(Math.abs(Number(line.split(',')[2]) / 0.91 - 1)).toBeLessThan(0.1);
    expect(new Set(euros.map((line) => line.split(',')[2])).size).toBeGreaterThan(euros.length / 2);
  });

  test('of a source that has no generator are refused, with those that have one', async () => {
    await expect(findGenerator(PROJECT, 'fxx')).rejects.toThrow(
      "generator 'fxx' is unknown; there are commerce/fx; did you mean 'fx'?",
    );
  });
});
