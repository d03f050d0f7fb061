/** What an account holds, as the chain has it now: read anew with each block while the wallet is open. */
import { BEST } from '@hanse/sdk/chain';
import { type Directory, alliance, chain, heads, online } from '../shared/chain.ts';
import { resume } from '../shared/journal.ts';
import type { Key } from '../shared/keys/index.ts';
import { isOtherShape } from '../shared/shape.ts';
import { keep, kept } from '../shared/store.ts';
import { type Holding, type Known, wallet } from './state.svelte.ts';
import { stoppedOf } from './stopped.ts';

/** Shows what was known of `key` before, and follows the chain. */
export async function follow(key: Key): Promise<void> {
	const [before, directory] = await Promise.all([kept<Known>(`state.${key.address}`), kept<Directory>('directory')]);
	wallet.directory ??= directory;
	show(before);
	await resume(key.address);
	if (following) return;
	following = true;
	online.subscribe((is) => (wallet.online = is));
	heads.subscribe(({ best }) => best > 0 && (beat(best), void refresh()));
	setInterval(() => (wallet.still = lastBlock > 0 && Date.now() - lastBlock > STILL), 5_000);
	void refresh();
}

let following = false;

/** Milliseconds without a block after which the chain counts as standing still: as it counts itself. */
const STILL = 60_000;
/** The newest block, and when it was made as far as this page knows. */
let newest = 0;
let lastBlock = 0;

/** A block is there. When the first one that this page hears of was made, the chain says; the others come as they are made. */
function beat(best: number): void {
	const first = newest === 0;
	newest = best;
	lastBlock = Date.now();
	wallet.still = false;
	if (first) void made(best).catch(() => {});
}

async function made(block: number): Promise<void> {
	const { api } = await chain();
	const at = Number(await api.query.Timestamp.Now.getValue(BEST));
	if (newest !== block) return;
	lastBlock = Math.min(lastBlock, at);
	wallet.still = Date.now() - lastBlock > STILL;
}

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
		wallet.outdated = false;
	} catch (error) {
		// What was known stays; `online` and `outdated` say that it may be old.
		// An answer in which something is missing cannot be reckoned with.
		wallet.outdated = isOtherShape(error) || error instanceof TypeError;
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
		maturing: wallet.maturing,
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
	await keep(`state.${address}`, known);
	// Without the gateway there are no dates; the points are there all the same.
	await date(known, address).catch(() => {});
}

function show(known: Known | undefined): void {
	wallet.holdings = known?.holdings;
	wallet.maturing = known?.maturing ?? [];
	wallet.stopped = known?.stopped;
	wallet.customer = known?.customer;
	wallet.recovery = known?.recovery;
	wallet.at = known?.at ?? 0;
}

/** What was dated last: it is dated anew when something else is pending, or while the history does not tell of all of it. */
let dated = '';

/** Says from when on pending points can be used, once the gateway has told of them. */
async function date(known: Known, address: string): Promise<void> {
	const waiting = known.holdings.filter(({ pending }) => pending > 0n);
	const of = [address, ...waiting.map(({ asset, pending }) => `${asset}:${pending}`)].join();
	if (waiting.length === 0 || dated === of) return;
	const { maturing } = await import('./maturing.ts');
	const list = await maturing(address, waiting);
	if (address !== wallet.address) return;
	const sum = (all: bigint[]) => all.reduce((one, other) => one + other, 0n);
	if (sum(list.map(({ points }) => points)) === sum(waiting.map(({ pending }) => pending))) dated = of;
	wallet.maturing = list;
	await keep(`state.${address}`, { ...known, maturing: list });
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
