/** What the chain says, at one block. */
import type { Option } from '@polkadot/types';
import { textOf, variantOf } from '@hanse/sdk/pjs/alliance';
import { type Chain, type State, read, storage } from '@hanse/sdk/pjs/chain';
import { wellKnown } from '@hanse/sdk/pjs/keys';
import { amount, sum } from '@hanse/sdk/money';
import type { Flows } from './books.ts';
import { SHOPS } from './shops.ts';

/** The chain is not in the state from which this play can go on. */
export class UnexpectedState extends Error {}

/** Milliseconds of an accounting era of the chain. */
const ERA = 24 * 60 * 60 * 1000;

/** What went into a reserve and out of it, other than between members. */
export interface Deposit {
	toppedUp: bigint;
	drawnDown: bigint;
	/** To the pot. */
	interchange: bigint;
	/** What its bond paid of what it owed, and others' bonds of what it was owed. */
	bondPaid: bigint;
	bondReceived: bigint;
}

/** What one shop has with another, in clearing. */
export interface Position {
	debtor: number;
	creditor: number;
	units: { cycle: number; value: bigint }[];
}

/** Where clearing stands; members by their ids, since others than the shops may be among them. */
export interface ClearingState {
	cycle: number;
	lines: { creditor: number; debtor: number; limit: bigint }[];
	positions: Position[];
	/** By debtor, what it owes on lines. */
	debts: Map<number, bigint>;
	overdue: number[];
	/** By shop, what it owes and is owed by its own statement. */
	statements: { owes: bigint; isOwed: bigint }[];
	/** The settlement units that there are, and those that were minted and burned since genesis. */
	issuance: bigint;
	minted: bigint;
	burned: bigint;
}

/** Everything of the shops, by shop. */
export interface ChainState {
	clearing: ClearingState;
	flows: Flows[];
	outstanding: bigint[];
	supply: bigint[];
	reserves: bigint[];
	deposits: Deposit[];
	/** Interchange of payments that can still be refunded. */
	accrued: bigint[];
	/** `owed[a][b]`: what shop `a` came to owe shop `b`, ever. */
	owed: bigint[][];
	/** `returned[a][b]`: what shop `a` got back of that. */
	returned: bigint[][];
	/** Points by account, hexadecimal. */
	holders: Map<string, bigint>[];
	/** Customers by the shop that registered them. */
	registered: number[];
	/** Settlement micro-units that each shop paid in fees for customers, on the last day on which it paid any. */
	fees: bigint[];
}

const institutions = SHOPS.map(({ institution }) => institution);
const accounts = SHOPS.map(({ key }) => wellKnown(key).address);

/** The asset of a program's first vintage, the only one that the player issues into. */
export const assetOf = (program: number) => program * 65_536;

export async function readState(state: State, programs: readonly number[]): Promise<ChainState> {
	const assets = programs.map(assetOf);
	const [flows, outstanding, supply, reserves, deposits, claims, owed, returned, holders, registered, budgets, clearing] = await Promise.all([
		many(state, 'points', 'flowsOf', programs),
		many(state, 'points', 'outstanding', institutions),
		many(state, 'assets', 'asset', assets),
		readReserves(state),
		readDeposits(state),
		many(state, 'clearing', 'claims', institutions),
		readOwed(state),
		readPairs(state, 'returned'),
		Promise.all(assets.map((asset) => readHolders(state, asset))),
		readRegistered(state),
		many(state, 'sponsorship', 'budgets', institutions),
		readClearing(state),
	]);
	return {
		clearing,
		flows: flows.map((json) => amounts<Flows>(json)),
		outstanding: outstanding.map(amount),
		// An asset that never was, or was swept after its expiry, has no supply.
		supply: supply.map((json) => amount((json as { supply: unknown } | null)?.supply ?? 0)),
		reserves,
		deposits,
		accrued: claims.map((json) => amount((json as { accrued: unknown }).accrued)),
		owed,
		returned,
		holders,
		registered,
		fees: budgets.map((json) => amount((json as { all: unknown }).all)),
	};
}

async function readClearing(state: State): Promise<ClearingState> {
	const [lines, positions, debts, overdue, statements, cycle, issuance, issued] = await Promise.all([
		storage(state, 'clearing', 'lines').entries(),
		storage(state, 'clearing', 'positions').entries(),
		storage(state, 'clearing', 'debts').entries(),
		storage(state, 'clearing', 'overdue').keys(),
		Promise.all(institutions.map((id) => readStatement(state, id))),
		readCycle(state),
		readIssuance(state),
		storage(state, 'clearing', 'issued')().then((value) => value.toJSON() as { minted: unknown; burned: unknown }),
	]);
	return {
		cycle,
		lines: lines.map(([key, value]) => {
			const [creditor = 0, debtor = 0] = key.args.map((id) => Number(id.toString()));
			return { creditor, debtor, limit: amount((value.toJSON() as { limit: unknown }).limit) };
		}),
		positions: positions.map(([key, value]) => {
			const [low, high] = key.args[0]?.toJSON() as [number, number];
			const { lowOwes, units } = value.toJSON() as { lowOwes: boolean; units: { cycle: number; value: unknown }[] };
			const [debtor, creditor] = lowOwes ? [low, high] : [high, low];
			return { debtor, creditor, units: units.map(({ cycle, value }) => ({ cycle, value: amount(value) })) };
		}),
		debts: new Map(debts.map(([key, value]) =>
			[Number(key.args[0]?.toString()), amount((value.toJSON() as { owed: unknown }).owed)])),
		overdue: overdue.map((key) => Number(key.args[0]?.toString())),
		statements,
		issuance,
		minted: amount(issued.minted),
		burned: amount(issued.burned),
	};
}

