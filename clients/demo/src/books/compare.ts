/** The player's books against the chain's state, to the unit. */
import type { Api, Where } from '@hanse/sdk/chain';
import { settlement } from '@hanse/sdk/money';
import { type ChainState, readAccounts } from '../chain/state.ts';
import { DEPOSIT, DRAWN, REGULARS, RESERVE } from '../plan/newcomer.ts';
import type { Plan } from '../plan/plan.ts';
import { NEWCOMER, SHOPS } from '../plan/shops.ts';
import type { Customers } from '../play/customers.ts';
import type { Start } from '../play/journal.ts';
import { type Flows, circulation } from './books.ts';
import { Differences } from './differences.ts';

/** What a shop put into its reserve in the play, and took out. */
export const putIn = (shop: number) => (shop === NEWCOMER ? RESERVE + DEPOSIT : 0n);
export const takenOut = (shop: number) => (shop === NEWCOMER ? DRAWN : 0n);

/** Flows of points, and what they are called. */
const FLOWS: readonly [flow: keyof Flows, words: string][] = [
	['issued', 'issued'], ['redeemedAtHome', 'redeemed at home'], ['redeemedAtPartners', 'redeemed at partners'],
	['exchangedIn', 'exchanged in'], ['exchangedOut', 'exchanged out'], ['expired', 'expired'], ['cancelled', 'cancelled'],
	['reinstated', 'reinstated'],
];

/** Every difference between what the books say and what the chain says of the shops; none if they are equal. */
export function compare({ books, steps }: Plan, start: Start, chain: ChainState, customers: Customers): string[] {
	const differences = new Differences();
	for (const [shop, { symbol }] of SHOPS.entries()) {
		const check = (what: string, expected: bigint | undefined, found: bigint | undefined, show?: (value: bigint) => string) =>
			differences.check(`${symbol} ${what}`, expected, found, show);
		const [expected, found] = [books.flows[shop], chain.flows[shop]];
		if (!expected || !found) throw new Error(`${symbol} has no flows`);
		for (const [flow, words] of FLOWS) check(words, expected[flow], found[flow]);
		check('supply', circulation(expected), chain.supply[shop]);
		check('outstanding value', books.outstanding(shop), chain.outstanding[shop], settlement);
		check('interchange accrued', books.accrued[shop], chain.accrued[shop], settlement);
		const registered = steps.reduce((n, { registrations }) => n + (registrations[shop]?.length ?? 0), 0);
		const regulars = shop === NEWCOMER ? REGULARS.length : 0;
		check('customers', BigInt(registered + regulars), BigInt(chain.registered[shop] ?? 0));
		const [before, after] = [start.reserveFlows[shop], chain.reserveFlows[shop]];
		check('put into the reserve', BigInt(before?.toppedUp ?? 0) + putIn(shop), after?.toppedUp, settlement);
		check('taken out of the reserve', BigInt(before?.drawnDown ?? 0) + takenOut(shop), after?.drawnDown, settlement);
		check('interchange paid', books.collected[shop], after?.interchange, settlement);
		for (const [creditor, { symbol: other }] of SHOPS.entries()) {
			check(`owed ${other}`, books.owed[shop]?.[creditor], chain.owed[shop]?.[creditor], settlement);
			check(`got back from ${other}`, books.returned[shop]?.[creditor], chain.returned[shop]?.[creditor], settlement);
		}
		differences.list.push(...compareHolders(symbol, books.holders(shop), chain.holders[shop] ?? new Map(), customers));
	}
	return differences.list;
}

/** Customers that have settlement units, which nobody gave them. */
export async function compareMoney(plan: Plan, api: Api, at: Where, customers: Customers): Promise<string[]> {
	const numbers = [...plan.customers, ...REGULARS.map(({ customer }) => customer)];
	const accounts = await readAccounts(api, numbers.map((customer) => customers.address(customer)), at);
	return numbers.flatMap((customer, index) => {
		const money = accounts[index]?.money ?? 0n;
		return money > 0n ? [`money of customer ${customer}: the books say 0, the chain ${settlement(money)}`] : [];
	});
}

function compareHolders(
	symbol: string,
	expected: Map<number, bigint>,
	found: Map<string, bigint>,
	customers: Customers,
): string[] {
	const differences: string[] = [];
	const unexplained = new Map(found);
	for (const [customer, points] of expected) {
		const account = customers.address(customer);
		const held = found.get(account) ?? 0n;
		if (held !== points) differences.push(`${symbol} of customer ${customer}: the books say ${points}, the chain ${held}`);
		unexplained.delete(account);
	}
	for (const [account, held] of unexplained) {
		differences.push(`${symbol} of ${account}: the books say 0, the chain ${held}`);
	}
	return differences;
}
