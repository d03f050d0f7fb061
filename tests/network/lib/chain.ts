/** A connection to a node, with time-outs, and the few reads and calls by name that everything here uses. */
import '@polkadot/api/augment';
import { ApiPromise, WsProvider } from '@polkadot/api';
import type { ApiDecoration, SubmittableExtrinsic } from '@polkadot/api/types';
import type { Header, SiLookupTypeId } from '@polkadot/types/interfaces';
import type { Codec } from '@polkadot/types/types';
import { compactStripLength, hexToU8a, u8aConcat, u8aToHex } from '@polkadot/util';
import type { HexString } from '@polkadot/util/types';

/** Milliseconds that one request may take. */
const REQUEST_TIMEOUT = 20_000;

/** The version of the metadata that has everything; in SCALE, as the runtime takes it. */
const METADATA_VERSION = '0x10000000';

/**
 * The library asks for the metadata of a runtime that replaced another in their oldest version, which says
 * nothing of the runtime's own reads: `api.call` would lose them until the next connection.
 */
class Provider extends WsProvider {
	override async send<T = any>(method: string, params: unknown[], ...rest: any[]): Promise<T> {
		if (method !== 'state_getMetadata') return super.send<T>(method, params, ...rest);
		const call = ['Metadata_metadata_at_version', METADATA_VERSION, ...params];
		const [isSome, ...opaque] = hexToU8a(await super.send<HexString>('state_call', call));
		if (!isSome) return super.send<T>(method, params, ...rest);
		const [, metadata] = compactStripLength(Uint8Array.from(opaque));
		return u8aToHex(metadata) as T;
	}
}

/** The node did not answer, or went away. */
export class ConnectionLost extends Error {}

export interface Chain {
	api: ApiPromise;
	/** A request as it is, past the library's own decoding. */
	request<T>(method: string, ...params: unknown[]): Promise<T>;
	/** Calls `note` with every new or final header until the function that it returns is called. */
	headers(which: 'new' | 'final', note: (header: Header) => void): Promise<() => Promise<void>>;
	/** Never resolves; rejects with [`ConnectionLost`] when the node goes away. */
	lost: Promise<never>;
	close(): Promise<void>;
}

/** Connects as soon as the node answers, within `patience` milliseconds. */
export async function connect(url: string, patience = 30_000): Promise<Chain> {
	const deadline = Date.now() + patience;
	for (;;) {
		try {
			return await connectOnce(url, deadline);
		} catch (error) {
			if (Date.now() + 250 >= deadline) {
				throw new ConnectionLost(`no answer from ${url} within ${patience / 1000} s: ${messageOf(error)}`);
			}
			await sleep(250);
		}
	}
}

async function connectOnce(url: string, deadline: number): Promise<Chain> {
	// No reconnecting by itself: a test wants to see that a node died, and the player to say so.
	const provider = new Provider(url, false, {}, REQUEST_TIMEOUT);
	let closing = false;
	const lost = new Promise<never>((_, reject) => {
		provider.on('error', () => reject(new ConnectionLost(`cannot reach ${url}`)));
		provider.on('disconnected', () => {
			if (!closing) reject(new ConnectionLost(`lost the connection to ${url}`));
		});
	});
	// Whoever waits for something else races it against `lost`; nobody has to.
	lost.catch(() => {});
	try {
		await provider.connect();
		const api = await within(
			deadline - Date.now(),
			"the node's metadata",
			Promise.race([ApiPromise.create({ provider, noInitWarn: true, throwOnConnect: true }), lost]),
		);
		const request = <T>(method: string, ...params: unknown[]) => provider.send<T>(method, params);
		// The library keeps its own subscriptions for a while after their end, and complains on the screen
		// when the connection is closed meanwhile.
		const headers: Chain['headers'] = async (which, note) => {
			const [name, subscribe, unsubscribe] =
				which === 'new'
					? ['chain_newHead', 'chain_subscribeNewHeads', 'chain_unsubscribeNewHeads']
					: ['chain_finalizedHead', 'chain_subscribeFinalizedHeads', 'chain_unsubscribeFinalizedHeads'];
			const id = await provider.subscribe(name, subscribe, [], (error, header: unknown) => {
				if (!error) note(api.registry.createType<Header>('Header', header));
			});
			return async () => {
				await provider.unsubscribe(name, unsubscribe, id).catch(() => {});
			};
		};
		const close = async () => {
			closing = true;
			await api.disconnect();
		};
		return { api, request, headers, lost, close };
	} catch (error) {
		closing = true;
		await provider.disconnect().catch(() => {});
		throw error;
	}
}

