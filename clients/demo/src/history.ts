/** What an earlier play sent, as the blocks have it that its journal does not know. */
import type { GenericExtrinsic } from '@polkadot/types';
import type { HexString } from '@polkadot/util/types';
import type { BlockId, Chain } from '@hanse/sdk/pjs/chain';

/** Blocks that are read at a time. */
const AT_ONCE = 16;
/**
 * Blocks after the last that a journal knows in which something of its play can be: a transaction lives for
 * 64, and a play that sees nothing happen for a minute gives up.
 */
const BLOCKS_TO_READ = 256;

export interface History {
	/** How many transactions each account signed, by address. */
	signed: Map<string, number>;
}

/** Reads what followed upon block `known`, up to `newest`. */
export async function readHistory(chain: Chain, known: BlockId, newest: BlockId): Promise<History> {
	const history: History = { signed: new Map() };
	const last = Math.min(newest.number, known.number + BLOCKS_TO_READ);
	for (let first = known.number + 1; first <= last; first += AT_ONCE) {
		const numbers = Array.from({ length: Math.min(AT_ONCE, last - first + 1) }, (_, i) => first + i);
		const blocks = await Promise.all(numbers.map((number) => readBlock(chain, number)));
		blocks.forEach((block) => note(history, block));
	}
	return history;
}

async function readBlock({ api, request }: Chain, number: number): Promise<GenericExtrinsic[]> {
	const hash = await api.rpc.chain.getBlockHash(number);
	const { block } = await request<{ block: { extrinsics: HexString[] } }>('chain_getBlock', hash.toHex());
	return block.extrinsics.map((bytes) => api.registry.createType('Extrinsic', bytes));
}

function note({ signed }: History, block: GenericExtrinsic[]): void {
	for (const { isSigned, signer } of block) {
		if (isSigned) signed.set(signer.toString(), (signed.get(signer.toString()) ?? 0) + 1);
	}
}
