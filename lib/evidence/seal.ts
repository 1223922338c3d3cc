import { createHash } from 'node:crypto';

/** What is known of a document's bytes elsewhere: enough to tell that they changed, and where. */
export interface Seal {
  /** Of all bytes, in hex. */
  readonly sha256: string;
  readonly size: number;
  /** The first characters of each block's SHA-256 in base64, joined. */
  readonly blocks: string;
}

/** Small, so that a changed byte is found by trying; large, so that the hashes stay shorter than what they are of. */
export const BLOCK_BYTES = 64;
/** 72 bits: nobody finds another block with the same ones. */
const BLOCK_CHARACTERS = 12;

export const sealOf = (bytes: Uint8Array): Seal => ({
  sha256: sha256Of(bytes),
  size: bytes.length,
  blocks: blocksOf(bytes).map(hashOfBlock).join(''),
});

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const isSealed = (bytes: Uint8Array, seal: Seal): boolean => sha256Of(bytes) === seal.sha256;

/** Bytes that are not those that were sealed. */
export interface Change {
  /** The first changed byte; of the block's bytes where more than one of them changed. */
  readonly offset: number;
  /** Bytes that may have changed, from the offset on; one when it is known which. */
  readonly length: number;
  /** What the byte was and is, where it is known. */
  readonly was?: number;
  readonly is?: number;
}

/** Where bytes differ from what was sealed, and the bytes as they were where they can be restored. */
export interface Damage {
  readonly changes: readonly Change[];
  readonly restored: Uint8Array | null;
}

/** Where more has changed, nobody asks for single bytes, and finding them would take long. */
const MOST_BLOCKS = 16;

/** A changed byte is found by putting every other value in its place until the block is the one that was sealed. */
export function findDamage(bytes: Uint8Array, seal: Seal): Damage {
  const changes = bytes.length === seal.size ? changedBlocks(bytes, seal) : [changedLength(bytes, seal)];
  const restored = bytes.slice();
  for (const { offset, was } of changes) if (was !== undefined) restored[offset] = was;
  return { changes, restored: isSealed(restored, seal) ? restored : null };
}

function changedBlocks(bytes: Uint8Array, seal: Seal): Change[] {
  const changed = [...blocksOf(bytes).entries()].filter(([index, block]) => hashOfBlock(block) !== hashAt(seal, index));
  const isFew = changed.length <= MOST_BLOCKS;
  return changed.map(([index, block]) => {
    const offset = index * BLOCK_BYTES;
    const byte = isFew ? changedByte(block, hashAt(seal, index)) : undefined;
    return byte ? { ...byte, offset: offset + byte.offset } : { offset, length: block.length };
  });
}

/** Undefined when more than one byte of the block changed. */
function changedByte(block: Uint8Array, wanted: string): Change | undefined {
  const tried = block.slice();
  for (const [offset, is] of block.entries()) {
    for (let was = 0; was < 256; was++) {
      tried[offset] = was;
      if (hashOfBlock(tried) === wanted) return { offset, length: 1, was, is };
    }
    tried[offset] = is;
  }
  return undefined;
}

/** What comes behind bytes that were taken out or put in has moved, so that only the beginning can be told. */
function changedLength(bytes: Uint8Array, seal: Seal): Change {
  const blocks = blocksOf(bytes);
  const first = blocks.findIndex((block, index) => hashOfBlock(block) !== hashAt(seal, index));
  const offset = (first < 0 ? blocks.length : first) * BLOCK_BYTES;
  return { offset: Math.min(offset, bytes.length), length: Math.max(bytes.length, seal.size) - offset };
}

const blocksOf = (bytes: Uint8Array): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / BLOCK_BYTES) }, (_, index) =>
    bytes.subarray(index * BLOCK_BYTES, (index + 1) * BLOCK_BYTES),
  );

const hashOfBlock = (block: Uint8Array): string =>
  createHash('sha256').update(block).digest('base64').slice(0, BLOCK_CHARACTERS);

const hashAt = ({ blocks }: Seal, index: number): string =>
  blocks.slice(index * BLOCK_CHARACTERS, (index + 1) * BLOCK_CHARACTERS);