/** `promise`, or an error that names `what` after `milliseconds`. */
export async function within<T>(milliseconds: number, what: string, promise: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const timeout = new Promise<never>((_, reject) => {
		timer = setTimeout(
			() => reject(new ConnectionLost(`waited ${Math.round(milliseconds / 1000)} s for ${what}`)),
			Math.max(milliseconds, 0),
		);
	});
	try {
		return await Promise.race([promise, timeout]);
	} finally {
		clearTimeout(timer);
	}
}

export const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A call of the runtime by name; says so if this runtime has none of that name. */
export function call(api: ApiPromise, section: string, method: string, ...args: unknown[]): Call {
	const make = api.tx[section]?.[method];
	if (!make) throw new Error(`this chain has no call ${section}.${method}`);
	return make(...args);
}
export type Call = SubmittableExtrinsic<'promise'>;

/** State, at the newest block (an `ApiPromise`) or at one block (what `api.at` returns). */
export type State = ApiPromise | ApiDecoration<'promise'>;

/** A storage item by name. */
export function storage(state: State, section: string, item: string) {
	const entry = state.query[section]?.[item];
	if (!entry) throw new Error(`this chain has no storage ${section}.${item}`);
	return entry;
}

/** What one of the runtime's own reads answers. */
export async function read(state: State, method: string, ...args: unknown[]): Promise<Codec> {
	const found = state.call['hanseApi']?.[method];
	if (!found) throw new Error(`this chain's runtime has no read hanseApi.${method}`);
	return found(...args) as Promise<Codec>;
}

/** What a view function of a pallet answers: the library reads of them in the metadata, and has no call for them. */
export async function view(api: ApiPromise, pallet: string, name: string, ...args: unknown[]): Promise<Codec> {
	const { pallets } = api.runtimeMetadata.asV16;
	const { viewFunctions } = pallets.find((other) => other.name.eq(pallet)) ?? { viewFunctions: [] };
	const found = viewFunctions.find((other) => other.name.eq(name));
	if (!found) throw new Error(`this chain has no view function ${pallet}.${name}`);
	const typed = (type: SiLookupTypeId, value: unknown) => api.createType(api.registry.createLookupType(type), value);
	const input = u8aConcat(...found.inputs.map(({ type }, i) => typed(type, args[i]).toU8a()));
	const answer = await api.call.runtimeViewFunction.executeViewFunction(found.id, u8aToHex(input));
	if (answer.isErr) throw new Error(`${pallet}.${name}: ${answer.asErr.type}`);
	return typed(found.output, answer.asOk.toU8a(true));
}

export interface BlockId {
	number: number;
	hash: HexString;
}

export async function finalisedHead(api: ApiPromise): Promise<BlockId> {
	const hash = (await api.rpc.chain.getFinalizedHead()).toHex();
	const header = await api.rpc.chain.getHeader(hash);
	return { number: header.number.toNumber(), hash };
}

/** Waits until block `number` is final, and returns the finalised head that shows it. */
export async function untilFinal(api: ApiPromise, number: number, patience = 30_000): Promise<BlockId> {
	const deadline = Date.now() + patience;
	for (;;) {
		const head = await finalisedHead(api);
		if (head.number >= number) return head;
		if (Date.now() > deadline) {
			throw new ConnectionLost(`block ${number} is not final after ${patience / 1000} s; the newest final is ${head.number}`);
		}
		await sleep(200);
	}
}
