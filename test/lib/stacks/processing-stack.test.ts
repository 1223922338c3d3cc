import { Match, type Template } from 'aws-cdk-lib/assertions';
import { synthesised } from './synthesised-platform.ts';

const template = synthesised('prod').templates.get('sluice-prod-shop-processing') as Template;

test('maintenance comes every hour, and its event names the tables of the domain', () => {
  const [rule] = Object.values(
    template.findResources('AWS::Events::Rule', { Properties: { ScheduleExpression: 'rate(1 hour)' } }),
  );
  const { tables } = JSON.parse(rule?.Properties.Targets[0].Input);
  expect(tables).toEqual(expect.arrayContaining(['shop.bronze.orders', 'shop.ops.quarantine']));
});

test('maintenance may delete files of tables, and start the run that waited for it', () => {
  const [policy] = Object.entries(template.findResources('AWS::IAM::Policy')).find(([id]) =>
    id.startsWith('MaintenanceMaintainTables'),
  ) ?? ['none'];
  const text = JSON.stringify(template.toJSON().Resources[policy]);
  expect(text).toContain('s3:DeleteObject');
  expect(text).toContain('lambda:InvokeFunction');
  template.hasResourceProperties('AWS::Lambda::Function', {
    FunctionName: 'sluice-prod-shop-maintain-tables',
    Environment: { Variables: Match.objectLike({ START_RUN_FUNCTION: Match.anyValue() }) },
  });
});
