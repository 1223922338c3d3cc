import { Stack, Tags } from 'aws-cdk-lib';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type Contract, folderOf } from '../contract/contract.ts';
import type { Environment } from '../environments.ts';
import type { Lake } from './lake.ts';
import { nameOf, publishParameter } from './names.ts';
import { allow } from './permissions.ts';

export interface SparkApplicationProps {
  readonly environment: Environment;
  readonly domain: string;
  readonly lake: Lake;
  /** Tables of other domains that its jobs read. */
  readonly upstream: readonly Contract[];
}

/** Spark for one domain: capped, stopped when idle, Delta and Glue set up, reaching this domain's folders only, and tables that others share with it. */
export class SparkApplication extends Construct {
  readonly application: CfnApplication;
  readonly jobRole: Role;

  constructor(scope: Construct, id: string, props: SparkApplicationProps) {
    super(scope, id);
    const { environment, domain, lake, upstream } = props;
    this.application = this.createApplication(props);
    this.jobRole = jobRoleOf(this, 'JobRole');
    allowTables(this.jobRole, lake, domain);
    if (upstream.length > 0) lake.grantRead({ role: this.jobRole }, 'silver', ...upstream.map(folderOf));
    publishParameter(this, 'ApplicationId', {
      environment,
      path: [domain, 'application-id'],
      value: this.application.attrApplicationId,
    });
  }

  private createApplication({ environment, domain, lake }: SparkApplicationProps): CfnApplication {
    const { spark } = environment;
    const application = new CfnApplication(this, 'Application', {
      name: nameOf(environment, domain, 'spark'),
      type: 'SPARK',
      releaseLabel: RELEASE,
      architecture: 'ARM64',
      autoStartConfiguration: { enabled: true },
      autoStopConfiguration: { enabled: true, idleTimeoutMinutes: spark.autoStopMinutes },
      maximumCapacity: {
        cpu: `${spark.maximumVcpu} vCPU`,
        memory: `${spark.maximumMemoryGb} GB`,
        disk: `${spark.maximumDiskGb} GB`,
      },
      runtimeConfiguration: [{ classification: 'spark-defaults', properties: sparkDefaults(spark.maxExecutors) }],
      monitoringConfiguration: {
        s3MonitoringConfiguration: { logUri: lake.uri('ops', 'logs/'), encryptionKeyArn: lake.key.keyArn },
      },
    });
    Tags.of(application).add('sluice:domain', domain);
    return application;
  }
}

/** A role that jobs run as, which may do nothing until it is granted. */
export const jobRoleOf = (scope: Construct, id: string): Role =>
  new Role(scope, id, {
    assumedBy: new ServicePrincipal('emr-serverless.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  });

/** Starts jobs of an application and follows them, as nobody but this role. */
export function allowJobRuns(
  to: Role,
  { application, jobRole }: { readonly application: CfnApplication; readonly jobRole: Role },
  ...more: readonly string[]
): void {
  const actions = ['emr-serverless:StartJobRun', 'emr-serverless:TagResource'];
  allow(to, { actions, resources: [application.attrArn] });
  allow(to, {
    actions: ['emr-serverless:GetJobRun', ...more, 'emr-serverless:TagResource'],
    resources: [`${application.attrArn}/jobruns/*`],
    wildcardReason: 'the id of a job run is known once it has started',
  });
  allow(to, {
    actions: ['iam:PassRole'],
    resources: [jobRole.roleArn],
    conditions: { StringEquals: { 'iam:PassedToService': 'emr-serverless.amazonaws.com' } },
  });
}

/** Spark 3.5.6 with Delta 3.3.2. */
const RELEASE = 'emr-7.13.0';
/** 3.9 is the release's own default. */
const PYTHON = '/usr/bin/python3.11';

const sparkDefaults = (maxExecutors: number): Record<string, string> => ({
  'spark.jars': '/usr/share/aws/delta/lib/delta-spark.jar,/usr/share/aws/delta/lib/delta-storage.jar',
  'spark.sql.extensions': 'io.delta.sql.DeltaSparkSessionExtension',
  'spark.sql.catalog.spark_catalog': 'org.apache.spark.sql.delta.catalog.DeltaCatalog',
  'spark.hadoop.hive.metastore.client.factory.class':
    'com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory',
  'spark.emr-serverless.driverEnv.PYSPARK_DRIVER_PYTHON': PYTHON,
  'spark.emr-serverless.driverEnv.PYSPARK_PYTHON': PYTHON,
  'spark.executorEnv.PYSPARK_PYTHON': PYTHON,
  // The release's own limit is infinity.
  'spark.dynamicAllocation.maxExecutors': String(maxExecutors),
  'spark.scheduler.mode': 'FAIR',
  'spark.sql.ansi.enabled': 'false',
  'spark.sql.session.timeZone': 'UTC',
});

function allowTables(role: Role, lake: Lake, domain: string): void {
  lake.grantRead({ role }, 'bronze', `${domain}/`);
  lake.grantManage({ role }, 'silver', `${domain}/`);
  lake.grantManage({ role }, 'gold', `${domain}/`);
  lake.grantReadWrite({ role }, 'ops', `runs/${domain}/`, `backfills/${domain}/`);
  lake.grantWrite({ role }, 'ops', 'logs/');
  allowCatalogue(role, domain);
}

/** Published gold is not among the databases: Spark builds candidates, and publish-tables shows them. */
function allowCatalogue(role: Role, domain: string): void {
  const glue = (resource: string, resourceName?: string): string =>
    Stack.of(role).formatArn({ service: 'glue', resource, ...(resourceName ? { resourceName } : {}) });
  const databases = ['bronze', 'silver', 'gold_blue', 'gold_green'].map((part) => `${domain}_${part}`);
  allow(role, {
    actions: [
      'glue:GetDatabase',
      'glue:GetDatabases',
      'glue:CreateDatabase',
      'glue:GetTable',
      'glue:GetTables',
      'glue:CreateTable',
      'glue:UpdateTable',
      'glue:DeleteTable',
      'glue:GetPartitions',
    ],
    resources: [
      glue('catalog'),
      // The Hive client looks for it when it starts.
      glue('database', 'default'),
      ...databases.flatMap((name) => [glue('database', name), glue('table', `${name}/*`)]),
    ],
    wildcardReason: "the domain's tables come and go with its contracts",
  });
}
