/** An order of the shop, as the data of an event. */
export const order = (id: string, lines: readonly object[]) => ({
  order_id: id,
  customer_id: '4711',
  ordered_at: '2011-03-01T10:00:00Z',
  country: 'Norway',
  currency: 'NOK',
  is_cancellation: false,
  lines,
});

export const line = (lineNo: number, change: object = {}) => ({
  line_no: lineNo,
  product_id: 'P-1',
  description: 'a product',
  quantity: 2,
  unit_price: '9.99',
  ...change,
});

export const event = (id: string, data: object, change: object = {}) => ({
  specversion: '1.0',
  id,
  source: '/commerce/shop',
  type: 'commerce.orders.v1',
  time: '2011-03-01T10:00:00Z',
  datacontenttype: 'application/json',
  data,
  ...change,
});
