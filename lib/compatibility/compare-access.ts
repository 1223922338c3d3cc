import type * as z from 'zod';
import { CLASSIFICATIONS, LAYERS, PII } from '../contract/contract.ts';
import { STRENGTH } from '../contract/lint-masking.ts';
import { piiOf } from '../contract/lint-pii.ts';
import type { OdcsContract } from '../contract/odcs-contract.ts';
import type { Property } from '../contract/odcs-table.ts';
import type { masking } from '../contract/vendor-properties.ts';
import { type Change, type ChangeKind, change } from './change.ts';

/** Who may see a column's values, and how much of them. */
export function compareProtection(was: Property, is: Property, path: string): Change[] {
  return [
    ...compareLevel(CLASSIFICATIONS, was.classification, is.classification, `${path}.classification`),
    ...compareLevel(PII, piiOf(was), piiOf(is), `${path}.pii`),
    ...compareMasking(was.customProperties.masking, is.customProperties.masking, `${path}.masking`),
  ];
}

function compareLevel<T extends string>(levels: readonly T[], was: T, is: T, path: string): Change[] {
  if (was === is) return [];
  const isLowered = levels.indexOf(is) < levels.indexOf(was);
  return [change(isLowered ? 'classificationLowered' : 'classificationRaised', path, was, is)];
}

type Masking = z.output<typeof masking>;

/** What no masking amounts to. */
const UNMASKED: Masking = { method: 'none', from: 'gold' };

/** A masking may become weaker in one respect and stronger in another: both are told. */
function compareMasking(was: Masking = UNMASKED, is: Masking = UNMASKED, path: string): Change[] {
  const steps = [strengthOf(is) - strengthOf(was), earliness(is) - earliness(was)];
  const words: [string, string] = [maskingText(was), maskingText(is)];
  return [
    ...(steps.some((step) => step < 0) ? [change('maskingWeakened', path, ...words)] : []),
    ...(steps.some((step) => step > 0) ? [change('maskingStrengthened', path, ...words)] : []),
    ...compareOptional('unmaskRole', was.unmaskRole, is.unmaskRole, path),
    ...compareTerms(was, is, ['approvedBy', 'reason'], path),
  ];
}

const strengthOf = ({ method }: Masking): number => STRENGTH.indexOf(method);

/** The earlier the layer from which a value is masked, the fewer can see it. */
const earliness = ({ method, from }: Masking): number => (method === 'none' ? 0 : LAYERS.length - LAYERS.indexOf(from));

const maskingText = ({ method, from }: Masking): string => (method === 'none' ? 'none' : `${method} from ${from}`);

/** Whoever is named may see more; another name is one who may and one who no longer does. */
function compareOptional(name: string, was: string | undefined, is: string | undefined, path: string): Change[] {
  if (was === is) return [];
  const place = `${path}.${name}`;
  return [
    ...(was === undefined ? [] : [change('accessNarrowed', place, was, undefined)]),
    ...(is === undefined ? [] : [change('accessWidened', place, undefined, is)]),
  ];
}

function compareTerms<T extends object>(was: T, is: T, keys: readonly (keyof T & string)[], path: string): Change[] {
  return keys.flatMap((key) =>
    was[key] === is[key] ? [] : [change('accessTermsChanged', `${path}.${key}`, was[key], is[key])],
  );
}

type Role = NonNullable<OdcsContract['roles']>[number];

/** Who may read the table, which rows of it, why and until when. A role is who its name says. */
export function compareRoles(was: readonly Role[] = [], is: readonly Role[] = []): Change[] {
  const find = (roles: readonly Role[], name: string) => roles.find(({ role }) => role === name);
  const dropped = was.filter(({ role }) => !find(is, role));
  return [
    ...dropped.map(({ role }) => change('accessNarrowed', `roles.${role}`, role)),
    ...is.flatMap((role) => compareRole(find(was, role.role), role, `roles.${role.role}`)),
  ];
}

/** Which other domains may be made of the table. */
export function compareSharing(was: readonly string[] = [], is: readonly string[] = []): Change[] {
  const only = (some: readonly string[], others: readonly string[]) => some.filter((name) => !others.includes(name));
  return [
    ...only(was, is).map((name) => change('accessNarrowed', `sharedWith.${name}`, name, undefined)),
    ...only(is, was).map((name) => change('accessWidened', `sharedWith.${name}`, undefined, name)),
  ];
}

function compareRole(was: Role | undefined, is: Role, path: string): Change[] {
  if (!was) return [change('accessWidened', path, undefined, is.role)];
  return [
    ...compareAccess(was.access, is.access, `${path}.access`),
    ...compareRowFilter(was.customProperties.rowFilter, is.customProperties.rowFilter, `${path}.rowFilter`),
    ...compareExpiry(was.customProperties.expires, is.customProperties.expires, `${path}.expires`),
    ...compareTerms(was, is, ['firstLevelApprovers', 'secondLevelApprovers'], path),
    ...compareTerms(was.customProperties, is.customProperties, ['purpose'], path),
    ...(was.description === is.description ? [] : [change('wordsChanged', `${path}.description`)]),
  ];
}

/** The standard leaves the words free; who only reads can do less than anyone else. */
function compareAccess(was = 'read', is = 'read', path: string): Change[] {
  if (was === is) return [];
  return [change(is === 'read' ? 'accessNarrowed' : 'accessWidened', path, was, is)];
}

function compareRowFilter(was: string | undefined, is: string | undefined, path: string): Change[] {
  if (was === is) return [];
  const kind: ChangeKind =
    was === undefined ? 'accessNarrowed' : is === undefined ? 'accessWidened' : 'rowFilterReplaced';
  return [change(kind, path, was, is)];
}

/** Dates of ISO 8601 are ordered as text. */
function compareExpiry(was: string | undefined, is: string | undefined, path: string): Change[] {
  if (was === is) return [];
  const isLonger = is === undefined || (was !== undefined && is > was);
  return [change(isLonger ? 'accessWidened' : 'accessNarrowed', path, was, is)];
}
