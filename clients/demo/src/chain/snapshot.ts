/** The chain at one final block. */
import { type Api, type Chain, ConnectionLost, type Where, sleep } from '@hanse/sdk/chain';

export interface BlockId {
	number: number;
	hash: string;
}

export interface Snapshot {
	block: BlockId;
	/** The chain's clock there, in milliseconds since 1970. */
	now: number;
	at: Where;
}

export async function snapshotOf({ api }: Chain, { number, hash }: BlockId): Promise<Snapshot> {
	const at = { at: hash };
	return { block: { number, hash }, now: await readClock(api, at), at };
}

export const finalSnapshot = async (chain: Chain): Promise<Snapshot> => snapshotOf(chain, await chain.client.getFinalizedBlock());

export const readClock = async (api: Api, at: Where): Promise<number> => Number(await api.query.Timestamp.Now.getValue(at));

export const hashOfBlock = (chain: Chain, number: number): Promise<string> => chain.request<string>('chain_getBlockHash', number);

/**
 * The newest final block, once nothing that an earlier play sent is still on its way. Needs a first
 * block, since at genesis the chain's clock has not started.
 */
export async function atRest(chain: Chain, patience = 60_000): Promise<Snapshot> {
	const deadline = Date.now() + patience;
	for (;;) {
		// Asked in this order, so that what left the pool meanwhile is in the newest block.
		const waiting = await chain.request<unknown[]>('author_pendingExtrinsics');
		const best = await readNumber(chain);
		const hash = await chain.request<string>('chain_getFinalizedHead');
		const number = await readNumber(chain, hash);
		if (waiting.length === 0 && number >= Math.max(best, 1)) return snapshotOf(chain, { number, hash });
		if (Date.now() > deadline) {
			const state = `${waiting.length} transactions wait, block ${best} is the newest and ${number} the newest final`;
			throw new ConnectionLost(`the chain does not come to rest: ${state}`);
		}
		await sleep(100);
	}
}

/** Of the newest block, or of one block. */
async function readNumber(chain: Chain, ...hash: string[]): Promise<number> {
	return Number((await chain.request<{ number: string }>('chain_getHeader', ...hash)).number);
}
