// A fresh process of a function: node first-batch.mjs <bundle> <event.json>. Prints how long it took to load, and the first event.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [bundle, event] = process.argv.slice(2);
const started = performance.now();
const { handler } = await import(pathToFileURL(bundle).href);
const loaded = performance.now();
const { batchItemFailures } = await handler(JSON.parse(readFileSync(event, 'utf8')));
const landed = performance.now();
if (batchItemFailures.length > 0) throw new Error('the first batch was not landed');
process.stdout.write(
  `\n${JSON.stringify({ startMs: started, loadMs: loaded - started, firstBatchMs: landed - loaded, rssMb: process.memoryUsage().rss / 2 ** 20 })}\n`,
);
