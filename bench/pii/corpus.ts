import { KINDS, type Kind } from '../../lib/pii/finding.ts';
import { lookalike } from './lookalikes.ts';
import { Sample } from './sample.ts';
import { MAKERS } from './true-values.ts';

/** Where a value stands in its text. */
export interface Truth {
  readonly kind: Kind;
  readonly from: number;
  readonly to: number;
}

export interface Document {
  readonly text: string;
  readonly truth: readonly Truth[];
}

/** `@` is where a value or a look-alike goes. */
const SENTENCES = [
  'Please deliver it to the back door, reference @, after six in the evening.',
  'The customer wrote twice about @ and we have not answered yet.',
  'Refund approved by the shift lead; see @. Thank you.',
  'Die Lieferung kam beschädigt an, Vorgang @, bitte dringend prüfen.',
  'Bitte rufen Sie mich zurück, es geht um @ und die Rechnung vom März.',
  'Merci de vérifier @ avant la fin de la semaine, le client attend.',
  'Le colis est revenu (@) parce que la porte était fermée.',
  'Il cliente chiede notizie di @ perché non ha ricevuto nulla.',
  'El paquete llegó tarde y el cliente reclama: @, gracias.',
  '配送先を確認してください @ よろしくお願いします。',
  'Задержка доставки, номер @, просьба уточнить.',
  '{"note": "@", "state": "open"}',
  'state=closed;value=@;queue=support',
  '@',
  'WHITE HANGING HEART T-LIGHT HOLDER, 6 pieces, @',
];
const PLAIN = [
  'The box was damaged on one side but everything inside was fine. ',
  'Der Kunde hat sich über die schnelle Antwort gefreut und bestellt wieder. ',
  'Nous avons remplacé la lampe sans frais et le client est content. ',
  'La consegna è stata fatta al vicino di casa, tutto bene. ',
  'Se cambió el color por otro parecido y el precio no varió. ',
];

/** Texts of several languages: half of them hold a value of a known kind, most a look-alike, each at a known place. */
export function corpusOf(documents: number, seed: number): Document[] {
  const sample = new Sample(seed);
  return Array.from({ length: documents }, (_, index) => documentOf(sample, index));
}

function documentOf(sample: Sample, index: number): Document {
  const kinds = Object.keys(KINDS) as Kind[];
  const parts = new Parts();
  if (sample.chance(0.5)) parts.addPlain(sample.one(PLAIN));
  if (sample.chance(0.7)) parts.add(sample.one(SENTENCES), lookalike(sample));
  if (sample.chance(0.5)) parts.addValue(sample, kinds[index % kinds.length] as Kind);
  if (sample.chance(0.7)) parts.add(sample.one(SENTENCES), lookalike(sample));
  return { text: parts.text, truth: parts.truth };
}

class Parts {
  text = '';
  readonly truth: Truth[] = [];

  addPlain(sentence: string): void {
    this.text += sentence;
  }

  add(sentence: string, content: string): void {
    this.text += `${sentence.replace('@', () => content)}\n`;
  }

  addValue(sample: Sample, kind: Kind): void {
    const { value, name } = MAKERS[kind](sample);
    const sentence = sample.one(SENTENCES);
    const named = name ? `${name}${sample.one([' ', ': ', ' is '])}` : '';
    const from = this.text.length + sentence.indexOf('@') + named.length;
    this.truth.push({ kind, from, to: from + value.length });
    this.add(sentence, named + value);
  }
}
