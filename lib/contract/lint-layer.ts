import type { Layer } from './contract.ts';
import { lintDisclosure } from './lint-disclosure.ts';
import { DESCRIPTIVE_OPTIONS } from './lint-property.ts';
import type { QualityRule } from './odcs-quality.ts';
import type { Property, Table } from './odcs-table.ts';
import { at, notAllowed, type Report } from './problem.ts';

/** Settings that some layer has no runner for: better refused than believed. */
export function lintLayer(table: Table, layer: Layer, report: Report): void {
  const { properties, quality, customProperties } = table;
  if (customProperties.blockAbovePercent !== undefined && layer === 'gold')
    report(
      ['customProperties'],
      'blockAbovePercent: found on gold, allowed: on silver or bronze, where rows are refused',
    );
  lintDisclosure(table, layer, report);
  properties.forEach((property, index) => {
    lintColumn(property, layer, at(report, 'properties', index));
  });
  quality.forEach((rule, index) => {
    lintRuleOn(layer, rule, at(report, 'quality', index));
  });
}

type Outcome = Pick<QualityRule['customProperties'], 'onFailure' | 'blockAbovePercent'>;

const OUTCOMES: Readonly<Record<Layer, readonly string[]>> = {
  bronze: ['quarantine'],
  silver: ['quarantine', 'block', 'warn'],
  gold: ['block', 'warn'],
};

const WHY: Readonly<Record<Layer, string>> = {
  bronze: 'a record that breaks its contract never gets into bronze',
  silver: 'so it is on silver',
  gold: 'rows of gold are not refined one by one, so none can be taken out',
};

function lintColumn(property: Property, layer: Layer, report: Report): void {
  const { standardise, masking } = property.customProperties;
  if (layer === 'bronze') lintBronzeColumn(property, report);
  if (standardise && layer !== 'silver') {
    report(['customProperties'], `standardise: found on ${layer}, allowed: on silver, where values are cleaned`);
  }
  if (masking && masking.method !== 'none') lintMasking(masking, report);
  lintOutcomes(property, layer, report);
  property.quality?.forEach((rule, index) => {
    lintRuleOn(layer, rule, at(report, 'quality', index));
  });
}

/** Values are masked once, where they come in; a later masking would have no runner, and would look like one. */
function lintMasking({ method, from }: { method: string; from: string }, report: Report): void {
  if (method !== 'tokenise') {
    const reason = method === 'hash' ? PLAIN_HASH : 'no runner masks so yet';
    report(['customProperties'], `masking.method: ${notAllowed(method, ['none', 'tokenise'], reason)}`);
  }
  if (from !== 'bronze')
    report(['customProperties'], `masking.from: ${notAllowed(from, ['bronze'])}; no runner masks later yet`);
}

const PLAIN_HASH = 'who hashes all e-mail addresses finds each again; a token needs the key';

/** The gate before bronze judges types and required values; rules about values belong where they are cleaned. */
function lintBronzeColumn({ logicalTypeOptions = {}, ...property }: Property, report: Report): void {
  for (const option of Object.keys(logicalTypeOptions)) {
    if (!DESCRIPTIVE_OPTIONS.includes(option)) report(['logicalTypeOptions', option], NOT_ON_BRONZE);
  }
  for (const key of ['enum', 'unique'] as const) {
    if (property[key]) report([key], NOT_ON_BRONZE);
  }
}

export const NOT_ON_BRONZE = 'found on bronze, where only types and required are checked; state it on silver';

function lintRuleOn(layer: Layer, rule: QualityRule, report: Report): void {
  if (layer === 'bronze' && rule.type !== 'text') report([], NOT_ON_BRONZE);
  else lintOutcomes(rule, layer, report);
}

/** What may happen to rows, of those things that can be told to do something about them. */
export function lintOutcomes(
  { customProperties }: { readonly customProperties: Outcome },
  layer: Layer,
  report: Report,
): void {
  const { onFailure, blockAbovePercent } = customProperties;
  if (onFailure && !OUTCOMES[layer].includes(onFailure)) {
    report(['customProperties'], `onFailure: ${notAllowed(onFailure, OUTCOMES[layer], WHY[layer])}`);
  }
  if (blockAbovePercent !== undefined && (layer !== 'silver' || onFailure !== 'quarantine')) {
    report(['customProperties'], 'blockAbovePercent: allowed: on silver, beside onFailure quarantine');
  }
}