async function readStatement(state: State, institution: number): Promise<{ owes: bigint; isOwed: bigint }> {
	const statement = (await read(state, 'statement', institution)).toJSON() as
		{ clearing: { positions: { owes: unknown; isOwed: unknown }[] } } | null;
	const total = (side: 'owes' | 'isOwed') => sum((statement?.clearing.positions ?? []).map((position) => amount(position[side])));
	return { owes: total('owes'), isOwed: total('isOwed') };
}

/** The clearing cycle that runs. */
export async function readCycle(state: State): Promise<number> {
	return ((await storage(state, 'clearing', 'currentCycle')()).toJSON() as { index: number }).index;
}

/** When it began, in milliseconds. */
export async function readCycleBegan(state: State): Promise<number> {
	return ((await storage(state, 'clearing', 'currentCycle')()).toJSON() as { began: number }).began;
}

/** By member, what of its reserve is not free; nothing of those of whom nothing is. */
export async function readClaims(state: State): Promise<Record<number, string>> {
	const entries = await storage(state, 'clearing', 'claims').entries();
	return Object.fromEntries(entries.map(([key, value]) => {
		const { accrued, earmarked } = value.toJSON() as { accrued: unknown; earmarked: unknown };
		return [Number(key.args[0]?.toString()), `${amount(accrued) + amount(earmarked)}`];
	}));
}

export async function readIssuance(state: State): Promise<bigint> {
	return amount((await storage(state, 'balances', 'totalIssuance')()).toJSON());
}

async function readRegistered(state: State): Promise<number[]> {
	const entries = await storage(state, 'customers', 'registrations').entries();
	const registrars = entries.map(([, value]) => (value.toJSON() as { registrar: number }).registrar);
	return institutions.map((id) => registrars.filter((registrar) => registrar === id).length);
}

export async function readReserves(state: State): Promise<bigint[]> {
	const holds = await many(state, 'balances', 'holds', accounts);
	return holds.map((json) => {
		const list = json as { id: Record<string, unknown>; amount: unknown }[];
		return sum(list.filter(({ id }) => id['clearing'] === 'Reserve').map((hold) => amount(hold.amount)));
	});
}

export async function readDeposits(state: State): Promise<Deposit[]> {
	const deposits = await many(state, 'clearing', 'deposits', institutions);
	return deposits.map((json) => amounts<Deposit>(json));
}

export const readOwed = (state: State) => readPairs(state, 'turnover');

async function readPairs(state: State, item: 'turnover' | 'returned'): Promise<bigint[][]> {
	const entries = await storage(state, 'clearing', item).entries();
	const paid = new Map(entries.map(([key, value]) => [key.args.join(' '), amount(value.toJSON())]));
	return institutions.map((debtor) => institutions.map((creditor) => paid.get(`${debtor} ${creditor}`) ?? 0n));
}

async function readHolders(state: State, asset: number): Promise<Map<string, bigint>> {
	const entries = await storage(state, 'assets', 'account').entries(asset);
	return new Map(
		entries.map(([key, value]) => {
			const account = key.args[1]?.toHex() ?? '';
			return [account, amount((value.toJSON() as { balance: unknown }).balance)];
		}),
	);
}

/** The program of each shop that carries its symbol, if it has one. */
export async function readPrograms(state: State): Promise<(number | undefined)[]> {
	const lists = (await many(state, 'points', 'programsOf', institutions)) as number[][];
	return Promise.all(
		lists.map(async (programs, shop) => {
			const labels = await many(state, 'points', 'labels', programs);
			return programs.find((_, i) => {
				const label = labels[i] as { symbol: string } | null;
				return label && textOf(label.symbol) === SHOPS[shop]?.symbol;
			});
		}),
	);
}

/** The rules that matter here: parts per million, eras, micro-units, milliseconds. */
export async function readRules(state: State): Promise<Rules> {
	return (await storage(state, 'rulebook', 'current')()).toJSON() as unknown as Rules;
}

interface Rules {
	interchange: number;
	orderEras: number;
	refundWindow: number;
	admissionBond: unknown;
	/** Milliseconds. */
	cycle: number;
}

