/** A connection to a node, with time-outs, typed by the chain's metadata. */
import { type PolkadotClient, type TypedApi, createClient } from 'polkadot-api';
import { WsEvent, getWsProvider } from 'polkadot-api/ws';
import type { default as hanse, HanseCalls } from '../descriptors/hanse.ts';
import { patient } from './patient.ts';
import { webSocket } from './platform.ts';

/** Milliseconds without a sign of life, after which the node counts as gone: after an upgrade it compiles the new runtime first. */
const SILENCE = 120_000;

export type Api = TypedApi<typeof hanse>;

/** The arguments of calls, by pallet and name. */
export type Calls = HanseCalls;

/** Where to read: the newest block, which other blocks may replace. Without it a read is at the newest final one. */
export const BEST = { at: 'best' } as const;
/** The same of the block of a hash. */
export interface Where {
	at: string;
}

/** The node did not answer, or went away. */
export class ConnectionLost extends Error {}

export interface Chain {
	api: Api;
	client: PolkadotClient;
	/** A request as it is, past the library's own types. */
	request<T>(method: string, ...params: unknown[]): Promise<T>;
	/** Never resolves; rejects with [`ConnectionLost`] when the node goes away. */
	lost: Promise<never>;
	close(): void;
}

/** Connects as soon as the node answers, within `patience` milliseconds. It does not reconnect: `lost` says that it is over. */
export async function connect(url: string, patience = 30_000): Promise<Chain> {
	const websocketClass = await webSocket();
	let problem = 'it is silent';
	let connected!: () => void;
	let fail!: (error: ConnectionLost) => void;
	const open = new Promise<void>((resolve) => (connected = resolve));
	const lost = new Promise<never>((_, reject) => (fail = reject));
	// Whoever waits for something else races it against `lost`; nobody has to.
	lost.catch(() => {});

	let wasOpen = false;
	const provider = getWsProvider(url, {
		websocketClass,
		heartbeatTimeout: SILENCE,
		onStatusChanged: ({ type }) => {
			if (type === WsEvent.CONNECTED) (wasOpen = true), connected();
			else if (type !== WsEvent.CONNECTING && wasOpen) fail(new ConnectionLost(`lost the connection to ${url}`));
			else if (type !== WsEvent.CONNECTING) problem = `cannot reach ${url}`;
		},
	});
	const client = createClient(patient(provider));
	try {
		// Here alone, so that pages, which do without, do not load it.
		const api = client.getTypedApi((await import('../descriptors/hanse.ts')).default);
		await within(patience, `no answer from ${url}`, Promise.race([open.then(() => api.getStaticApis()), lost]), () => problem);
		lost.catch(() => client.destroy());
		const request = <T>(method: string, ...params: unknown[]) => client._request<T, unknown[]>(method, params);
		return { api, client, request, lost, close: () => client.destroy() };
	} catch (error) {
		client.destroy();
		throw error;
	}
}

/** `promise`, or an error after `milliseconds` that says what did not happen, and why if that is known. */
export async function within<T>(milliseconds: number, what: string, promise: Promise<T>, why?: () => string): Promise<T> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const timeout = new Promise<never>((_, reject) => {
		const say = () => reject(new ConnectionLost(`${what} within ${Math.round(milliseconds / 1_000)} s${why ? `: ${why()}` : ''}`));
		timer = setTimeout(say, Math.max(milliseconds, 0));
	});
	try {
		return await Promise.race([promise, timeout]);
	} finally {
		clearTimeout(timer);
	}
}

export const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
