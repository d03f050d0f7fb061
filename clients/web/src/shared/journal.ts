/**
 * What was signed, stored before it is sent. The same thing is sent again until it is in a final block or cannot be in
 * any, so that an answer that got lost never makes a second payment.
 */
import type { Tx } from '@hanse/sdk/send';
import { reasonOf } from '@hanse/sdk/reasons';
import { bytesOf, hashOf, hexOf } from '@hanse/sdk/bytes';
import { InvalidTxError } from 'polkadot-api';
import { writable } from 'svelte/store';
import { chain } from './chain.ts';
import { history } from './gateway.ts';
import type { Signer } from './keys/index.ts';
import { keep, keptUnder } from './store.ts';

/** Blocks for which a transaction is good. */
const LIFE = 64;

export type State = 'signed' | 'accepted' | 'final' | 'failed' | 'expired';

export interface Entry {
	/** What makes it the same. */
	id: string;
	kind: 'pay' | 'give' | 'exchange' | 'complain' | 'object' | 'forget' | 'leave';
	/** What it is about, for the screen. */
	about: Record<string, string | number>;
	account: string;
	/** The whole transaction, in hexadecimal digits, and its hash. */
	bytes: string;
	hash: string;
	nonce: number;
	/** The block at which it was signed. */
	birth: number;
	created: number;
	state: State;
	/** Why it failed: the chain's name of it. */
	reason?: string;
	/** The block it is in. */
	block?: number;
}

export const isOver = ({ state }: Pick<Entry, 'state'>): boolean => state === 'final' || state === 'failed' || state === 'expired';

/** All of them, the newest first. */
export const entries = writable<Entry[]>([]);
const known = new Map<string, Entry>();
/** Loaded with the first transaction. */
const watching = () => import('@hanse/sdk/watch');
const at = (entry: Pick<Entry, 'account' | 'id'>) => `tx.${entry.account}.${entry.id}`;

async function store(entry: Entry): Promise<Entry> {
	await keep(at(entry), entry);
	known.set(at(entry), entry);
	entries.set([...known.values()].sort((a, b) => b.created - a.created));
	return entry;
}

/** Reads what was stored, and goes on with what is not over. */
export async function resume(account: string): Promise<void> {
	for (const entry of await keptUnder<Entry>(`tx.${account}.`)) {
		known.set(at(entry), entry);
		if (!isOver(entry)) follow(entry);
	}
	entries.set([...known.values()].sort((a, b) => b.created - a.created));
}

export interface Wish extends Pick<Entry, 'id' | 'kind' | 'about'> {
	call: Tx;
	/** Asks the holder. Not called if the same is under way. */
	sign: () => Promise<Signer>;
	account: string;
}

const beginning = new Map<string, Promise<Entry>>();

/** Signs, stores and sends; if the same is under way or done, it is that. */
export function begin(wish: Wish): Promise<Entry> {
	const name = at(wish);
	let begun = beginning.get(name);
	if (!begun) {
		begun = once(wish).finally(() => beginning.delete(name));
		beginning.set(name, begun);
	}
	return begun;
}

async function once({ id, kind, about, call, sign, account }: Wish): Promise<Entry> {
	// Of two windows one signs; the other finds what it signed.
	return navigator.locks.request(`hanse.${account}`, async () => {
		await refresh(account);
		const before = known.get(at({ account, id }));
		if (before && before.state !== 'failed' && before.state !== 'expired') {
			if (!isOver(before)) follow(before);
			return before;
		}
		const { client, request } = await chain();
		// First: the holder may take longer than a node keeps a block to sign upon.
		const [signer, { upon }] = await Promise.all([sign(), watching()]);
		const nonce = await request<number>('system_accountNextIndex', account);
		const { bytes, birth } = await upon({ client }, async ({ hash, number: birth }) => {
			const mortality = { mortal: true, period: LIFE } as const;
			return { bytes: await call.sign(signer.transactions, { at: hash, nonce, mortality }), birth };
		});
		const entry = await store({
			id, kind, about, account, bytes: hexOf(bytes), hash: hashOf(bytes), nonce, birth, created: Date.now(), state: 'signed',
		});
		follow(entry);
		return entry;
	});
}

