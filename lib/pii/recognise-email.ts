import { DASH, DOT, isDigit, isWordPart } from './characters.ts';
import type { Finding } from './finding.ts';

/** RFC 5321. */
const [MAX_LOCAL, MAX_DOMAIN] = [64, 253];
const [SLASH, COLON] = [0x2f, 0x3a];
/** Signs that local parts do have. RFC 5322 allows more, which stand for other things in texts. */
const LOCAL_SIGNS = new Set([...".'_%+-"].map((sign) => sign.charCodeAt(0)));
/** `logo@2x.png` is a file. */
const FILES = new Set([
  'png',
  'jpg',
  'jpeg',
  'gif',
  'svg',
  'webp',
  'css',
  'js',
  'ts',
  'json',
  'html',
  'pdf',
  'txt',
  'zip',
]);

/**
 * The address around an `@`.
 * @param after where it may begin at the earliest.
 */
export function recogniseEmail(text: string, at: number, after: number): Finding | undefined {
  const from = localStart(text, at, Math.max(after, at - MAX_LOCAL));
  const to = domainEnd(text, at + 1);
  if (from === at || to === 0 || isPartOfUrl(text, from, at, to)) return undefined;
  return { kind: 'email', certainty: 'checked', from, to };
}

function localStart(text: string, at: number, earliest: number): number {
  let from = at;
  while (from > earliest && isLocalPart(text.charCodeAt(from - 1))) from--;
  while (from < at && !isWordPart(text.charCodeAt(from))) from++; // quotes and dashes around it
  return text.charCodeAt(at - 1) === DOT ? at : from;
}

const isLocalPart = (code: number): boolean => isWordPart(code) || LOCAL_SIGNS.has(code);

/** Where the last label ends that can be a top-level domain; 0 when there is none. */
function domainEnd(text: string, from: number): number {
  let [end, label, at] = [0, from, from];
  for (; at <= from + MAX_DOMAIN; at++) {
    const code = text.charCodeAt(at);
    if (isWordPart(code) || code === DASH) continue;
    if (at === label || text.charCodeAt(label) === DASH) break;
    if (label > from && isTopLevel(text, label, at)) end = at;
    if (code !== DOT) break;
    label = at + 1;
  }
  return end;
}

function isTopLevel(text: string, from: number, to: number): boolean {
  const label = text.slice(from, to).toLowerCase();
  if (label.startsWith('xn--')) return label.length > 4;
  if (label.length < 2 || label.length > 24 || FILES.has(label)) return false;
  for (let i = 0; i < label.length; i++) {
    const code = label.charCodeAt(i);
    if (isDigit(code) || code === DASH) return false;
  }
  return true;
}

/** `https://user@host/`, and `git@host:path` of a repository. */
const isPartOfUrl = (text: string, from: number, at: number, to: number): boolean =>
  (text.charCodeAt(from - 1) === SLASH && text.charCodeAt(from - 2) === SLASH) ||
  (text.charCodeAt(to) === COLON && text.slice(from, at) === 'git');
