import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EMRServerlessClient, ListApplicationsCommand, ListJobRunsCommand } from '@aws-sdk/client-emr-serverless';
import { GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Settled } from '../../cli/wait.ts';
import type { RunItem } from '../../lambdas/shared/ledger.ts';
import { killChildren, type Victim } from './chaos/processes.ts';
import { MADE_UP_RATES, madeUpDay } from './made-up-days.ts';

const PROJECT = path.resolve(import.meta.dirname, '..', '..');
const DATA = path.resolve(PROJECT, '..', 'shared', 'data');
const ARCHIVES = path.join(DATA, 'online-retail');
const RATES = path.join(DATA, 'fx', 'monthly.csv');
/** All months of the days of the shop, and none after them: their rates would be carried forward. */
const MONTHS = /^(Date|2010-1[12]|2011-0[1-3])/;

const REGION = 'us-east-1';
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Where the days of a real shop are; undefined when its data does not lie beside the project. */
function archiveOfDays(): string | undefined {
  const name = existsSync(ARCHIVES) && readdirSync(ARCHIVES).find((each) => each.endsWith('.tar.xz'));
  return name ? path.join(ARCHIVES, name) : undefined;
}

/** The days of the real shop, in order. */
export function daysOfTheShop(): string[] {
  const archive = archiveOfDays();
  if (!archive) throw new Error(`the days of a real shop are not at ${ARCHIVES}`);
  const names = execFileSync('tar', ['-tJf', archive], { encoding: 'utf8' }).trim().split('\n');
  return names.map((name) => path.basename(name, '.csv')).sort();
}

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type Row = Record<string, unknown>;

