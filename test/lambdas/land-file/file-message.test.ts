import { parseFileMessage } from '../../../lambdas/land-file/file-message.ts';

const created = (object: object) =>
  JSON.stringify({ 'detail-type': 'Object Created', source: 'aws.s3', detail: { bucket: { name: 'b' }, object } });

test('what S3 reports through EventBridge is taken with its key as it is', () => {
  const object = { key: 'landing/commerce/stock_counts/a b+%20ü.csv', size: 3, etag: 'e', sequencer: '00A' };
  expect(parseFileMessage(created(object))).toEqual({
    type: 'FileAnnounced',
    file: { bucket: 'b', key: object.key, size: 3, etag: 'e', versionId: undefined },
  });
  expect(parseFileMessage(created({ ...object, 'version-id': 'v1', etag: '"e"' }))).toMatchObject({
    file: { versionId: 'v1', etag: 'e' },
  });
});

test('what Sluice sends itself comes back as it was', () => {
  const file = { bucket: 'b', key: 'k', size: 3, etag: 'e' };
  const part = { from: { offset: 10, number: 2 }, to: 20 };
  const due = {
    file,
    part,
    index: 1,
    of: 2,
    before: { rows: 1, landed: 1, refused: 0, produced: { 'commerce.bronze.stock_counts': 1 } },
  };
  expect(parseFileMessage(JSON.stringify({ version: 1, type: 'PartDue', due }))).toEqual({ type: 'PartDue', due });
  expect(parseFileMessage(JSON.stringify({ version: 1, type: 'FileAnnounced', file }))).toEqual({
    type: 'FileAnnounced',
    file,
  });
});

test.each(['', '{}', created({ key: '', size: 1, etag: 'e' }), created({ key: 'k', size: -1, etag: 'e' })])(
  '%j is a bug, and fails',
  (body) => {
    expect(() => parseFileMessage(body)).toThrow();
  },
);
