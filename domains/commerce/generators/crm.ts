import { csvLine, type Generate } from '../../../lib/source/generate.ts';
import { Random } from '../../../lib/source/random.ts';
import { type SoldLine, soldLines } from './shared/sold-lines.ts';

/** Somebody whom the CRM knows, as of one change. */
interface Contact {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly emailClass: '' | 'free_mail' | 'company';
  readonly phone: string;
  readonly country: string;
  readonly consent: boolean;
  readonly stage: string;
}

interface Change {
  readonly at: number;
  readonly operation: 'insert' | 'update' | 'delete';
  readonly contact: Contact;
}

const SHARES = {
  withoutContact: 0.04,
  knownLater: 0.1,
  withoutEmail: 0.08,
  freeMail: 0.7,
  consent: 0.45,
  changes: 0.35,
  deleted: 0.02,
  careless: 0.03,
  wrongStage: 0.004,
} as const;
const DAY = 86_400_000;
/** How long after it came a contact may still change. */
const CHANGES_FOR = 120;

/** The changes of contacts on these days: of buyers, who come with their first order, and of people who buy nothing yet. */
export const generate: Generate = function* ({ from, to, seed, data }) {
  yield 'Change,Changed,Operation,Customer,Name,Email,Email class,Phone,Country,Consent,Stage';
  const [first, last] = [Date.parse(from), Date.parse(to) + DAY];
  const changes = [...buyers(soldLines(data), seed), ...prospects(first, last, seed)].flat();
  const wanted = changes.filter(({ at }) => at >= first && at < last);
  wanted.sort((a, b) => a.at - b.at || (a.contact.id < b.contact.id ? -1 : 1));
  let [day, index] = [0, 0];
  for (const change of wanted) {
    const today = Math.floor(change.at / DAY);
    index = today === day ? index + 1 : 0;
    day = today;
    yield lineOf(change, day * 10_000 + index, Random.of(seed, `${change.contact.id}/${change.at}`));
  }
};

function lineOf({ at, operation, contact }: Change, changeNo: number, random: Random): string {
  const changed = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  const own = [changeNo, changed, operation, contact.id];
  if (operation === 'delete') return csvLine([...own, '', '', '', '', '', '', '']);
  const { name, email, emailClass, phone, country, consent } = contact;
  const stage = random.chance(SHARES.wrongStage) ? 'to be asked' : contact.stage;
  const careless = random.chance(SHARES.careless);
  const said = careless ? [` ${country}  `, String(consent), stage.toUpperCase()] : [country, String(consent), stage];
  return csvLine([...own, name, email, emailClass, phone, ...said]);
}

/** Who bought, and when first. A few buyers never get into the CRM, and some get there after their first order. */
function* buyers(lines: readonly SoldLine[], seed: number): Iterable<Change[]> {
  const firsts = new Map<string, SoldLine>();
  for (const line of lines) {
    const known = firsts.get(line.customer);
    if (line.customer !== '' && (!known || line.at < known.at)) firsts.set(line.customer, line);
  }
  for (const [id, { at, country }] of [...firsts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const random = Random.of(seed, id);
    if (random.chance(SHARES.withoutContact)) continue;
    const came = random.chance(SHARES.knownLater) ? at + random.between(1, 3 * 1440) * 60_000 : at - 60_000;
    yield changesOf(contactOf(id, country, 'customer', random), came, random);
  }
}

/** People who write or call and have bought nothing: more of them before Christmas, fewer on Sundays. */
function* prospects(first: number, last: number, seed: number): Iterable<Change[]> {
  for (let day = first - CHANGES_FOR * DAY; day < last; day += DAY) {
    const date = new Date(day);
    const usual = (date.getUTCMonth() >= 9 ? 6 : 3) - (date.getUTCDay() === 0 ? 2 : 0);
    const count = Random.of(seed, `prospects/${day}`).between(0, usual);
    for (let index = 0; index < count; index += 1) {
      const id = `P${date.toISOString().slice(2, 10).replaceAll('-', '')}${index}`;
      const random = Random.of(seed, id);
      const country = random.pick(['United Kingdom', 'United Kingdom', 'United Kingdom', 'Germany', 'France', 'EIRE']);
      yield changesOf(contactOf(id, country, 'lead', random), day + random.between(28_800, 72_000) * 1000, random);
    }
  }
}

/** Most contacts stay as they come; a few change again and again, and some ask to be forgotten. */
function changesOf(contact: Contact, came: number, random: Random): Change[] {
  const changes: Change[] = [{ at: came, operation: 'insert', contact }];
  let [at, now] = [came, contact];
  while (random.chance(SHARES.changes)) {
    at += random.between(1, 25 * 1440) * 60_000;
    now = changed(now, random);
    changes.push({ at, operation: 'update', contact: now });
  }
  if (random.chance(SHARES.deleted))
    changes.push({ at: at + random.between(1, 10 * 1440) * 60_000, operation: 'delete', contact: now });
  return changes.filter((change) => change.at < came + CHANGES_FOR * DAY);
}

function changed(contact: Contact, random: Random): Contact {
  const stage = random.pick(contact.stage === 'lead' ? ['lead', 'lapsed'] : ['customer', 'loyal', 'lapsed']);
  return random.pick<Contact>([
    { ...contact, consent: !contact.consent },
    { ...contact, stage },
    { ...contact, phone: phoneOf(random) },
    contact, // saved without a change
  ]);
}

const NAMES = ['Ada', 'Bo', 'Cleo', 'Dov', 'Eli', 'Fay', 'Gil', 'Hana'] as const;
const SURNAMES = ['Sample', 'Specimen', 'Mockford', 'Placeholder', "O'Test", 'Dummy-Example'] as const;

function contactOf(id: string, country: string, stage: string, random: Random): Contact {
  const [name, surname] = [random.pick(NAMES), random.pick(SURNAMES)];
  const emailClass = random.chance(SHARES.freeMail) ? 'free_mail' : 'company';
  const domain = emailClass === 'free_mail' ? 'mail.example.com' : `firm-${random.between(1, 300)}.example.net`;
  const local = `${name}.${surname.replace("'", '')}.${id}`.toLowerCase();
  const email = random.chance(SHARES.withoutEmail) ? '' : `${local}@${domain}`;
  const consent = random.chance(SHARES.consent);
  const person = { id, name: `${name} ${surname}`, phone: phoneOf(random), country, consent, stage };
  return { ...person, email, emailClass: email === '' ? '' : emailClass };
}

/** Of the numbers that are kept for films. */
const phoneOf = (random: Random): string => `+44 7700 900${String(random.between(0, 999)).padStart(3, '0')}`;