/** A platform of its own, driven as a person drives it: by the command line. */
export class PlatformUnderTest {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'sluice-e2e-'));
  private readonly home = path.join(this.folder, 'home');
  private endpoint = '';

  /** Starts the cloud, with its data in a folder of this test's own. */
  async up(): Promise<void> {
    this.endpoint = (await this.json<{ endpoint: string }>('up')).endpoint;
  }

  /** Runs a command, whatever comes of it. */
  sluice(...args: readonly string[]): Promise<Result> {
    return this.sluiceOf(PROJECT, ...args);
  }

  /** The same by another copy of the project. */
  sluiceOf(project: string, ...args: readonly string[]): Promise<Result> {
    return run(process.execPath, [path.join(project, 'bin', 'sluice.mjs'), ...args], this.env);
  }

  /** Runs commands for bash in the folder of the project; the first that fails ends them. */
  bash(script: string): Promise<Result> {
    return run('bash', ['-euo', 'pipefail', '-c', script], this.env);
  }

  private get env(): NodeJS.ProcessEnv {
    return { ...process.env, SLUICE_HOME: this.home };
  }

  /** Runs a command that must succeed. */
  async succeed(...args: readonly string[]): Promise<Result> {
    const result = await this.sluice(...args);
    if (result.code !== 0) throw new Error(`sluice ${args.join(' ')} ended with ${result.code}:\n${result.stderr}`);
    return result;
  }

  /** What a command prints for programs. */
  async json<T>(...args: readonly string[]): Promise<T> {
    return JSON.parse((await this.succeed(...args, '--json')).stdout) as T;
  }

  query(sql: string): Promise<Row[]> {
    return this.json<Row[]>('query', sql);
  }

  /** Changes with any value of any row of gold. */
  goldFingerprint(): Promise<Row[]> {
    return this.query(`
      select (select md5(string_agg(f::varchar, '|' order by order_id, line_no))
              from commerce_gold.gold_fact_sales f) as sales,
             (select md5(string_agg(p::varchar, '|' order by product_id, period, period_start, currency))
              from commerce_gold.gold_product_performance p) as products,
             (select md5(string_agg(c::varchar, '|' order by customer_id, segment_month))
              from commerce_gold.gold_customer_segments c) as segments,
             (select md5(string_agg(d::varchar, '|' order by product_id, valid_from))
              from commerce_gold.gold_dim_products d) as catalogue,
             (select md5(string_agg(c::varchar, '|' order by customer_id, valid_from))
              from commerce_gold.gold_dim_customers c) as customers,

             (select md5(string_agg(m::varchar, '|' order by order_id, campaign))
              from commerce_gold.gold_marketing_attribution m) as attribution`);
  }

  /** Sums of gold by a column, in the form of reference_totals.py. */
  goldBy(column: string, condition = 'true'): Promise<Row[]> {
    return this.query(`
      select ${column}::varchar as key, count(*) as lines, sum(quantity) as units, sum(net_amount) as revenue,
             sum(net_amount_eur) as revenue_eur, sum(net_amount_usd) as revenue_usd
      from commerce_gold.gold_fact_sales where ${condition} group by 1 order by 1 nulls last`);
  }

  /** Sends files of the shop and waits until the platform is at rest. */
  async sendAndWait(...args: readonly string[]): Promise<Settled & { readonly lastRun: RunItem }> {
    await this.succeed('send', 'shop', ...args);
    const { commerce } = await this.json<{ commerce: Settled & { lastRun: RunItem } }>('wait', '--timeout', '540');
    return commerce;
  }

  /** What a stack published for others, such as `storage/landing-bucket`. */
  async parameter(name: string): Promise<string> {
    const client = new SSMClient(this.client());
    const { Parameter } = await client.send(new GetParameterCommand({ Name: `/sluice/local/${name}` }));
    return Parameter?.Value ?? '';
  }

  /** Where a table lies, as the catalogue says. */
  async location(database: string, name: string): Promise<string> {
    const { Table } = await new GlueClient(this.client()).send(
      new GetTableCommand({ DatabaseName: database, Name: name }),
    );
    return Table?.StorageDescriptor?.Location ?? '';
  }

  /** Ids of all Spark jobs there ever were, or of those whose name begins so. */
  async sparkJobs(named = ''): Promise<string[]> {
    const client = new EMRServerlessClient(this.client());
    const { applications = [] } = await client.send(new ListApplicationsCommand({}));
    const lists = applications.map(({ id }) => client.send(new ListJobRunsCommand({ applicationId: id })));
    const jobs = (await Promise.all(lists)).flatMap(({ jobRuns = [] }) => jobRuns);
    return jobs.flatMap(({ id = '', name = '' }) => (name.startsWith(named) ? [id] : [])).sort();
  }

  /** Ends the cloud without any warning. */
  kill(): void {
    process.kill(this.pid, 'SIGKILL');
  }

  /** Ends a function's or the driver's processes without any warning. @returns how many there were. */
  killChildren(victim: Victim): number {
    return killChildren(this.pid, victim);
  }

  /** A file of JSON lines below the folder; text stays as it is. */
  writeLines(name: string, lines: readonly (object | string)[]): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
    return file;
  }

  /** Runs a script of this folder against the cloud and reads the JSON that it prints last. */
  async python<T>(script: string, ...args: readonly string[]): Promise<T> {
    const { accessKeyId, secretAccessKey } = CREDENTIALS;
    const region = { AWS_REGION: REGION, AWS_DEFAULT_REGION: REGION };
    const credentials = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, ...region };
    const env = { ...process.env, ...credentials, AWS_ENDPOINT_URL: this.endpoint, AWS_ALLOW_HTTP: 'true' };
    const python = path.join(PROJECT, '.venv', 'bin', 'python');
    const result = await run(python, [path.join(import.meta.dirname, script), ...args], env);
    if (result.code !== 0) throw new Error(`${script} ended with ${result.code}:\n${result.stderr}`);
    return JSON.parse(result.stdout.trim().split('\n').at(-1) ?? '') as T;
  }

  /** The CSV files of these days: of a real shop where its data lies beside the project, else made up. */
  shopDays(...days: readonly string[]): string[] {
    const files = days.map((day) => `${day}.csv`);
    const archive = archiveOfDays();
    process.stderr.write(`days of the shop: ${archive ? 'real' : `made up, since ${ARCHIVES} is missing`}\n`);
    if (archive) execFileSync('tar', ['-xJf', archive, '-C', this.folder, ...files]);
    else for (const day of days) writeFileSync(path.join(this.folder, `${day}.csv`), madeUpDay(day));
    return files.map((file) => path.join(this.folder, file));
  }

  /** The file of exchange rates: real ones where they lie beside the project, else made up. */
  rates(): string {
    const text = existsSync(RATES) ? readFileSync(RATES, 'utf8') : MADE_UP_RATES;
    const file = path.join(this.folder, 'rates.csv');
    const rows = text.split(/\r?\n/).filter((row) => MONTHS.test(row));
    writeFileSync(file, rows.map((row) => `${row}\n`).join(''));
    return file;
  }

  /** A file of a source that is made up to fit these files of the shop. */
  async generated(source: string, from: string, to: string, files: readonly string[], kind = 'csv'): Promise<string> {
    const { stdout } = await this.succeed('generate', source, '--from', from, '--to', to, '--data', ...files);
    const file = path.join(this.folder, `${source}.${kind}`);
    writeFileSync(file, stdout);
    return file;
  }

  private get pid(): number {
    return (JSON.parse(readFileSync(path.join(this.home, 'cloud.json'), 'utf8')) as { pid: number }).pid;
  }

  /** What every client needs to reach it. */
  client() {
    return { endpoint: this.endpoint, region: REGION, credentials: CREDENTIALS };
  }

  async dispose(): Promise<void> {
    await this.sluice('down');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const run = (command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Result> =>
  new Promise((resolve) => {
    execFile(command, args, { cwd: PROJECT, env, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
