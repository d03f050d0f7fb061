/** Several nodes of one chain on loopback. */
import type { Chain } from './chain.ts';
import { type Node, startNode, temporaryDirectory } from './node.ts';
import type { Founder } from './spec.ts';

export interface Peer {
	node: Node;
	chain: Chain;
	/** What the node was started with. */
	args: string[];
}

export class Network {
	readonly #spec: string;
	readonly #starting: Promise<Peer>[] = [];
	#bootnode: string | undefined;

	/** Of the chain whose specification is at `spec`. */
	constructor(spec: string) {
		this.#spec = spec;
	}

	/** Starts an authority of each name, which has the keys of that name, with further `args` for all of them. */
	async authorities<const N extends Founder>(names: readonly N[], ...args: string[]): Promise<Record<N, Peer>> {
		const start = async (name: N): Promise<[N, Peer]> => [name, await this.start([`--${name.toLowerCase()}`, ...args])];
		const [first, ...others] = names;
		// The others are told of the first one.
		const started = first === undefined ? [] : [await start(first)];
		started.push(...(await Promise.all(others.map(start))));
		return Object.fromEntries(started) as Record<N, Peer>;
	}

	/** Starts a node that makes keys and signs with them when the chain says so. */
	newcomer = (): Promise<Peer> => this.start(['--validator', '--rpc-methods', 'unsafe']);

	/** Starts a node and connects it to those that are there. */
	start(args: string[]): Promise<Peer> {
		const key = `${this.#starting.length + 1}`.padStart(64, '0');
		const join = this.#bootnode ? ['--bootnodes', this.#bootnode] : [];
		// Tests call more often than a wallet does.
		const own = ['--base-path', temporaryDirectory(), '--node-key', key, '--rpc-rate-limit', '1000000'];
		return this.#track(this.#run(['--chain', this.#spec, '--no-mdns', ...join, ...own, ...args]));
	}

	/** Starts a node that ended once more, with all that it had. */
	again = ({ args }: Peer): Promise<Peer> => this.#track(this.#run(args));

	#track(started: Promise<Peer>): Promise<Peer> {
		this.#starting.push(started);
		return started;
	}

	async #run(args: string[]): Promise<Peer> {
		const node = await startNode(args);
		const chain = await node.chain();
		this.#bootnode ??= node.address;
		return { node, chain, args };
	}

	/** Ends all of them, those too that were still starting when something else failed. */
	async stop(): Promise<void> {
		const ends = this.#starting.map(async (started) => {
			const { node, chain } = await started;
			await chain.close().catch(() => {});
			await node.stop();
		});
		await Promise.allSettled(ends);
	}
}

/** Has nodes speak with each other; all of them were started with `BY_HAND`. */
export async function join(...peers: Peer[]): Promise<void> {
	await pairs(peers, async (from, to) => {
		const id = await to.chain.request<string>('system_localPeerId');
		await from.chain.request('system_addReservedPeer', `${to.node.address.replace(/\/p2p\/.*/, '')}/p2p/${id}`);
	});
}

/** Has `peer` and the others speak with each other no more, until they are joined again. */
export async function part(peer: Peer, ...others: Peer[]): Promise<void> {
	const cut = async (from: Peer, to: Peer) =>
		from.chain.request('system_removeReservedPeer', await to.chain.request<string>('system_localPeerId'));
	await Promise.all(others.flatMap((other) => [cut(peer, other), cut(other, peer)]));
}

/** The arguments of nodes that speak only with those that they are joined with, and make blocks when that is nobody. */
export const BY_HAND = ['--reserved-only', '--network-backend', 'libp2p', '--force-authoring', '--rpc-methods', 'unsafe'];

async function pairs(peers: Peer[], each: (from: Peer, to: Peer) => Promise<void>): Promise<void> {
	await Promise.all(peers.flatMap((from) => peers.filter((to) => to !== from).map((to) => each(from, to))));
}
