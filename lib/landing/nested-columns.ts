import { type Data, type List, makeData, type Struct } from 'apache-arrow';
import { ColumnBuilder, grown, handedOver, INITIAL_LENGTH, type Shape } from './column-builder.ts';
import type { Row, Value } from './row.ts';

export class ListColumn<Items extends ColumnBuilder = ColumnBuilder> extends ColumnBuilder {
  readonly items: Items;
  private readonly type: List;
  private offsets = new Int32Array(INITIAL_LENGTH);

  constructor(type: List, items: Items) {
    super();
    this.type = type;
    this.items = items;
  }

  append(value: Value): void {
    for (const item of (value as readonly Value[] | null) ?? []) this.items.append(item);
    this.endList(value !== null);
  }

  /** What was appended to `items` since the last list is one. */
  endList(isPresent: boolean): void {
    if (this.length + 1 >= this.offsets.length) this.offsets = grown(this.offsets, this.length + 2);
    this.offsets[this.length + 1] = this.items.length;
    this.end(isPresent);
  }

  override truncate(length: number): void {
    super.truncate(length);
    this.items.truncate(this.offsets[length] as number);
  }

  protected handOver(shape: Shape): Data {
    const [valueOffsets, offsets] = handedOver(this.offsets, shape.length + 1);
    this.offsets = offsets;
    return makeData({ type: this.type, ...shape, valueOffsets, child: this.items.build() });
  }
}

export class StructColumn extends ColumnBuilder {
  /** By name, in the order of the contract. */
  readonly members: ReadonlyMap<string, ColumnBuilder>;
  private readonly type: Struct;

  constructor(type: Struct, members: ReadonlyMap<string, ColumnBuilder>) {
    super();
    this.type = type;
    this.members = members;
  }

  append(value: Value): void {
    for (const [name, member] of this.members) member.append((value as Row | null)?.[name] ?? null);
    this.end(value !== null);
  }

  /** What was appended to each member since the last struct is one. */
  endStruct(): void {
    this.end(true);
  }

  override truncate(length: number): void {
    super.truncate(length);
    for (const member of this.members.values()) member.truncate(length);
  }

  protected handOver(shape: Shape): Data {
    const children = [...this.members.values()].map((member) => member.build());
    return makeData({ type: this.type, ...shape, children });
  }
}
