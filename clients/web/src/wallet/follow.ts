/** What an account holds, as the chain has it now: read anew with each block while the wallet is open. */
import { BEST } from '@hanse/sdk/chain';
import { type Directory, alliance, chain, heads, online } from '../shared/chain.ts';
import { resume } from '../shared/journal.ts';
import type { Key } from '../shared/keys/index.ts';
import { keep, kept } from '../shared/store.ts';
import { type Holding, type Known, type Stopped, wallet } from './state.svelte.ts';

/** Shows what was known of `key` before, and follows the chain. */
export async function follow(key: Key): Promise<void> {
	const [before, directory] = await Promise.all([kept<Known>(`known.${key.address}`), kept<Directory>('directory')]);
	wallet.directory ??= directory;
	show(before);
	await resume(key.address);
	if (following) return;
	following = true;
	online.subscribe((is) => (wallet.online = is));
	heads.subscribe(({ best }) => best > 0 && void refresh());
	void refresh();
}

let following = false;
let reading = false;
let again = false;

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
	const [holdings, stopped, customer, recovery, directory] = await Promise.all([
		holdingsOf(address), stoppedOf(address), api.apis.HanseApi.customer(address, BEST), api.query.Customers.Recoveries.getValue(address, BEST), alliance(),
	]);
	const known: Known = {
		holdings,
		stopped,
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
	wallet.stopped = known?.stopped;
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

async function stoppedOf(address: string): Promise<Stopped> {
	const { api } = await chain();
	const halts = await api.query.Supervision.ActiveHalts.getValue(BEST);
	const now = Date.now();
	const stopped: Stopped = { account: undefined, programs: [] };
	for (const { target, until } of halts) {
		// A halt that is over stays in the list until the chain has looked at it.
		if (Number(until) <= now) continue;
		if (target.type === 'Customer' && target.value === address) stopped.account = Number(until);
		if (target.type === 'Program') stopped.programs.push({ program: target.value, until: Number(until) });
	}
	return stopped;
}
