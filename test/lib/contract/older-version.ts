import { GOLD } from './sample-contracts.ts';

/** What was sold, as it is to be: a column renamed, one in another unit and type, one that may be null, one gone. */
export const NEW_VERSION = GOLD.replace('version: 1.0.0', 'version: 2.0.0')
  .replace('name: items_sold', 'name: units_sold')
  .replace(
    '    customProperties:',
    `      - { name: revenue_cents, logicalType: integer, classification: internal }
      - { name: maker, logicalType: string, classification: confidential }
      - { name: sold_at, logicalType: timestamp, required: true, classification: internal }
    customProperties:`,
  );

/** As it was, under another name, made of what is now. */
export const OLD_VERSION = GOLD.replace('id: toys-gold-sales', 'id: toys-gold-sales-v1')
  .replace('name: sales', 'name: sales_v1')
  .replace(
    '    customProperties:',
    `      - { name: revenue, logicalType: number, physicalType: 'decimal(18,2)', classification: internal }
      - { name: maker, logicalType: string, required: true, classification: confidential }
      - { name: sold_at, logicalType: timestamp, required: true, classification: internal }
    customProperties:`,
  )
  .replace(
    `          inputs: [{ table: toys.silver.items }]
          write: { mode: merge }`,
    `          versionOf: toys.gold.sales
          write:
            mode: view
            columns:
              items_sold: { from: units_sold }
              revenue: { from: revenue_cents, times: '0.01' }
              maker: { otherwise: it's unknown }`,
  )
  .replace('team:', "slaProperties:\n  - { property: endOfLife, value: '2027-01-31' }\nteam:");
