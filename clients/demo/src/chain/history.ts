/** What an earlier play sent, as the blocks have it that its journal does not know. */
import type { Chain } from '@hanse/sdk/chain';
import { signerOf } from './signing.ts';
import { type BlockId, hashOfBlock } from './snapshot.ts';

/** Blocks that are read at a time. */
const AT_ONCE = 16;
/**
 * Blocks after the last that a journal knows in which something of its play can be: a transaction lives for
 * 64, and a play that sees nothing happen for a minute gives up.
 */
const BLOCKS_TO_READ = 256;

/** How many transactions each account signed after block `known`, up to `newest`. */
export async function countSigned(chain: Chain, known: BlockId, newest: BlockId): Promise<Map<string, number>> {
	const signed = new Map<string, number>();
	const last = Math.min(newest.number, known.number + BLOCKS_TO_READ);
	for (let first = known.number + 1; first <= last; first += AT_ONCE) {
		const numbers = Array.from({ length: Math.min(AT_ONCE, last - first + 1) }, (_, i) => first + i);
		const blocks = await Promise.all(numbers.map(async (number) => chain.client.getBlockBody(await hashOfBlock(chain, number))));
		for (const signer of blocks.flat().map(signerOf)) {
			if (signer !== undefined) signed.set(signer, (signed.get(signer) ?? 0) + 1);
		}
	}
	return signed;
}
