/** What the chain says of the shops, at one block. */
import { textOf } from '@hanse/sdk/bytes';
import type { Api, Where } from '@hanse/sdk/chain';
import { wellKnown } from '@hanse/sdk/keys';
import { sum } from '@hanse/sdk/money';
import type { Flows } from '../books/books.ts';
import { SHOPS } from '../plan/shops.ts';
import { type ClearingState, readClearing } from './clearing-state.ts';

/** What went into a reserve and out of it, other than between members. */
export interface ReserveFlows {
	toppedUp: bigint;
	drawnDown: bigint;
	/** To the pot. */
	interchange: bigint;
	/** What its bond paid of what it owed, and others' bonds of what it was owed. */
	bondPaid: bigint;
	bondReceived: bigint;
}

/** Everything of the shops, by shop. */
export interface ChainState {
	clearing: ClearingState;
	flows: Flows[];
	outstanding: bigint[];
	supply: bigint[];
	reserves: bigint[];
	reserveFlows: ReserveFlows[];
	/** Interchange of payments that can still be refunded. */
	accrued: bigint[];
	/** `owed[a][b]`: all obligations of shop `a` to shop `b`, ever. */
	owed: bigint[][];
	/** `returned[a][b]`: what shop `a` got back of that. */
	returned: bigint[][];
	/** Points by account. */
	holders: Map<string, bigint>[];
	/** Customers by the shop that registered them. */
	registered: number[];
	/** Settlement micro-units that each shop paid in fees for customers, on the last day on which it paid any. */
	fees: bigint[];
}

const institutions = SHOPS.map(({ institution }) => institution);
/** As the library wants the keys of several entries. */
const byInstitution = institutions.map((id): [number] => [id]);

/** The asset of a program's first vintage, the only one that the player issues into. */
export const assetOf = (program: number) => program * 65_536;

export async function readState(api: Api, programs: readonly number[], at: Where): Promise<ChainState> {
	const assets = programs.map(assetOf);
	const { Points, Assets, Clearing, Sponsorship } = api.query;
	const [flows, liabilities, supply, encumbrances, budgets, holders] = await Promise.all([
		Points.FlowsOf.getValues(programs.map((program): [number] => [program]), at),
		Points.LiabilityOf.getValues(byInstitution, at),
		Assets.Asset.getValues(assets.map((asset): [number] => [asset]), at),
		Clearing.Encumbrances.getValues(byInstitution, at),
		Sponsorship.Budgets.getValues(byInstitution, at),
		Promise.all(assets.map((asset) => readHolders(api, asset, at))),
	]);
	const [clearing, reserves, reserveFlows, owed, returned, registered] = await Promise.all([
		readClearing(api, at), readReserves(api, at), readReserveFlows(api, at), readOwed(api, at), readReturned(api, at), readRegistered(api, at),
	]);
	return {
		clearing,
		flows: flows.map(flowsOf),
		outstanding: liabilities.map(({ outstanding }) => outstanding),
		// An asset that never was, or was swept after its expiry, has no supply.
		supply: supply.map((asset) => asset?.supply ?? 0n),
		reserves,
		reserveFlows,
		accrued: encumbrances.map(({ accrued }) => accrued),
		owed,
		returned,
		holders,
		registered,
		fees: budgets.map(({ all }) => all),
	};
}

function flowsOf(flows: Awaited<ReturnType<Api['query']['Points']['FlowsOf']['getValue']>>): Flows {
	const { issued, cancelled, expired, reinstated } = flows;
	return {
		issued, cancelled, expired, reinstated,
		redeemedAtHome: flows.redeemed_at_home,
		redeemedAtPartners: flows.redeemed_at_partners,
		exchangedIn: flows.exchanged_in,
		exchangedOut: flows.exchanged_out,
	};
}

export async function readReserves(api: Api, at: Where): Promise<bigint[]> {
	const holds = await api.query.Balances.Holds.getValues(SHOPS.map(({ key }): [string] => [wellKnown(key).address]), at);
	return holds.map((all) =>
		sum(all.filter(({ id }) => id.type === 'Clearing' && id.value.type === 'Reserve').map(({ amount }) => amount)));
}

export async function readReserveFlows(api: Api, at: Where): Promise<ReserveFlows[]> {
	const all = await api.query.Clearing.ReserveFlowsOf.getValues(byInstitution, at);
	return all.map(({ topped_up, drawn_down, interchange, bond_paid, bond_received }) =>
		({ toppedUp: topped_up, drawnDown: drawn_down, interchange, bondPaid: bond_paid, bondReceived: bond_received }));
}

type Pairs = { keyArgs: [debtor: number, creditor: number]; value: bigint }[];

export const readOwed = async (api: Api, at: Where) => byPair(await api.query.Clearing.Turnover.getEntries(at));
export const readReturned = async (api: Api, at: Where) => byPair(await api.query.Clearing.RefundTurnover.getEntries(at));

/** By shop and shop. */
function byPair(entries: Pairs): bigint[][] {
	const values = new Map(entries.map(({ keyArgs, value }) => [keyArgs.join(' '), value]));
	return institutions.map((debtor) => institutions.map((creditor) => values.get(`${debtor} ${creditor}`) ?? 0n));
}

async function readHolders(api: Api, asset: number, at: Where): Promise<Map<string, bigint>> {
	const entries = await api.query.Assets.Account.getEntries(asset, at);
	return new Map(entries.map(({ keyArgs: [, holder], value: { balance } }) => [holder, balance]));
}

async function readRegistered(api: Api, at: Where): Promise<number[]> {
	const entries = await api.query.Customers.Registrations.getEntries(at);
	return institutions.map((id) => entries.filter(({ value: { registrar } }) => registrar === id).length);
}

/** The nonce and the settlement units of each of `addresses`, free or not. */
export async function readAccounts(api: Api, addresses: string[], at: Where): Promise<{ nonce: number; money: bigint }[]> {
	const all = await api.query.System.Account.getValues(addresses.map((address): [string] => [address]), at);
	return all.map(({ nonce, data: { free, reserved } }) => ({ nonce, money: free + reserved }));
}

/** The names of the shops' institutions, by shop. */
export async function readNames(api: Api, at: Where): Promise<string[]> {
	const all = await api.query.Institutions.Institutions.getValues(byInstitution, at);
	return all.map((found) => (found ? textOf(found.profile.name) : ''));
}

/** The rules that members agreed on. */
export const readRules = (api: Api, at: Where) => api.query.Rulebook.CurrentRules.getValue(at);

/** The clearing cycle that runs. */
export const readCycle = async (api: Api, at: Where): Promise<number> => (await api.query.Clearing.CurrentCycle.getValue(at)).index;

/** When the clearing cycle that runs ends, and for how long each runs, in milliseconds. */
export async function readCycleTimes(api: Api, at: Where): Promise<{ ends: number; length: number }> {
	const [{ began }, { cycle }] = await Promise.all([api.query.Clearing.CurrentCycle.getValue(at), readRules(api, at)]);
	return { ends: Number(began + cycle), length: Number(cycle) };
}

/** By member, the part of its reserve that is not free, if there is any. */
export async function readEncumbered(api: Api, at: Where): Promise<Record<number, string>> {
	const entries = await api.query.Clearing.Encumbrances.getEntries(at);
	return Object.fromEntries(entries.map(({ keyArgs: [member], value: { accrued, earmarked } }) => [member, `${accrued + earmarked}`]));
}