async function refresh(account: string): Promise<void> {
	for (const entry of await keptUnder<Entry>(`tx.${account}.`)) known.set(at(entry), entry);
}

/** The end of an entry, or that it is in a block. */
export function until(id: string, account: string, state: 'accepted' | 'final'): Promise<Entry> {
	return new Promise((resolve) => {
		let stop = () => {};
		stop = entries.subscribe(() => {
			const entry = known.get(at({ account, id }));
			if (entry && (isOver(entry) || (state === 'accepted' && entry.state === 'accepted'))) {
				resolve(entry);
				queueMicrotask(() => stop());
			}
		});
	});
}

const followed = new Set<string>();

/** Sends it, and again whenever the connection was gone, until it is over. */
function follow(entry: Entry): void {
	if (followed.has(entry.hash)) return;
	followed.add(entry.hash);
	void (async () => {
		for (;;) {
			try {
				if (await deliver(at(entry))) break;
			} catch {
				// The node is away; the same bytes are sent again.
			}
			await new Promise((resolve) => setTimeout(resolve, 1_500));
		}
		followed.delete(entry.hash);
	})();
}

/** Whether it is over. */
async function deliver(name: string): Promise<boolean> {
	const entry = known.get(name);
	if (!entry || isOver(entry)) return true;
	const [node, { watch }] = await Promise.all([chain(), watching()]);
	return new Promise((resolve, reject) => {
		const subscription = watch(node, bytesOf(entry.bytes)).subscribe({
			async next(event) {
				if (event.type === 'txBestBlocksState' && event.found && event.ok) await advance(name, { state: 'accepted', block: event.block.number });
				if (event.type !== 'finalized') return;
				subscription.unsubscribe();
				const end = event.ok ? {} : { reason: reasonOf(event.dispatchError as Parameters<typeof reasonOf>[0]) };
				await advance(name, { state: event.ok ? 'final' : 'failed', block: event.block.number, ...end });
				resolve(true);
			},
			error(error: unknown) {
				if (error instanceof InvalidTxError) look(name, reasonOf(error.error)).then(resolve, reject);
				else reject(error);
			},
		});
	});
}

async function advance(name: string, change: Partial<Entry>): Promise<void> {
	const entry = known.get(name);
	if (entry && !isOver(entry)) await store({ ...entry, ...change });
}

/** The pool does not take it: it is in a block already, or it is too late, or it is refused. */
async function look(name: string, reason: string): Promise<boolean> {
	const entry = known.get(name);
	if (!entry) return true;
	const { client, request } = await chain();
	const { number: final } = await client.getFinalizedBlock();
	for (let number = entry.birth + 1; number <= Math.min(final, entry.birth + LIFE); number++) {
		const hash = await request<string>('chain_getBlockHash', number);
		const { block } = await request<{ block: { extrinsics: string[] } }>('chain_getBlock', hash);
		if (!block.extrinsics.includes(entry.bytes)) continue;
		await advance(name, { ...(await outcome(entry, number)), block: number });
		return isOver(known.get(name) ?? entry);
	}
	if (final > entry.birth + LIFE) await advance(name, { state: 'expired' });
	// Refused as it is, and in no block: it may not be sent again when that has changed.
	else if (/Payment|BadProof|BadSigner|Call$/.test(reason)) await advance(name, { state: 'failed', reason });
	return isOver(known.get(name) ?? entry);
}

/** How it went, in a block that the node does not show any more: what it did is on record, or it did nothing. */
async function outcome(entry: Entry, block: number): Promise<Partial<Entry>> {
	const { api } = await chain();
	if (entry.kind === 'pay') {
		const { merchant, era, commitment } = entry.about as { merchant: number; era: number; commitment: string };
		const receipt = await api.apis.HanseApi.receipt(merchant, entry.account, { era, commitment }, { at: 'best' });
		return receipt ? { state: 'final' } : { state: 'failed', reason: 'unknown' };
	}
	if (entry.kind !== 'give' && entry.kind !== 'exchange') return { state: 'final' };
	const { items } = await history(entry.account);
	if (items.some((item) => item.block === block && item.less)) return { state: 'final' };
	// The gateway may not have read that block yet.
	return (items[0]?.block ?? 0) > block ? { state: 'failed', reason: 'unknown' } : {};
}
