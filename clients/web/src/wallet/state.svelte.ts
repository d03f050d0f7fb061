/** What the wallet knows: whose it is, what that account holds, who knows it. It follows the chain while it is open. */
import { BEST } from '@hanse/sdk/chain';
import { type Directory, alliance, chain, heads, online } from '../shared/chain.ts';
import { type Key, savedKey } from '../shared/keys/index.ts';
import { resume } from '../shared/journal.ts';
import { keep, kept } from '../shared/store.ts';

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

/** What was read last, and when. */
interface Known {
	holdings: Holding[];
	customer: Customer | undefined;
	recovery: Recovery | undefined;
	at: number;
}

class Wallet {
	key = $state<Key | undefined>();
	/** Whether the key was looked for. */
	ready = $state(false);
	holdings = $state.raw<Holding[] | undefined>();
	customer = $state.raw<Customer | undefined>();
	recovery = $state.raw<Recovery | undefined>();
	directory = $state.raw<Directory | undefined>();
	/** When the holdings were read. */
	at = $state(0);
	online = $state(false);

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

/** Finds the key, shows what was known before, and follows the chain. */
export async function start(): Promise<void> {
	online.subscribe((is) => (wallet.online = is));
	wallet.key = await savedKey();
	wallet.ready = true;
	if (wallet.key) await take(wallet.key);
}

/** The wallet is that of `key` from now on. */
export async function take(key: Key): Promise<void> {
	wallet.key = key;
	const [before, directory] = await Promise.all([kept<Known>(`known.${key.address}`), kept<Directory>('directory')]);
	wallet.directory ??= directory;
	show(before);
	await resume(key.address);
	follow();
}

let following = false;
let reading = false;
let again = false;

function follow(): void {
	if (following) return;
	following = true;
	heads.subscribe(({ best }) => best > 0 && void refresh());
	void refresh();
}

/** Reads anew; of many wishes at once one is granted, and one after it. */
export async function refresh(): Promise<void> {
	if (reading) {
		again = true;
		return;
	}
	reading = true;
	try {
		do {
			again = false;
			await read();
		} while (again);
	} catch {
		// What was known stays; `online` says that it may be old.
	} finally {
		reading = false;
	}
}

async function read(): Promise<void> {
	const { address } = wallet;
	if (!address) return;
	const { api } = await chain();
	const [holdings, customer, recovery, directory] = await Promise.all([
		holdingsOf(address), api.apis.HanseApi.customer(address, BEST), api.query.Customers.Recoveries.getValue(address, BEST), alliance(),
	]);
	const known: Known = {
		holdings,
		customer: customer && {
			registrar: customer.registrar, since: Number(customer.since), exchangesFrom: Number(customer.exchanges_from), left: customer.left,
			sponsoredLeft: customer.sponsored_left,
		},
		recovery: recovery && { institution: recovery.institution, to: recovery.new, due: Number(recovery.due), moved: recovery.moved !== undefined },
		at: Date.now(),
	};
	// The account can have become another one meanwhile.
	if (address !== wallet.address) return;
	wallet.directory = directory;
	show(known);
	await keep(`known.${address}`, known);
}

function show(known: Known | undefined): void {
	wallet.holdings = known?.holdings;
	wallet.customer = known?.customer;
	wallet.recovery = known?.recovery;
	wallet.at = known?.at ?? 0;
}

async function holdingsOf(address: string): Promise<Holding[]> {
	const { api } = await chain();
	const found: Holding[] = [];
	let from: number | undefined = 1;
	while (from !== undefined) {
		const page: Awaited<ReturnType<typeof api.apis.HanseApi.portfolio>> = await api.apis.HanseApi.portfolio(address, from, BEST);
		for (const { program, asset, amount, pending, expires, value } of page.holdings) {
			found.push({ program, asset, amount, pending, expires: Number(expires), value });
		}
		from = page.next;
	}
	return found.sort((a, b) => a.expires - b.expires || a.asset - b.asset);
}
