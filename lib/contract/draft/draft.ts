import type { Layer, ScalarType } from '../contract.ts';
import type { Plain } from '../plain.ts';

/** What is known of a contract that a person has yet to confirm: from another format, a sample or answers. */
export interface Draft {
  readonly domain: string;
  readonly layer: Layer;
  readonly table: string;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly purpose?: string | undefined;
  readonly granularity?: string | undefined;
  readonly version?: string | undefined;
  readonly owner?: string | undefined;
  readonly support?: string | undefined;
  readonly tags?: readonly string[];
  readonly columns: readonly DraftColumn[];
  /** What a person must confirm of all columns. */
  readonly doubt?: string | undefined;
  /** Rules of the table as a whole, as ODCS writes them. */
  readonly rules?: readonly Plain[];
  readonly levels?: readonly Plain[];
  /** How events come; bronze only. */
  readonly from?: 'stream' | 'files';
  /** What has no equal, kept under the name of the format that it is of. */
  readonly kept?: Kept;
}

export type Kept = readonly (readonly [property: string, value: unknown])[];

export interface DraftField {
  readonly type: ScalarType | 'array' | 'struct';
  readonly items?: DraftField;
  readonly fields?: readonly DraftColumn[];
}

export interface DraftColumn extends DraftField {
  readonly name: string;
  readonly description?: string | undefined;
  readonly required?: boolean;
  /** From 1, of a column of the key. */
  readonly keyPosition?: number;
  readonly unique?: boolean;
  readonly classification?: string | undefined;
  /** As ODCS tags them, such as `pii.email`. */
  readonly pii?: readonly string[];
  /** Tokens from bronze on when left out of a personal text. */
  readonly masking?: Plain;
  readonly physicalName?: string;
  /** `logicalTypeOptions`. */
  readonly options?: Plain;
  readonly members?: readonly unknown[];
  /** Rules as ODCS writes them. */
  readonly rules?: readonly Plain[];
  readonly tags?: readonly string[];
  readonly kept?: Kept;
  /** What a person must confirm of it. */
  readonly doubts?: readonly string[];
}
