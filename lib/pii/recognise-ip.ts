import { isDigit, isJoinedAfter, isJoinedBefore, isLetter } from './characters.ts';
import { isNamed, wordsOf } from './context.ts';
import type { Finding, Word } from './finding.ts';

const NAMES = wordsOf('ip|ipv4');
const VERSIONS = wordsOf('v|version|versions|release|build|rev|firmware|driver');
const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})/;
const [MAX_IPV4, MAX_IPV6] = [15, 39];

/** Public addresses: those of private networks name no one outside of them. */
export const recogniseIp = (word: Word): Finding | undefined =>
  word.text[word.to] === '.' ? recogniseIpv4(word) : word.text[word.to] === ':' ? recogniseIpv6(word) : undefined;

function recogniseIpv4(word: Word): Finding | undefined {
  const { text, from } = word;
  const [address, ...octets] = IPV4.exec(text.slice(from, from + MAX_IPV4)) ?? [];
  if (!address || isJoinedBefore(text, from) || isJoinedAfter(text, from + address.length)) return undefined;
  const finding = { kind: 'ip', from, to: from + address.length } as const;
  const numbers = octets.map(Number);
  if (octets.some((octet) => octet.length > 1 && octet.startsWith('0')) || numbers.some((number) => number > 255))
    return { ...finding, certainty: 'lookalike' };
  if (!isPublic(numbers)) return undefined;
  // Four small numbers are a version.
  const isVersion = numbers.filter((number) => number < 10).length > 2 || isNamed(word, VERSIONS);
  if (isVersion) return isNamed(word, NAMES) ? { ...finding, certainty: 'contextual' } : undefined;
  return { ...finding, certainty: 'checked' };
}

function isPublic([a = 0, b = 0]: readonly number[]): boolean {
  if (a === 0 || a === 10 || a === 127 || a >= 224) return false;
  return !(
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b < 128)
  );
}

/** Addresses of the internet all begin with 2 or 3. */
function recogniseIpv6({ text, from }: Word): Finding | undefined {
  let to = from;
  while (to - from < MAX_IPV6 && isAddressPart(text.charCodeAt(to))) to++;
  while (text[to - 1] === ':' && text[to - 2] !== ':') to--;
  if (!'23'.includes(text[from] as string) || isJoinedBefore(text, from) || isJoinedAfter(text, to)) return undefined;
  return isIpv6(text.slice(from, to)) ? { kind: 'ip', certainty: 'checked', from, to } : undefined;
}

const isAddressPart = (code: number): boolean =>
  isDigit(code) || code === 0x3a || (isLetter(code) && (code | 0x20) <= 0x66);

function isIpv6(text: string): boolean {
  const halves = text.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const isComplete = halves.length === 1 ? groups.length === 8 : halves.length === 2 && groups.length < 8;
  // The first group of an address is full: `2:30::` is no time and no address.
  return isComplete && groups[0]?.length === 4 && groups.every((group) => group.length > 0 && group.length <= 4);
}
