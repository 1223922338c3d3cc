import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Contract } from '../contract/contract.ts';
import { schedulerExpression } from '../contract/scheduler-expression.ts';
import { schedulesOf, scheduleText } from '../plan/schedules.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { NodeFunction } from './node-function.ts';
import { allow } from './permissions.ts';

export interface RunSchedulesProps {
  readonly contracts: readonly Contract[];
  readonly startRun: NodeFunction;
  readonly deadLetters: DeadLetters;
}

/** Runs a domain by the clock: once for each schedule that its contracts name, however many of them name it. */
export class RunSchedules extends Construct {
  private readonly role: Role;

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: RunSchedulesProps,
  ) {
    super(scope, id);
    const { startRun, deadLetters } = settings;
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    allow(this.role, { actions: ['lambda:InvokeFunction'], resources: [startRun.function.functionArn] });
    allow(this.role, { actions: ['sqs:SendMessage'], resources: [deadLetters.queue.queueArn] });
    for (const schedule of schedulesOf(settings.contracts)) this.add(schedule);
  }

  private add(schedule: NonNullable<Contract['schedule']>): void {
    const { startRun, deadLetters } = this.settings;
    new CfnSchedule(this, scheduleText(schedule), {
      scheduleExpression: schedulerExpression(schedule.cron),
      scheduleExpressionTimezone: schedule.timeZone,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: startRun.function.functionArn,
        roleArn: this.role.roleArn,
        input: JSON.stringify({ trigger: `schedule ${scheduleText(schedule)}` }),
        deadLetterConfig: { arn: deadLetters.queue.queueArn },
        // A run that comes later than this is no longer the one that was promised; the queue's alarm says so.
        retryPolicy: { maximumRetryAttempts: 5, maximumEventAgeInSeconds: 15 * 60 },
      },
    });
  }
}