/** What was refunded of the payments of `keys`; zero where there is no receipt. */
export async function readRefunded(state: State, keys: unknown[][]): Promise<bigint[]> {
	const receipts = await many(state, 'exchange', 'receipts', keys);
	return receipts.map((json) => amount((json as { refunded: unknown } | null)?.refunded ?? 0));
}

/** How many programs the chain has, of whomever. */
export async function countPrograms(state: State): Promise<number> {
	return Number((await storage(state, 'points', 'lastProgram')()).toString());
}

/** When the period of a program's first vintage ends and when its points expire, in milliseconds. */
export async function readTimes(state: State, program: number): Promise<{ periodEnds: number; expires: number }> {
	const json = (await storage(state, 'points', 'programs')(program)).toJSON();
	const { started, terms } = json as { started: number; terms: { period: { milliseconds: number }; validity: number } };
	const periodEnds = started + terms.period.milliseconds;
	return { periodEnds, expires: periodEnds + terms.validity };
}

export async function readNow(state: State): Promise<number> {
	return Number((await storage(state, 'timestamp', 'now')()).toString());
}

export const eraAt = (now: number) => Math.floor(now / ERA);

/** Whether orders of `era` are taken in `state`, at `now`. */
export async function takesOrders(era: number, { state, now }: { state: State; now: number }): Promise<boolean> {
	const { orderEras } = await readRules(state);
	return eraAt(now) <= era + orderEras;
}

/** Which of the entries of `item` exist at `block`, in the order of `keys`. */
export async function exist(chain: Chain, block: string, section: string, item: string, keys: unknown[][]): Promise<boolean[]> {
	const entry = storage(chain.api, section, item);
	const found: boolean[] = [];
	for (let start = 0; start < keys.length; start += 1_000) {
		const wanted = keys.slice(start, start + 1_000).map((key) => entry.key(...key));
		const [answer] = await chain.request<{ changes: [string, string | null][] }[]>('state_queryStorageAt', wanted, block);
		const there = new Set(answer?.changes.filter(([, value]) => value !== null).map(([key]) => key));
		found.push(...wanted.map((key) => there.has(key)));
	}
	return found;
}

/** The nonce and the settlement units of each of `addresses`, free or not. */
export async function readAccounts(state: State, addresses: string[]): Promise<{ nonce: number; money: bigint }[]> {
	const all = await many(state, 'system', 'account', addresses);
	return all.map((json) => {
		const { nonce, data } = json as { nonce: number; data: { free: unknown; reserved: unknown } };
		return { nonce, money: amount(data.free) + amount(data.reserved) };
	});
}

/** Orders of which the chain tells at once. */
const MAX_ORDERS = 500;

/** An order for which points of a program were issued. */
export interface ServedOrder {
	program: number;
	commitment: string;
}

export type Place = 'Minted' | 'Pending' | 'Cancelled';

/**
 * Where the points of `orders` are, in their order; nothing of those that the chain does not know. The chain is asked,
 * since its record of an award says where to look, and not that it has matured.
 */
export async function readPlaces(state: State, orders: readonly ServedOrder[]): Promise<(Place | undefined)[]> {
	const places = new Map<ServedOrder, Place>();
	for (const program of new Set(orders.map((order) => order.program))) {
		const own = orders.filter((order) => order.program === program);
		for (let start = 0; start < own.length; start += MAX_ORDERS) {
			const some = own.slice(start, start + MAX_ORDERS);
			const answer = await read(state, 'awarded', program, some.map(({ commitment }) => commitment));
			(answer.toJSON() as ({ place: unknown } | null)[]).forEach((found, index) => {
				const order = some[index];
				if (found && order) places.set(order, variantOf(found.place) as Place);
			});
		}
	}
	return orders.map((order) => places.get(order));
}

export interface PendingAward {
	matures: number;
	asset: number;
}

/** Up to `count` awards that are pending, those that mature first first. */
export async function readPending(chain: Chain, count: number, block?: string): Promise<PendingAward[]> {
	const prefix = storage(chain.api, 'points', 'pending').keyPrefix();
	const keys = await chain.request<string[]>('state_getKeysPaged', prefix, count, null, block ?? null);
	// Moment and asset are big-endian and unhashed, and come first.
	return keys.map((key) => {
		const [moment, asset] = [key.slice(prefix.length, prefix.length + 16), key.slice(prefix.length + 16, prefix.length + 24)];
		return { matures: Number(`0x${moment}`), asset: Number(`0x${asset}`) };
	});
}

async function many(state: State, section: string, item: string, keys: readonly unknown[]): Promise<unknown[]> {
	if (keys.length === 0) return [];
	const values = await storage(state, section, item).multi([...keys]);
	return values.map((value) => (isOption(value) && value.isNone ? null : value.toJSON()));
}

const isOption = (value: unknown): value is Option<never> => typeof value === 'object' && value !== null && 'isNone' in value;

function amounts<T>(json: unknown): T {
	return Object.fromEntries(Object.entries(json as object).map(([key, value]) => [key, amount(value)])) as T;
}
