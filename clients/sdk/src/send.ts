/** Sending single transactions and waiting for what becomes of them. */
import { InvalidTxError, type TxEventsPayload } from 'polkadot-api';
import { filter, firstValueFrom } from 'rxjs';
import { type Chain, within } from './chain.ts';
import { explain, reasonOf } from './errors.ts';
import type { Key } from './keys.ts';
import { upon, watch } from './watch.ts';

/** The block it is in, and the events of the transaction alone. */
export type Receipt = Pick<TxEventsPayload, 'block' | 'events'>;

/** A call that is ready to be signed. */
export type Tx = ReturnType<Chain['api']['tx']['System']['remark']>;

/** What of a key is needed to send. */
export type Signing = Pick<Key, 'address' | 'signer'>;

/** Milliseconds that a transaction may take: what becomes of an upgrade is known when the node has compiled the new runtime. */
const PATIENCE = 180_000;

/** The pool does not take it: it names why, as in `Invalid.Payment`. */
export class NotTaken extends Error {}

/**
 * Signs `tx`, sends it and waits until it is in a block, or final. Throws [`Refused`](./errors.ts) if it failed
 * there, and [`NotTaken`] if it never got that far.
 */
export async function send(chain: Chain, key: Signing, tx: Tx, until: 'inBlock' | 'final' = 'inBlock'): Promise<Receipt> {
	const { done } = await submit(chain, key, tx, until);
	return done;
}

/** The same, and returns as soon as it is sent, so that the next one can follow at once. */
export async function submit(chain: Chain, key: Signing, tx: Tx, until: 'inBlock' | 'final' = 'inBlock'): Promise<{ done: Promise<Receipt> }> {
	const bytes = await signed(chain, key, tx);
	const outcome = firstValueFrom(
		watch(chain, bytes).pipe(
			filter((event) => event.type === 'finalized' || (event.type === 'txBestBlocksState' && until === 'inBlock' && event.found)),
		),
	).catch(refuse);
	const done = within(PATIENCE, `${nameOf(tx)} was not ${until}`, Promise.race([outcome, chain.lost])).then(async (event) => {
		if (!('block' in event)) throw new Error('an outcome without a block');
		if (!event.ok) throw await explain(chain.client, event.dispatchError as Parameters<typeof explain>[1]);
		return { block: event.block, events: event.events };
	});
	// A caller that still submits others awaits it later.
	done.catch(() => {});
	return { done };
}

async function signed(chain: Chain, key: Signing, tx: Tx): Promise<Uint8Array> {
	// With those in the pool counted in, which the library does not.
	const nonce = await chain.request<number>('system_accountNextIndex', key.address);
	return upon(chain, ({ hash }) => tx.sign(key.signer, { at: hash, nonce }));
}

/** Signs and sends in the name of the key's own account, or as a delegate of `principal`. */
export async function sendFor(chain: Chain, key: Signing, principal: string | undefined, tx: Tx): Promise<Receipt> {
	if (principal === undefined || principal === key.address) return send(chain, key, tx);
	const { api, client } = chain;
	const real = { type: 'Id', value: principal } as const;
	const receipt = await send(chain, key, api.tx.Proxy.proxy({ real, force_proxy_type: undefined, call: tx.decodedCall }));
	// What a delegate sends is in its block even where what it was for failed.
	const [done] = api.event.Proxy.ProxyExecuted.filter(receipt.events);
	if (!done) throw new Error(`block ${receipt.block.hash} does not say what became of it`);
	const { result } = done.payload;
	if (!result.success) throw await explain(client, result.value);
	return receipt;
}

function refuse(error: unknown): never {
	if (error instanceof InvalidTxError) throw new NotTaken(`the pool does not take it: ${reasonOf(error.error)}`);
	throw error;
}

/** As in `points.issue`. */
export function nameOf({ decodedCall: { type, value } }: Pick<Tx, 'decodedCall'>): string {
	return `${type.charAt(0).toLowerCase()}${type.slice(1)}.${value.type}`;
}
