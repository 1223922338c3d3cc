import avro from 'avsc';
import fc from 'fast-check';
import { exportAvro } from '../../../../lib/contract/export/export-avro.ts';
import { AvroCursor, compileAvro } from '../../../../lib/files/avro-values.ts';
import { compileShaper } from '../../../../lib/landing/shape-row.ts';
import { columns, sentRow } from '../../landing/every-type.ts';
import { exported, golden, READINGS } from './read-sample.ts';

test('the schema of the sample is as it was found good', () => {
  expect(exported(exportAvro).text).toBe(golden('avsc'));
});

/** Whole numbers of 64 bits as avsc keeps them when they must stay exact. */
const longs = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
});

/** The values that the schema's words stand for, made here by the Avro specification. */
class Decimal extends avro.types.LogicalType {
  private scale = 0;
  override _export(): void {}
  constructor(schema: { scale?: number }, options: never) {
    super(schema as never, options);
    this.scale = schema.scale ?? 0;
  }
  override _toValue(text: string): Buffer {
    const [whole = '', fraction = ''] = text.split('.');
    const unscaled = BigInt(whole + fraction.padEnd(this.scale, '0'));
    return Buffer.from(BigInt.asUintN(160, unscaled).toString(16).padStart(40, '0'), 'hex');
  }
  override _fromValue(): string {
    throw new Error('the test only writes');
  }
}
class Day extends Decimal {
  override _toValue(text: string): never {
    return (Date.parse(text) / 86_400_000) as never;
  }
}
class Micros extends Decimal {
  override _toValue(text: string): never {
    return (Date.parse(text) * 1000) as never;
  }
}

const toLong = (row: typeof sentRow extends fc.Arbitrary<infer T> ? T : never): object => ({
  ...row,
  long: row.long === null ? null : BigInt(row.long),
});

test('rows that avsc writes by the schema are read back, and taken by the gate, with every value as it was', () => {
  const contract = { ...READINGS.contract, columns, checks: [] };
  const schema = JSON.parse(exported(exportAvro, { ...READINGS, contract }).text);
  const type = avro.Type.forSchema(schema, {
    typeHook: (schema) => ((schema as unknown) === 'long' ? longs : undefined),
    wrapUnions: false,
    logicalTypes: { decimal: Decimal, date: Day, 'timestamp-micros': Micros } as never,
  });
  const read = compileAvro(schema);
  const shape = compileShaper(columns);
  fc.assert(
    fc.property(sentRow, (row) => {
      const found = read(new AvroCursor(type.toBuffer(toLong(row))));
      expect(shape(found)).toEqual(shape(row));
    }),
  );
});

test('what avsc may leave out is what the contract does not require', () => {
  const type = avro.Type.forSchema(JSON.parse(golden('avsc'))) as avro.types.RecordType;
  const optional = type.fields.filter((field) => field.defaultValue() === null).map(({ name }) => name);
  expect(optional).toEqual(READINGS.contract.columns.filter(({ required }) => !required).map(({ name }) => name));
});

test('what Avro has no words for is listed', () => {
  const { losses } = exported(exportAvro);
  expect(losses).toContain("kind: no equal for the check 'kind_enum' (enum)");
  expect(losses).toContain('no equal for classification, personal data and masking');
  expect(losses).toHaveLength(READINGS.contract.checks.filter(({ kind }) => kind !== 'required').length + 1);
});
