/** The connection to a node: it comes back by itself, and what a page needs to know of the alliance is kept for a moment. */
import { textOf } from '@hanse/sdk/bytes';
import { type Api, BEST } from '@hanse/sdk/chain';
import { patient } from '@hanse/sdk/patient';
import { type PolkadotClient, createClient } from 'polkadot-api';
import { WsEvent, getWsProvider } from 'polkadot-api/ws';
import { readable, writable } from 'svelte/store';
import type hanse from '../../../sdk/descriptors/hanse.ts';
import { type Network, network } from './gateway.ts';
import { keep, kept } from './store.ts';

/** Whether the node answers. */
export const online = writable(false);

export interface Chain {
	api: Api;
	client: PolkadotClient;
	network: Network;
	/** A request as it is. */
	request<T>(method: string, ...params: unknown[]): Promise<T>;
}

let connected: Promise<Chain> | undefined;

/** The one connection of the page. It needs no answer of the node to be there; reads wait for it. */
export const chain = (): Promise<Chain> => (connected ??= start());

async function start(): Promise<Chain> {
	const facts = await network().catch((error: unknown) => {
		connected = undefined;
		throw error;
	});
	const provider = getWsProvider(chosen(facts.nodes), {
		onStatusChanged: ({ type }) => online.set(type === WsEvent.CONNECTED),
	});
	// The chain's own description is large, and the same until an upgrade.
	const client = createClient(patient(provider), {
		getMetadata: async (code) => (await kept<Uint8Array>(`metadata.${code}`)) ?? null,
		setMetadata: (code, metadata) => void keep(`metadata.${code}`, metadata),
	});
	addEventListener('offline', () => online.set(false));
	const request = <T>(method: string, ...params: unknown[]) => client._request<T, unknown[]>(method, params);
	const genesis = await Promise.race([request<string>('chain_getBlockHash', 0), new Promise<undefined>((resolve) => setTimeout(resolve, 3_000))]);
	if (genesis !== undefined && genesis !== facts.genesis) throw new Error('the node belongs to another chain than the gateway');
	// Typed when it is compiled, and by the chain's own description when it runs: the description of when it was compiled need
	// not be loaded, and what has another shape since an upgrade cannot be encoded.
	const api = client.getUnsafeApi<typeof hanse>() as unknown as Api;
	return { api, client, network: facts, request };
}

const NODE = 'hanse.node';

/** The node that the user prefers, then the others. */
function chosen(nodes: string[]): string[] {
	const preferred = localStorage.getItem(NODE);
	return preferred && nodes.includes(preferred) ? [preferred, ...nodes.filter((node) => node !== preferred)] : nodes;
}

/** Asks another node from the next start on. */
export const prefer = (node: string) => localStorage.setItem(NODE, node);
export const preferred = (): string | null => localStorage.getItem(NODE);

/** The number of the newest block and of the newest final one. */
export interface Heads {
	best: number;
	final: number;
}

/** The heads as they come, once for all who follow. */
export const heads = readable<Heads>({ best: 0, final: 0 }, (set) => {
	let stop = () => {};
	let ended = false;
	void chain().then(({ client }) => {
		if (ended) return;
		const subscription = client.bestBlocks$.subscribe((blocks) => {
			const [best, final] = [blocks[0], blocks[blocks.length - 1]];
			if (best && final) set({ best: best.number, final: final.number });
		});
		stop = () => subscription.unsubscribe();
	}).catch(() => {});
	return () => ((ended = true), stop());
});

export interface Program {
	program: number;
	issuer: number;
	name: string;
	symbol: string;
	decimals: number;
	/** Micro-units of one smallest unit. */
	face: bigint;
	/** Milliseconds for which an award is pending. */
	pending: bigint;
}

export interface Member {
	id: number;
	name: string;
	account: string;
	status: string;
}

/** Who and what there is in the alliance. */
export interface Directory {
	programs: Map<number, Program>;
	members: Map<number, Member>;
	at: number;
}

/** How long the directory counts as new. */
const FRESH = 30_000;
let directory: Promise<Directory> | undefined;

/** The programs and members; as they were before, where there is no connection. */
export async function alliance(): Promise<Directory> {
	const known = await directory?.catch(() => undefined);
	if (known && Date.now() - known.at < FRESH) return known;
	directory = read();
	return directory;
}

async function read(): Promise<Directory> {
	try {
		const found = await Promise.race([readDirectory(), new Promise<never>((_, no) => setTimeout(() => no(new Error('no answer')), 8_000))]);
		await keep('directory', found);
		return found;
	} catch (error) {
		const before = await kept<Directory>('directory');
		if (before) return before;
		throw error;
	}
}

async function readDirectory(): Promise<Directory> {
	const { api } = await chain();
	const [members, programs] = await Promise.all([api.query.Institutions.Institutions.getEntries(BEST), allPrograms(api)]);
	return {
		programs: new Map(programs.map((one) => [one.program, one])),
		members: new Map(members.map(({ keyArgs: [id], value: { profile, account, status } }) => [
			id, { id, name: textOf(profile.name), account, status: status.type },
		])),
		at: Date.now(),
	};
}

async function allPrograms(api: Api): Promise<Program[]> {
	const found: Program[] = [];
	let from: number | undefined = 1;
	while (from !== undefined) {
		const page: Awaited<ReturnType<typeof api.apis.HanseApi.programs>> = await api.apis.HanseApi.programs(from, BEST);
		for (const { program, issuer, name, symbol, terms } of page.programs) {
			found.push({
				program, issuer, name: textOf(name), symbol: textOf(symbol), decimals: terms.decimals,
				face: BigInt(terms.face_value), pending: terms.pending,
			});
		}
		from = page.next;
	}
	return found;
}
