// Writes the JSON Schema of the custom properties that are ours: npx tsx scripts/write-vendor-schema.ts && npx biome format --write docs/schemas
import { mkdirSync, writeFileSync } from 'node:fs';
import { vendorSchema } from '../lib/contract/vendor-schema.ts';

const folder = new URL('../docs/schemas/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('sluice-properties.schema.json', folder), `${JSON.stringify(vendorSchema(), null, 2)}\n`);
