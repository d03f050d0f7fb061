/** Four authorities and an archive node of one chain on loopback, each of which can fail and come back. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Chain, sleep } from './chain.ts';
import { FinalityLog } from './finality.ts';
import type { Peer } from './network.ts';
import { binary, startNode, temporaryDirectory } from './node.ts';
import { freePort } from './process.ts';

/** Those that are there from the start. */
export const NAMES = ['Alice', 'Bob', 'Charlie', 'Dave', 'Archive'] as const;

/** One node, whether it runs or not. */
interface Place {
	/** Where its data are, what it listens to, and what it was told to be. */
	base: string;
	address: string;
	args: string[];
}

export interface Options {
	/** For all of them. */
	args?: string[];
	/** For one of them, from its next start on. */
	own?: Record<string, string[]>;
	/** Where one's data are instead of in a directory that goes away. */
	bases?: Record<string, string>;
	/** Whether they know each other's addresses; else the test joins them. */
	acquainted?: boolean;
}

export class Fleet {
	readonly #options: Options;
	/** Those that there are. */
	readonly #places = new Map<string, Place>();
	/** Those that run. */
	readonly #running = new Map<string, Peer>();
	/** What each node said was final, in each of its lives. */
	readonly logs: FinalityLog[] = [];
	/** The path of the chain's specification, for those that are started from now on. */
	spec: string;
	#keys = 0;

	private constructor(spec: string, options: Options) {
		[this.spec, this.#options] = [spec, options];
	}

	/** Of the chain whose specification is at `spec`; all of them run. */
	static async open(spec: string, options: Options = {}): Promise<Fleet> {
		const fleet = new Fleet(spec, options);
		const archive = ['--state-pruning', 'archive', '--blocks-pruning', 'archive'];
		for (const name of NAMES) await fleet.#plan(name, name === 'Archive' ? archive : [`--${name.toLowerCase()}`]);
		try {
			await Promise.all(NAMES.map((name) => fleet.start(name)));
		} catch (error) {
			await fleet.stop();
			throw error;
		}
		return fleet;
	}

	async #plan(name: string, role: string[]): Promise<void> {
		const [listen, key] = [`/ip4/127.0.0.1/tcp/${await freePort()}`, `${++this.#keys}`.padStart(64, '0')];
		const base = this.#options.bases?.[name] ?? temporaryDirectory();
		const args = ['--no-mdns', '--rpc-rate-limit', '1000000', '--base-path', base, '--node-key', key, '--listen-addr', listen, ...role];
		this.#places.set(name, { base, address: `${listen}/p2p/${peerIdOf(key)}`, args });
	}

	/** Where the others are, if they are to know each other. */
	#others(name: string): string[] {
		if (this.#options.acquainted === false) return [];
		return ['--bootnodes', ...[...this.#places].filter(([other]) => other !== name).map(([, { address }]) => address)];
	}

	/** What a stranger's node needs to find these. */
	get bootnodes(): string[] {
		return ['--bootnodes', ...[...this.#places.values()].map(({ address }) => address)];
	}

	/** Starts one more node, which makes keys and signs with them when the chain says so. */
	async newcomer(name: string): Promise<Peer> {
		await this.#plan(name, ['--validator', '--rpc-methods', 'unsafe']);
		return this.start(name);
	}

	/** A node that runs no more is nobody's business any more. */
	retire(name: string): void {
		if (this.#running.has(name)) throw new Error(`${name}'s node runs`);
		this.#places.delete(name);
	}

	/** Whether all of them run. */
	get isWhole(): boolean {
		return this.#running.size === this.#places.size;
	}

	#place(name: string): Place {
		const place = this.#places.get(name);
		if (!place) throw new Error(`no node is called ${name}`);
		return place;
	}

	baseOf = (name: string): string => this.#place(name).base;

	/** Where a node keeps its blocks, and beside them its keys. */
	databaseOf = (name: string): string => join(this.baseOf(name), 'chains', 'hanse_local', 'paritydb', 'full');

	/** One that runs. */
	peer(name: string): Peer {
		const peer = this.#running.get(name);
		if (!peer) throw new Error(`${name}'s node does not run`);
		return peer;
	}

	/** The names of those that run. */
	get names(): string[] {
		return [...this.#running.keys()];
	}

	/** The connection to one of those that run, another one each time. */
	any(): Chain {
		const all = [...this.#running.values()];
		const peer = all[Math.floor(Math.random() * all.length)];
		if (!peer) throw new Error('no node runs');
		return peer.chain;
	}

	/** Starts a node with all that it had. */
	async start(name: string, env: NodeJS.ProcessEnv = {}): Promise<Peer> {
		const { args: all = [], own = {} } = this.#options;
		const args = ['--chain', this.spec, ...this.#place(name).args, ...this.#others(name), ...all, ...(own[name] ?? [])];
		const node = await startNode(args, env);
		try {
			const chain = await node.chain();
			const peer = { node, chain, args };
			this.logs.push(await FinalityLog.follow(chain));
			this.#running.set(name, peer);
			return peer;
		} catch (error) {
			await node.stop('SIGKILL');
			throw error;
		}
	}

	/** Ends a node: with `SIGKILL`, as a machine that is gone. How it ended. */
	async end(name: string, signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): Promise<string> {
		const { node, chain } = this.peer(name);
		this.#running.delete(name);
		await chain.close().catch(() => {});
		return node.stop(signal);
	}

	/** Waits until a node ends by itself, and says how. */
	async ended(name: string, patience: number): Promise<string> {
		const { node, chain } = this.peer(name);
		const deadline = Date.now() + patience;
		for (let how = node.ended(); ; how = node.ended()) {
			if (how !== undefined) {
				this.#running.delete(name);
				await chain.close().catch(() => {});
				return how;
			}
			if (Date.now() > deadline) throw new Error(`${name}'s node did not end within ${patience / 1_000} s; its log ends:\n${node.log().slice(-15).join('\n')}`);
			await sleep(200);
		}
	}

	async stop(): Promise<void> {
		await Promise.allSettled(this.names.map((name) => this.end(name, 'SIGTERM')));
	}
}

/** What peers call a node that has this key. */
const peerIdOf = (key: string): string => execFileSync(binary(), ['key', 'inspect-node-key'], { encoding: 'utf8', input: key }).trim();
