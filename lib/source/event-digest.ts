import { hmacOf, keyBytes } from '../landing/hmac.ts';

/** Tells the data of events apart. The data may be personal, so without the key nobody finds them by trying. */
export type Digest = (text: string) => string;

/**
 * The same for the same data as long as there are data: its key has no versions and is never replaced, or what is sent
 * again would land twice. 48 bits, since it only tells apart what has the same id otherwise.
 */
export function digestOf(key: string): Digest {
  const hmac = hmacOf(keyBytes(key, 'key of event ids'));
  return (text) => hmac(text).slice(0, 12);
}
