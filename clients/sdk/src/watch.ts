/** Signing upon the newest block and following what was sent, also over a line on which an answer takes longer than blocks take to be final. */
import type { BlockInfo, TxBroadcastEvent, TxEventsPayload } from 'polkadot-api';
import { Observable } from 'rxjs';
import { hashOf } from './bytes.ts';
import type { Chain } from './chain.ts';

type Records = Awaited<ReturnType<Chain['api']['query']['System']['Events']['getValue']>>;

/** What `use` makes of the newest block, which stays readable meanwhile, final or replaced. */
export async function upon<T>({ client }: Pick<Chain, 'client'>, use: (newest: BlockInfo) => Promise<T>): Promise<T> {
	const [newest] = await client.getBestBlocks();
	if (!newest) throw new Error('the node has no block');
	const release = client.hodlBlock(newest.hash);
	try {
		return await use(newest);
	} finally {
		release();
	}
}

/**
 * Sends what was signed, and says what becomes of it; `finalized` is the last word.
 *
 * The library reads each block as it comes. It never says where the transaction is if reading that block takes until two
 * more are final: over a slow line, or while the node compiles the runtime that the block brought. So final blocks are
 * read too; a block is read once for both.
 */
export const watch = (chain: Pick<Chain, 'api' | 'client'>, bytes: Uint8Array): Observable<TxBroadcastEvent> =>
	new Observable((observer) => {
		const subscription = chain.client.submitAndWatch(bytes).subscribe(observer);
		const look = async (block: BlockInfo) => {
			const found = await lookInto(chain, block, bytes);
			if (!found) return;
			observer.next({ type: 'finalized', txHash: hashOf(bytes), ...found });
			observer.complete();
		};
		// What cannot be read here ends nothing that the library still follows; it says so itself when it cannot go on.
		const ignore = () => {};
		subscription.add(chain.client.finalizedBlock$.subscribe({ next: (block) => void look(block).catch(ignore), error: ignore }));
		return subscription;
	});

async function lookInto({ api, client }: Pick<Chain, 'api' | 'client'>, { hash, number }: BlockInfo, bytes: Uint8Array): Promise<TxEventsPayload | undefined> {
	const release = client.hodlBlock(hash);
	try {
		const body = await client.getBlockBody(hash);
		const index = body.findIndex((other) => other.length === bytes.length && other.every((byte, i) => byte === bytes[i]));
		if (index === -1) return undefined;
		const events = eventsOf(await api.query.System.Events.getValue({ at: hash }), index);
		const [failed] = api.event.System.ExtrinsicFailed.filter(events);
		const found = { block: { hash, number, index }, events };
		return failed ? { ...found, ok: false, dispatchError: failed.payload.dispatch_error } : { ...found, ok: true };
	} finally {
		release();
	}
}

/** Those of the transaction at `index`, of all events of a block. */
export const eventsOf = (records: Records, index: number) =>
	records.filter(({ phase }) => phase.type === 'ApplyExtrinsic' && phase.value === index).map((record) => ({ ...record, ...record.event }));
