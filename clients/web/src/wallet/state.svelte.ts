/** What the wallet knows: whose it is, what that account holds, who knows it. */
import type { Directory } from '../shared/chain.ts';
import { type Key, savedKey } from '../shared/keys/index.ts';

/** Points of one vintage. */
export interface Holding {
	program: number;
	asset: number;
	/** Smallest units that can be used. */
	amount: bigint;
	/** Those that are awarded and cannot be used yet. */
	pending: bigint;
	expires: number;
	/** Micro-units that the issuer promises for both. */
	value: bigint;
}

/** Pending points, and from when on they can be used. */
export interface Maturing {
	program: number;
	points: bigint;
	at: number;
	/** Whether the chain says so itself. */
	exact: boolean;
}

/** Who knows this account, and what it may still do. */
export interface Customer {
	registrar: number;
	since: number;
	exchangesFrom: number;
	/** Micro-units that may still be spent. */
	left: bigint;
	sponsoredLeft: number;
}

/** A recovery of this account to another one. */
export interface Recovery {
	institution: number;
	to: string;
	due: number;
	moved: boolean;
}

/** What moves points away. */
export type Act = 'pay' | 'give' | 'exchange';

/** What cannot be done now. */
export interface Stopped {
	/** Until when supervisors have stopped all points of this account, or those of programs. */
	account: number | undefined;
	programs: { program: number; until: number }[];
	/** Shops that supervisors let make no points. */
	issuers: number[];
	/** What the members have stopped, for everybody. */
	acts: Act[];
	/** When that ends, if it ends by itself. */
	actsUntil: number | undefined;
	/** Whether points expire in spite of what the members have stopped. */
	expiring: boolean;
}

/** What was read last, and when. */
export interface Known {
	holdings: Holding[];
	maturing: Maturing[];
	stopped: Stopped;
	customer: Customer | undefined;
	recovery: Recovery | undefined;
	at: number;
}

class Wallet {
	/** As it is kept: what a worker gets of it has to be plain. */
	key = $state.raw<Key | undefined>();
	/** Whether the key was looked for. */
	ready = $state(false);
	holdings = $state.raw<Holding[] | undefined>();
	maturing = $state.raw<Maturing[]>([]);
	stopped = $state.raw<Stopped | undefined>();
	customer = $state.raw<Customer | undefined>();
	recovery = $state.raw<Recovery | undefined>();
	directory = $state.raw<Directory | undefined>();
	/** When the holdings were read. */
	at = $state(0);
	online = $state(false);
	/** Whether the chain has made no block for a while. */
	still = $state(false);
	/** Whether the chain is read in another way since an upgrade than this page does. */
	outdated = $state(false);

	get address(): string {
		return this.key?.address ?? '';
	}
	program(id: number) {
		return this.directory?.programs.get(id);
	}
	member(id: number) {
		return this.directory?.members.get(id);
	}
	/** Micro-units that everything is worth, pending included. */
	get worth(): bigint {
		return (this.holdings ?? []).reduce((sum, { value }) => sum + value, 0n);
	}
}

export const wallet = new Wallet();

/** Finds the key, and goes on with what it holds. */
export async function start(): Promise<void> {
	wallet.key = await savedKey();
	wallet.ready = true;
	if (wallet.key) await take(wallet.key);
}

/** The wallet is that of `key` from now on. What follows the chain is loaded only now. */
export async function take(key: Key): Promise<void> {
	wallet.key = key;
	await (await import('./follow.ts')).follow(key);
}
