const HEX = '[0-9A-Fa-f]';
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`;
const GROUP = `${HEX}{1,4}`;

/** All ways to leave zeros out: `before` groups, two colons, and at most so many groups that one is left out. */
const compressed = (before: number): string => `(?:${GROUP}:){${before}}(?::${GROUP}){1,${7 - before}}`;
const compressedBeforeIpv4 = (before: number): string =>
  `(?:${GROUP}:){${before}}:(?:${GROUP}:){0,${5 - before}}${IPV4}`;

const IPV6 = [
  `(?:${GROUP}:){7}${GROUP}`,
  `(?:${GROUP}:){1,7}:`,
  ...[1, 2, 3, 4, 5, 6].map(compressed),
  `:(?::${GROUP}){1,7}`,
  '::',
  `(?:${GROUP}:){6}${IPV4}`,
  `::(?:${GROUP}:){0,5}${IPV4}`,
  ...[1, 2, 3, 4, 5].map(compressedBeforeIpv4),
].join('|');

/** What a string's `format` demands, as a regular expression that every engine reads alike. */
const PATTERNS: Readonly<Record<string, string>> = {
  uuid: `^${HEX}{8}(?:-${HEX}{4}){3}-${HEX}{12}$`,
  email: `^[A-Za-z0-9.!#$%&'*+/=?^_\`{|}~-]+@${LABEL}(?:\\.${LABEL})+$`,
  uri: `^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=-]|%${HEX}{2})+$`,
  hostname: `^${LABEL}(?:\\.${LABEL})*$`,
  ipv4: `^${IPV4}$`,
  ipv6: `^(?:${IPV6})$`,
  byte: '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
};

/** The standard's formats of a string. `password` and `binary` say what it is and restrict no value. */
export const STRING_FORMATS: readonly string[] = [...Object.keys(PATTERNS), 'password', 'binary'];

export const patternOf = (format: string | undefined): string | undefined =>
  format === undefined ? undefined : PATTERNS[format];
