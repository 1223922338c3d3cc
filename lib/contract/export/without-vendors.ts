import { asMap, type Plain } from '../plain.ts';
import type { Report } from '../problem.ts';
import { VENDOR } from '../vendor-properties.ts';

/** Values of any form, in which a key of ours means nothing. */
const FREE = ['value', 'arguments', 'implementation', 'examples'];

/**
 * v3.1 of the standard knows no vendor of a custom property. Ours keep their names, by which Sluice knows them there;
 * others' get the vendor before theirs, or one of them might be taken for ours.
 */
export function withoutVendors(contract: Plain, report: Report): unknown {
  const vendors = new Set<string>();
  const value = strip(contract, vendors);
  if (vendors.size > 0)
    report(['customProperties'], `v3.1.0 knows no vendor; found ${[...vendors].join(', ')}, kept in the names`);
  return value;
}

function strip(value: unknown, vendors: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((entry) => strip(entry, vendors));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, stripMember(key, member, vendors)]));
}

function stripMember(key: string, member: unknown, vendors: Set<string>): unknown {
  if (FREE.includes(key)) return member;
  if (key !== 'customProperties' || !Array.isArray(member)) return strip(member, vendors);
  return member.map((entry) => unvendored(asMap(entry), vendors));
}

function unvendored({ vendor, property, ...rest }: Plain, vendors: Set<string>): Plain {
  if (vendor === undefined) return { property, ...rest };
  if (vendor !== VENDOR) vendors.add(String(vendor));
  return { property: vendor === VENDOR ? property : `${vendor}.${property}`, ...rest };
}
