/** The part of Lake Formation's settings that is judged here; whatever else they hold is passed on untouched. */
export interface LakeSettings {
  readonly DataLakeAdmins?: readonly Principal[] | undefined;
  readonly CreateDatabaseDefaultPermissions?: readonly unknown[] | undefined;
  readonly CreateTableDefaultPermissions?: readonly unknown[] | undefined;
}

interface Principal {
  readonly DataLakePrincipalIdentifier?: string | undefined;
}

/** Adds our admins to those of others, and empties both lists that open new databases and tables to all of IAM. */
export function mergeSettings<S extends LakeSettings>(current: S, admins: readonly string[]) {
  const known = (current.DataLakeAdmins ?? []).flatMap((admin) => admin.DataLakePrincipalIdentifier ?? []);
  return {
    ...current,
    DataLakeAdmins: [...new Set([...known, ...admins])].map((arn) => ({ DataLakePrincipalIdentifier: arn })),
    CreateDatabaseDefaultPermissions: [],
    CreateTableDefaultPermissions: [],
  };
}

/** What is still wrong after the write: the service has been seen to accept empty lists and to keep its own. */
export function problemsOf(settings: LakeSettings, admins: readonly string[]): readonly string[] {
  const present = new Set((settings.DataLakeAdmins ?? []).map((admin) => admin.DataLakePrincipalIdentifier));
  const isOpen = (defaults: readonly unknown[] | undefined): boolean => (defaults ?? []).length > 0;
  return [
    ...admins.filter((arn) => !present.has(arn)).map((arn) => `'${arn}' is not an administrator`),
    ...(isOpen(settings.CreateDatabaseDefaultPermissions) ? ['new databases are open to IAM by default'] : []),
    ...(isOpen(settings.CreateTableDefaultPermissions) ? ['new tables are open to IAM by default'] : []),
  ];
}
