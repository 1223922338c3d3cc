import { Match, type Template } from 'aws-cdk-lib/assertions';
import type { Contract } from '../../../lib/contract/contract.ts';
import { shopContracts } from '../stacks/shop-contracts.ts';
import { synthesised } from '../stacks/synthesised-platform.ts';

const AT_TWO = { cron: '0 2 * * *', timeZone: 'Europe/London' };
const ON_MONDAYS = { cron: '30 6 * * 1', timeZone: 'UTC' };

/** The shop, run by the clock for its tables of silver and gold. */
const scheduled = ({ silver, gold }: Record<'silver' | 'gold', NonNullable<Contract['schedule']>>): Template => {
  const schedules = { bronze: undefined, silver, gold };
  const contracts = shopContracts.map((contract): Contract => {
    const schedule = schedules[contract.layer];
    return schedule ? { ...contract, schedule } : contract;
  });
  return synthesised('prod', contracts).templates.get('sluice-prod-shop-processing') as Template;
};

const template = scheduled({ silver: AT_TWO, gold: ON_MONDAYS });

test('a schedule keeps its time zone, has no window, and says who asked for the run', () => {
  template.hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'cron(0 2 * * ? *)',
    ScheduleExpressionTimezone: 'Europe/London',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^StartRun'), 'Arn'] },
      Input: '{"trigger":"schedule 0 2 * * * Europe/London"}',
      RetryPolicy: { MaximumRetryAttempts: 5, MaximumEventAgeInSeconds: 900 },
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^EventsDeadLetters'), 'Arn'] } },
    },
  });
  template.hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'cron(30 6 ? * MON *)',
    ScheduleExpressionTimezone: 'UTC',
  });
});

test('tables of the same schedule share it', () => {
  template.resourceCountIs('AWS::Scheduler::Schedule', 2);
  scheduled({ silver: AT_TWO, gold: AT_TWO }).resourceCountIs('AWS::Scheduler::Schedule', 1);
});

test('a schedule may start runs of its domain and park what failed, and nothing else', () => {
  const [policy] = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) =>
    id.startsWith('RunSchedules'),
  );
  expect(policy?.[1].Properties.PolicyDocument.Statement).toEqual([
    { Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: expect.anything() },
    { Action: 'sqs:SendMessage', Effect: 'Allow', Resource: expect.anything() },
  ]);
  template.hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [
        Match.objectLike({
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        }),
      ],
    },
  });
});

test('a domain without a schedule is run by commits alone', () => {
  const plain = synthesised('prod').templates.get('sluice-prod-shop-processing') as Template;
  plain.resourceCountIs('AWS::Scheduler::Schedule', 0);
  expect(JSON.stringify(plain.toJSON())).not.toContain('scheduler.amazonaws.com');
});
