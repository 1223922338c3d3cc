import { Progress } from '../../cli/shared/progress.ts';

function record(isTTY: boolean): { output: string[]; progress: Progress } {
  const output: string[] = [];
  return { output, progress: new Progress({ isTTY, write: (text) => output.push(text) }) };
}

describe('progress', () => {
  test('in a log is plain lines: what began, how it ended, the time it took and the last detail', async () => {
    const { output, progress } = record(false);
    const result = await progress.step('send', async (tell) => {
      tell('1 event');
      tell('2 events');
      return 42;
    });
    expect(result).toBe(42);
    expect(output.join('')).toMatch(/^… send\n✓ send {2}0\.0 s {2}2 events\n$/);
  });

  test('of a failed step says so with the first line of the reason, and passes the failure on', async () => {
    const { output, progress } = record(false);
    const failing = progress.step('deploy', async () => {
      throw new Error('no room\nat line 1');
    });
    await expect(failing).rejects.toThrow('no room');
    expect(output.join('')).toMatch(/✗ deploy {2}0\.0 s {2}no room\n$/);
  });

  test('on a terminal leaves only the finished lines standing', async () => {
    const { output, progress } = record(true);
    await progress.step('start', async () => {});
    expect(output.join('')).toBe('\r\u001b[2K✓ start  0.0 s\n');
  });
});
