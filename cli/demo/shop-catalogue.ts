/** What the demo's shop sells and to whom. Prices are in the smallest unit of a currency, so that they stay exact. */
export interface Product {
  readonly id: string;
  readonly description: string;
  readonly price: number;
}

export interface Market {
  readonly country: string;
  readonly currency: string;
}

/** Most buyers live at home. */
export const MARKETS: readonly [Market, ...Market[]] = [
  { country: 'United Kingdom', currency: 'GBP' },
  { country: 'United Kingdom', currency: 'GBP' },
  { country: 'United Kingdom', currency: 'GBP' },
  { country: 'Germany', currency: 'EUR' },
  { country: 'France', currency: 'EUR' },
  { country: 'Norway', currency: 'NOK' },
];

export const PRODUCTS: readonly [Product, ...Product[]] = [
  { id: 'B-1001', description: 'Espresso beans, 1 kg', price: 1895 },
  { id: 'B-1002', description: 'Filter coffee, 500 g', price: 895 },
  { id: 'B-1003', description: 'Decaf beans, 250 g', price: 745 },
  { id: 'T-2001', description: 'Earl Grey, 100 bags', price: 649 },
  { id: 'T-2002', description: 'Green tea, loose, 200 g', price: 1120 },
  { id: 'T-2003', description: 'Rooibos, 50 bags', price: 485 },
  { id: 'M-3001', description: 'Mug, blue', price: 550 },
  { id: 'M-3002', description: 'Mug, white', price: 550 },
  { id: 'M-3003', description: 'Espresso cup, set of 4', price: 2400 },
  { id: 'M-3004', description: 'Travel cup', price: 1599 },
  { id: 'E-4001', description: 'Moka pot, 6 cups', price: 3295 },
  { id: 'E-4002', description: 'French press', price: 2750 },
  { id: 'E-4003', description: 'Hand grinder', price: 5900 },
  { id: 'E-4004', description: 'Kettle, gooseneck', price: 6450 },
  { id: 'E-4005', description: 'Milk frother', price: 1275 },
  { id: 'F-5001', description: 'Paper filters, 100', price: 310 },
  { id: 'F-5002', description: 'Paper filters, 400', price: 995 },
  { id: 'F-5003', description: 'Descaler', price: 720 },
  { id: 'S-6001', description: 'Cane sugar, 1 kg', price: 265 },
  { id: 'S-6002', description: 'Oat biscuits', price: 345 },
  { id: 'S-6003', description: 'Dark chocolate, 70 %', price: 290 },
  { id: 'S-6004', description: 'Shortbread tin', price: 850 },
  { id: 'G-7001', description: 'Gift card', price: 2500 },
  { id: 'G-7002', description: 'Gift wrap', price: 150 },
  { id: 'POST', description: 'Postage', price: 495 },
];
