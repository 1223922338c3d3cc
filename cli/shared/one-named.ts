import { nearestWord } from '../../lib/contract/nearest-word.ts';
import { UsageError } from './errors.ts';

/** What a domain has by a name. */
export interface OfDomain {
  readonly domain: string;
  readonly name: string;
}

/** Finds it by its name; `<domain>/<name>` says which, should two domains have the name. */
export function oneNamed<Item extends OfDomain>(kind: string, name: string, known: readonly Item[]): Item {
  const found = known.filter((item) => item.name === name || idOf(item) === name);
  const [only] = found;
  if (only === undefined) throw new UsageError(unknown(kind, name, known));
  if (found.length > 1)
    throw new UsageError(`${kind} '${name}' is not the only one; name one of ${found.map(idOf).join(', ')}`);
  return only;
}

const idOf = ({ domain, name }: OfDomain): string => `${domain}/${name}`;

function unknown(kind: string, name: string, known: readonly OfDomain[]): string {
  const near = nearestWord(
    name,
    known.flatMap((item) => [idOf(item), item.name]),
  );
  const all = `${kind} '${name}' is unknown; there are ${known.map(idOf).join(', ')}`;
  return [all, near && `did you mean '${near}'?`].filter(Boolean).join('; ');
}
