import { mergeSettings, problemsOf } from '../../../lambdas/apply-lake-settings/apply-lake-settings.ts';

const everyone = { Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' }, Permissions: ['ALL'] };
const admin = (arn: string): { DataLakePrincipalIdentifier: string } => ({ DataLakePrincipalIdentifier: arn });

test('both lists of defaults become empty, and ours join the admins that are there', () => {
  const current = {
    DataLakeAdmins: [admin('theirs')],
    CreateDatabaseDefaultPermissions: [everyone],
    CreateTableDefaultPermissions: [everyone],
  };
  expect(mergeSettings(current, ['ours'])).toEqual({
    DataLakeAdmins: [admin('theirs'), admin('ours')],
    CreateDatabaseDefaultPermissions: [],
    CreateTableDefaultPermissions: [],
  });
});

test('whatever else the settings hold stays', () => {
  const current = {
    DataLakeAdmins: [],
    TrustedResourceOwners: ['111122223333'],
    Parameters: { CROSS_ACCOUNT_VERSION: '4' },
  };
  expect(mergeSettings(current, [])).toMatchObject(current);
});

test('applying twice changes nothing', () => {
  const once = mergeSettings({}, ['ours']);
  expect(mergeSettings(once, ['ours'])).toEqual(once);
});

test('what the service did not take is named', () => {
  const kept = {
    DataLakeAdmins: [],
    CreateDatabaseDefaultPermissions: [everyone],
    CreateTableDefaultPermissions: [everyone],
  };
  expect(problemsOf(kept, ['ours'])).toEqual([
    "'ours' is not an administrator",
    'new databases are open to IAM by default',
    'new tables are open to IAM by default',
  ]);
  expect(problemsOf(mergeSettings(kept, ['ours']), ['ours'])).toEqual([]);
});
