import { setTimeout as sleep } from 'node:timers/promises';
import type { RunItem } from '../../../lambdas/shared/ledger.ts';
import { type Block, patternOf, readGuide, scriptOf } from '../../docs/read-guide.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';
import { event, line, order } from './shop-events.ts';

const POLL_MS = 100;

const RUN = 'commerce-\\d{8}t\\d{6}-[0-9a-f]{8}';

/** What a person picks for a `<name>` from what they saw last. */
const PICKED: Readonly<Record<string, RegExp>> = {
  run: new RegExp(`(${RUN})`), // lists begin with the newest
  'blocked run': new RegExp(`(${RUN}) +blocked`),
  entry: /^([0-9a-f]{12}) /m,
};

/** The guide is followed from its first command to its last, by somebody to whom all of it happens in one night. */
export function guideRuns(platform: PlatformUnderTest): void {
  const blocks = readGuide('docs/guides/runs-and-recovery.md');
  const sections = [...new Set(blocks.map(({ section }) => section))];
  const said: string[] = [];

  /** What the section begins with, where the platform does not come to it by itself. */
  const situations: Readonly<Record<string, () => Promise<void>>> = {
    'A run has to stop, or broke': async () => {
      const late = { ...order('E2E-GUIDE', [line(1)]), ordered_at: '2010-12-05T10:00:00Z' };
      await platform.succeed('send', 'shop', platform.writeLines('guide.jsonl', [event('e2e-guide', late)]));
      await untilRunning();
    },
  };

  async function untilRunning(): Promise<void> {
    for (;;) {
      const [run] = await platform.json<RunItem[]>('runs', '--limit', '1');
      if (run?.status === 'running') return;
      await sleep(POLL_MS);
    }
  }

  function filledIn(commands: string): string {
    return commands.replaceAll(/<([a-z ]+)>/g, (_, name: string) => {
      const picked = said.toReversed().flatMap((text) => PICKED[name]?.exec(text)?.[1] ?? []);
      if (picked[0] === undefined)
        throw new Error(`no command before printed what stands for <${name}> in: ${commands}`);
      return picked[0];
    });
  }

  async function type(line: string): Promise<string> {
    const command = filledIn(line);
    const { code, stdout, stderr } = await platform.bash(scriptOf(command));
    const text = `${stdout}${stderr}`;
    if (code !== 0) throw new Error(`${command} ended with ${code}:\n${text}`);
    said.push(text);
    return text;
  }

  /** Line by line, since a line may name what the one before has printed. */
  async function follow({ commands, seen }: Block): Promise<void> {
    let text = '';
    for (const line of commands.trim().split('\n')) text += await type(line);
    const unseen = seen.filter((expected) => !patternOf(expected).test(text));
    if (unseen.length > 0) throw new Error(`${commands}did not print\n${unseen.join('\n')}\nbut\n${text}`);
  }

  describe('the guide to runs and recovery', () => {
    test('has the sections that are made to happen here', () => {
      expect(sections).toEqual(expect.arrayContaining(Object.keys(situations)));
    });

    test.each(sections)('%s', async (section) => {
      await situations[section]?.();
      for (const block of blocks.filter((each) => each.section === section)) await follow(block);
    });
  });
}
