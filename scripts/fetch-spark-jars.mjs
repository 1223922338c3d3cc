// Fetches what Spark needs beside its own jars (Delta, S3) into a cache folder. Java and the ivy that ships with
// pyspark do the work, by name: no Maven, no download address.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { javaCommand } from './requirements.mjs';

const HADOOP = '3.3.4'; // what pyspark 3.5.6 is built with
const AWS_SDK = '1.12.262'; // what that hadoop-aws is built with; its bundle of every service would be 280 MB

const WITH_DEPENDENCIES = 'default->default';
const ALONE = 'default->master';
const JARS = [
  { org: 'io.delta', name: 'delta-spark_2.12', rev: '3.3.3', conf: WITH_DEPENDENCIES },
  { org: 'org.apache.hadoop', name: 'hadoop-aws', rev: HADOOP, conf: ALONE },
  { org: 'com.amazonaws', name: 'aws-java-sdk-s3', rev: AWS_SDK, conf: WITH_DEPENDENCIES },
  { org: 'com.amazonaws', name: 'aws-java-sdk-dynamodb', rev: AWS_SDK, conf: WITH_DEPENDENCIES },
  { org: 'com.amazonaws', name: 'aws-java-sdk-sts', rev: AWS_SDK, conf: WITH_DEPENDENCIES },
];

/** Spark brings these itself; a second version beside it is a conflict waiting to happen. */
const SHIPPED_WITH_SPARK = [
  'org.scala-lang',
  'org.antlr',
  'commons-logging',
  'commons-codec',
  'org.apache.httpcomponents',
  'com.fasterxml.jackson.core',
  'joda-time',
];

const attributes = (pairs) =>
  Object.entries(pairs)
    .map(([key, value]) => `${key}="${value}"`)
    .join(' ');

const IVY_FILE = `<ivy-module version="2.0">
  <info organisation="sluice" module="spark-jars"/>
  <configurations><conf name="default"/></configurations>
  <dependencies>
    ${JARS.map((jar) => `<dependency ${attributes(jar)}/>`).join('\n    ')}
    ${SHIPPED_WITH_SPARK.map((org) => `<exclude org="${org}"/>`).join('\n    ')}
  </dependencies>
</ivy-module>
`;

const FINGERPRINT = createHash('sha256').update(IVY_FILE).digest('hex');

/** @param {string} cacheDir @returns {string} the folder that holds the jars */
export const sparkJarsFolder = (cacheDir) => join(cacheDir, 'spark-jars');

const stampOf = (folder) => join(folder, '.stamp');

/** @param {string} cacheDir @returns {boolean} whether exactly these jars are there */
export function sparkJarsReady(cacheDir) {
  const stamp = stampOf(sparkJarsFolder(cacheDir));
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === FINGERPRINT;
}

/**
 * Makes the folder of jars, or leaves it when it is there already. A fetch that breaks off leaves nothing behind.
 * @param {string} cacheDir
 * @param {string} pythonBin the Python that has pyspark
 * @returns {Promise<string>} the folder
 */
export async function fetchSparkJars(cacheDir, pythonBin) {
  const folder = sparkJarsFolder(cacheDir);
  if (sparkJarsReady(cacheDir)) return folder;
  mkdirSync(cacheDir, { recursive: true });
  const work = mkdtempSync(join(cacheDir, '.spark-jars-')); // in the same file system, so that the rename is atomic
  try {
    await retrieve(await findIvy(pythonBin), work);
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(work, 'jars'), folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return folder;
}

const run = promisify(execFile);

async function findIvy(pythonBin) {
  const code =
    'import glob, os, pyspark; print(glob.glob(os.path.join(os.path.dirname(pyspark.__file__), "jars", "ivy-*.jar"))[0])';
  const { stdout } = await run(pythonBin, ['-c', code]);
  return stdout.trim();
}

async function retrieve(ivy, work) {
  const ivyFile = join(work, 'ivy.xml');
  const jars = join(work, 'jars');
  writeFileSync(ivyFile, IVY_FILE);
  const pattern = join(jars, '[artifact]-[revision].[ext]');
  const args = ['-jar', ivy, '-ivy', ivyFile, '-cache', join(work, 'cache'), '-retrieve', pattern];
  try {
    await run(javaCommand(), args, { maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const lines = `${error.stdout ?? ''}${error.stderr ?? ''}`
      .split('\n')
      .filter((line) => /not found|unresolved|error|failed/i.test(line));
    throw new Error(
      `Spark's jars could not be fetched (${JARS.length} by name, with Java and ivy): ${lines.at(-1)?.trim() || error.message}; check the network and run the setup again`,
      { cause: error },
    );
  }
  writeFileSync(stampOf(jars), FINGERPRINT);
}
