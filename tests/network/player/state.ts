/** What the chain says, at one block. */
import type { Option } from '@polkadot/types';
import { textOf } from '../lib/alliance.ts';
import { type Chain, type State, storage } from '../lib/chain.ts';
import { wellKnown } from '../lib/keys.ts';
import { amount, sum } from '../lib/money.ts';
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
}

/** Everything of the four shops, by shop. */
export interface ChainState {
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
	const [flows, outstanding, supply, reserves, deposits, claims, owed, returned, holders, registered, budgets] = await Promise.all([
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
	]);
	return {
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

/** The rules of interchange and of refunds: parts per million, and eras. */
export async function readRules(state: State): Promise<{ interchange: number; refundWindow: number }> {
	return (await storage(state, 'rulebook', 'current')()).toJSON() as { interchange: number; refundWindow: number };
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
	const { started, terms } = json as { started: number; terms: { period: number; validity: number } };
	return { periodEnds: started + terms.period, expires: started + terms.period + terms.validity };
}

export async function readNow(state: State): Promise<number> {
	return Number((await storage(state, 'timestamp', 'now')()).toString());
}

export const eraAt = (now: number) => Math.floor(now / ERA);

/** Whether orders of `era` are taken at `now`: in their own era and the next. */
export const takesOrders = (era: number, now: number) => eraAt(now) <= era + 1;

/** An era as the chain's keys have it. */
export function eraKey(era: number): Uint8Array {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(era);
	return bytes;
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

export interface PendingAward {
	matures: number;
	asset: number;
	/** Of its order or, of a batch, of its first one. */
	commitment: string;
}

/** Up to `count` awards that are pending, those that mature first first. */
export async function readPending(chain: Chain, count: number, block?: string): Promise<PendingAward[]> {
	const prefix = storage(chain.api, 'points', 'pending').keyPrefix();
	const keys = await chain.request<string[]>('state_getKeysPaged', prefix, count, null, block ?? null);
	// Moment and asset are big-endian and unhashed; the commitment comes last.
	return keys.map((key) => {
		const [moment, asset] = [key.slice(prefix.length, prefix.length + 16), key.slice(prefix.length + 16, prefix.length + 24)];
		return { matures: Number(`0x${moment}`), asset: Number(`0x${asset}`), commitment: `0x${key.slice(-64)}` };
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
