import { formatPath, notAllowed, type Report, type YamlPath } from './problem.ts';

/** Keys that v3.2.0 has brought, by where they stand: a tool for v3.1.0 refuses a file that has them. */
const NEW_KEYS: readonly RegExp[] = [
  /^(schema\[\d+\]\.)?context$/,
  /customProperties\[\d+\]\.vendor$/,
  /relationships\[\d+\]\.id$/,
  /^slaProperties\[\d+\]\.(customProperties|authoritativeDefinitions)$/,
  /^schema.*\.(deprecated|synonyms)$/,
  /^schema.*(properties\[\d+\]|items)\.(enum|semanticType)$/,
  /^servers\[\d+\]\.(encoding|workgroup)$/,
];

/** Values that v3.2.0 has brought. */
const NEW_VALUES: readonly { readonly path: RegExp; readonly value: RegExp }[] = [
  { path: /^schema.*\.logicalType$/, value: /^(map|vector)$/ },
  {
    path: /^servers\[\d+\]\.type$/,
    value: /^(btrieve|exasol|fastobjects|hana|iceberg|ingres|poet|teradata|vectorwise|versant)$/,
  },
  { path: /relationships\[\d+\]\.(from|to)(\[\d+\])?$/, value: /\.yml#|^[^#/]*\.[^#/]*\.[^#/]*$|^[^#/]*-[^#/]*$/ },
  { path: /^servers\[\d+\]\.port$/, value: /./ },
];

const FIX = 'v3.1.0 does not have it; set apiVersion: v3.2.0';

/** A contract is what its `apiVersion` says: v3.1.0 lacks what v3.2.0 added, and needs a status. */
export function lintVersion(value: unknown, report: Report): void {
  if (!isMap(value) || value.apiVersion !== 'v3.1.0') return;
  if (value.status === undefined) report(['status'], 'missing, allowed: any text, such as active; v3.1.0 needs it');
  lintServers(value.servers, report);
  walk(value, [], report);
}

function walk(value: unknown, path: YamlPath, report: Report): void {
  const place = formatPath(path);
  if (typeof value === 'string' && NEW_VALUES.some((each) => each.path.test(place) && each.value.test(value)))
    report(path, `found '${value}', ${FIX}`);
  // What stands in a custom property is its vendor's business.
  if (/customProperties\[\d+\]\.value$/.test(place)) return;
  if (isMap(value)) walkMap(value, path, report);
  if (!Array.isArray(value)) return;
  value.forEach((item, index) => {
    walk(item, [...path, index], report);
  });
}

function walkMap(value: Readonly<Record<string, unknown>>, path: YamlPath, report: Report): void {
  for (const [key, child] of Object.entries(value)) {
    const isNew = NEW_KEYS.some((each) => each.test(formatPath([...path, key])));
    if (isNew) report([...path, key], `found '${key}', ${FIX}`);
    else walk(child, [...path, key], report);
  }
}

/** Athena's staging folder is no longer needed since a workgroup may have one. */
function lintServers(servers: unknown, report: Report): void {
  if (!Array.isArray(servers)) return;
  servers.forEach((server, index) => {
    const isBare = isMap(server) && server.type === 'athena' && server.stagingDir === undefined;
    if (isBare) report(['servers', index, 'stagingDir'], notAllowed(undefined, ['text; v3.1.0 needs it']));
  });
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
