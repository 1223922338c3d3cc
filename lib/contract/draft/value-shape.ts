import type { ScalarType } from '../contract.ts';
import type { DraftField } from './draft.ts';
import { nameOf } from './snake-case.ts';

/** So many different values are told apart; beyond them none is taken for an enum's. */
const MAX_MEMBERS = 12;
const [USUAL_PRECISION, MAX_PRECISION] = [18, 38];
const LONG = 2n ** 63n;

/** What a text can be read as, the narrowest first. */
const TEXTS = {
  boolean: /^(?:true|false)$/,
  long: /^-?(?:0|[1-9]\d{0,18})$/,
  decimal: /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  timestamp: /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:\d{2})?$/,
} as const;
type TextKind = keyof typeof TEXTS;
const ALL_TEXTS = Object.keys(TEXTS) as TextKind[];
type ValueKind = 'text' | 'whole' | 'fraction' | 'boolean' | 'array' | 'object';

/** What the values of one column, or of a member within one, have in common. Holds few of them, and no row. */
export class ValueShape {
  /** Of those that are there: neither null nor an empty text. */
  count = 0;
  /** Different ones, as long as they are few. */
  readonly members = new Set<string>();
  private readonly kinds = new Set<ValueKind>();
  private readonly texts: Set<TextKind>;
  private readonly isUntyped: boolean;
  private digits = 0;
  private scale = 0;
  private withoutZone = false;
  private readonly fields = new Map<string, ValueShape>();
  private items: ValueShape | undefined;

  /** @param isUntyped whether all values are texts, as in CSV; elsewhere the text `true` is no boolean */
  constructor(isUntyped: boolean) {
    this.isUntyped = isUntyped;
    this.texts = new Set(isUntyped ? ALL_TEXTS : ALL_TEXTS.filter((kind) => kind !== 'boolean'));
  }

  add(value: unknown): void {
    if (value === null || value === undefined || value === '') return;
    this.count++;
    this.kinds.add(kindOf(value));
    if (Array.isArray(value)) for (const item of value) this.itemShape().add(item);
    else if (typeof value === 'object') this.addMembers(value);
    else this.addText(String(value));
  }

  /** The type that takes all values, and what a person must know of it. */
  field(): DraftField & { doubts: string[] } {
    if (this.isOnly('object')) {
      return { type: 'struct', fields: [...this.fields].map((entry) => this.memberOf(...entry)), doubts: [] };
    }
    if (this.isOnly('array')) {
      const { doubts, ...items } = this.items?.field() ?? {
        type: 'string' as const,
        doubts: ['type: no item was seen'],
      };
      return { type: 'array', items, doubts };
    }
    const type = this.scalar();
    return { type: type ?? 'string', doubts: this.doubtsOf(type) };
  }

  /** Whether the values are texts, of which nothing else says what they are. */
  get isText(): boolean {
    return this.isOnly('text');
  }

  private memberOf(name: string, shape: ValueShape) {
    return { ...nameOf(name), ...shape.field(), required: shape.count === this.count };
  }

  /** Undefined when no scalar takes all of them. */
  private scalar(): ScalarType | undefined {
    if (this.isOnly('boolean')) return 'boolean';
    if (this.isOnly('text')) return this.textType();
    if (this.isOnly('whole') || (this.isOnly('whole', 'text') && this.texts.has('long'))) return 'long';
    return this.isOnly('whole', 'fraction') ? 'double' : undefined;
  }

  private textType(): ScalarType {
    const [kind = 'string'] = this.texts;
    if (kind !== 'decimal') return kind;
    const needed = this.digits + this.scale;
    if (needed > MAX_PRECISION) return 'string';
    return `decimal(${needed > USUAL_PRECISION ? MAX_PRECISION : USUAL_PRECISION},${this.scale})`;
  }

  private isOnly = (...kinds: readonly ValueKind[]): boolean =>
    this.count > 0 && [...this.kinds].every((kind) => kinds.includes(kind));

  private doubtsOf(type: ScalarType | undefined): string[] {
    if (this.count === 0) return ['type: no value was seen'];
    if (type === undefined) return ['type: values of several kinds were seen'];
    if (type === 'double') return ['type: a JSON number; money is decimal(p,s), sent as text'];
    return type === 'timestamp' && this.withoutZone ? ['type: values have no zone, which the gate refuses'] : [];
  }

  private itemShape(): ValueShape {
    this.items ??= new ValueShape(this.isUntyped);
    return this.items;
  }

  private addMembers(value: object): void {
    for (const [name, member] of Object.entries(value)) {
      const shape = this.fields.get(name) ?? new ValueShape(this.isUntyped);
      this.fields.set(name, shape);
      shape.add(member);
    }
  }

  private addText(text: string): void {
    if (this.members.size <= MAX_MEMBERS) this.members.add(text);
    for (const kind of this.texts) if (!isOfKind(kind, text)) this.texts.delete(kind);
    if (this.texts.has('decimal')) this.addDigits(text);
    if (!/(?:[Zz]|[+-]\d{2}:\d{2})$/.test(text)) this.withoutZone = true;
  }

  private addDigits(text: string): void {
    const [whole = '', fraction = ''] = text.replace('-', '').split('.');
    this.digits = Math.max(this.digits, whole.length);
    this.scale = Math.max(this.scale, fraction.length);
  }

  /** Values of an enum, if there are few of them among many. */
  enumMembers(): string[] | undefined {
    const isFew = this.members.size <= MAX_MEMBERS && this.members.size > 1 && this.count >= 20 * this.members.size;
    return isFew ? [...this.members].sort() : undefined;
  }
}

function kindOf(value: unknown): ValueKind {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'whole' : 'fraction';
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'object' ? 'object' : 'text';
}

function isOfKind(kind: TextKind, text: string): boolean {
  if (!TEXTS[kind].test(text)) return false;
  if (kind === 'long') return BigInt(text) >= -LONG && BigInt(text) < LONG;
  return kind === 'date' || kind === 'timestamp' ? isDay(text.slice(0, 10)) : true;
}

/** 30 February has the form of a day. */
function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
