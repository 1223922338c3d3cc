import { jest } from '@jest/globals';
import { chaos } from './chaos/chaos.ts';
import { PlatformUnderTest } from './platform-under-test.ts';
import { accounting } from './scenarios/accounting.ts';
import { blockedRun } from './scenarios/blocked-run.ts';
import { brokenInput } from './scenarios/broken-input.ts';
import { cancelledRun } from './scenarios/cancelled-run.ts';
import { files } from './scenarios/files.ts';
import { guideRuns } from './scenarios/guide-runs.ts';
import { heldBatch } from './scenarios/held-batch.ts';
import { lateDays } from './scenarios/late-days.ts';
import { loads } from './scenarios/loads.ts';
import { lostMessages } from './scenarios/lost-messages.ts';
import { operations } from './scenarios/operations.ts';
import { quarantine } from './scenarios/quarantine.ts';
import { rebuild } from './scenarios/rebuild.ts';
import { rollback } from './scenarios/rollback.ts';
import { schemaEvolution } from './scenarios/schema-evolution.ts';
import { secondDomain } from './scenarios/second-domain.ts';
import { shopDays } from './scenarios/shop-days.ts';
import { watchdog } from './scenarios/watchdog.ts';

// Against what hangs alone: how long a run takes depends on what else the machine has to do.
jest.setTimeout(15 * 60_000);

/** One platform for all: what a scenario leaves behind is what the next one starts from. */
const platform = new PlatformUnderTest();

beforeAll(async () => {
  await platform.up();
  await platform.succeed('deploy', '--domain', 'commerce');
});

afterAll(() => platform.dispose());

shopDays(platform);
lateDays(platform);
rebuild(platform);
brokenInput(platform);
blockedRun(platform);
rollback(platform);
cancelledRun(platform);
guideRuns(platform);
quarantine(platform);
heldBatch(platform);
accounting(platform);
files(platform);
loads(platform);
operations(platform);
watchdog(platform);
lostMessages(platform);
chaos(platform);
secondDomain(platform);
schemaEvolution(platform);
