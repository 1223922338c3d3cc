/** Values by key, as Lake Formation keeps them. */
export type Tags = ReadonlyMap<string, string>;

/** A grant by tags: it reaches what has, for every key, one of the values. */
export interface Grant {
  readonly principal: string;
  readonly resourceType: string;
  readonly permissions: readonly string[];
  readonly expression: Readonly<Record<string, readonly string[]>>;
}

/** A table with the tags of its columns, those that a column inherits from its table included. */
export interface TaggedTable {
  readonly name: string;
  readonly columns: ReadonlyMap<string, Tags>;
}

/** What one principal can read of one table. */
export interface Access {
  readonly principal: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly hidden: readonly string[];
}

/** Says who can read which columns: the columns that any of a principal's SELECT grants reaches. */
export function resolveAccess(grants: readonly Grant[], tables: readonly TaggedTable[]): Access[] {
  const principals = [...new Set(grants.map(({ principal }) => principal))].sort();
  return principals.flatMap((principal) => {
    const own = grants.filter((grant) => grant.principal === principal && grantsRows(grant));
    return tables.map(({ name, columns }) => {
      const readable = [...columns]
        .filter(([, tags]) => own.some((grant) => reaches(grant, tags)))
        .map(([column]) => column);
      const hidden = [...columns.keys()].filter((column) => !readable.includes(column));
      return { principal, table: name, columns: readable, hidden };
    });
  });
}

const grantsRows = ({ resourceType, permissions }: Grant): boolean =>
  resourceType === 'TABLE' && permissions.some((permission) => permission === 'SELECT' || permission === 'ALL');

const reaches = ({ expression }: Grant, tags: Tags): boolean =>
  Object.entries(expression).every(([key, values]) => values.includes(tags.get(key) ?? ''));
