/** The player's books against the chain's state, to the unit. */
import type { State } from '../lib/chain.ts';
import { settlement, sum } from '../lib/money.ts';
import { type Books, circulation } from './books.ts';
import type { Customers } from './customers.ts';
import type { Start } from './journal.ts';
import type { Plan } from './plan.ts';
import { SHOPS } from './shops.ts';
import { type ChainState, readAccounts } from './state.ts';

/** By shop, what must be in its reserve. */
export const expectedReserves = (books: Books, start: Start): bigint[] =>
	start.reserves.map((before, shop) => BigInt(before) + books.reserveChange(shop));

/** Every difference between what the books say and what the chain says; empty if they are equal. */
export function compare({ books, steps }: Plan, start: Start, chain: ChainState, customers: Customers): string[] {
	const differences: string[] = [];
	const check = (what: string, expected: bigint | undefined, found: bigint | undefined, show = (value: bigint) => `${value}`) => {
		if (expected !== found) differences.push(`${what}: the books say ${show(expected ?? 0n)}, the chain ${show(found ?? 0n)}`);
	};
	const reserves = expectedReserves(books, start);
	for (const [shop, { symbol }] of SHOPS.entries()) {
		const [expected, found] = [books.flows[shop], chain.flows[shop]];
		if (!expected || !found) throw new Error(`${symbol} has no flows`);
		check(`${symbol} issued`, expected.issued, found.issued);
		check(`${symbol} redeemed at home`, expected.redeemedAtHome, found.redeemedAtHome);
		check(`${symbol} redeemed at partners`, expected.redeemedAtPartners, found.redeemedAtPartners);
		check(`${symbol} exchanged in`, expected.exchangedIn, found.exchangedIn);
		check(`${symbol} exchanged out`, expected.exchangedOut, found.exchangedOut);
		check(`${symbol} expired`, expected.expired, found.expired);
		check(`${symbol} cancelled`, expected.cancelled, found.cancelled);
		check(`${symbol} reinstated`, expected.reinstated, found.reinstated);
		check(`${symbol} supply`, circulation(expected), chain.supply[shop]);
		check(`${symbol} outstanding value`, books.outstanding(shop), chain.outstanding[shop], settlement);
		check(`${symbol} interchange accrued`, books.accrued[shop], chain.accrued[shop], settlement);
		check(`${symbol} reserve`, reserves[shop], chain.reserves[shop], settlement);
		const registered = steps.reduce((n, { registrations }) => n + (registrations[shop]?.length ?? 0), 0);
		check(`${symbol} customers`, BigInt(registered), BigInt(chain.registered[shop] ?? 0));
		const [before, after] = [start.deposits[shop], chain.deposits[shop]];
		check(`${symbol} put into the reserve`, BigInt(before?.toppedUp ?? 0), after?.toppedUp, settlement);
		check(`${symbol} taken out of the reserve`, BigInt(before?.drawnDown ?? 0), after?.drawnDown, settlement);
		check(`${symbol} interchange paid`, books.collected[shop], after?.interchange, settlement);
		for (const [creditor, { symbol: other }] of SHOPS.entries()) {
			check(`${symbol} owed ${other}`, books.owed[shop]?.[creditor], chain.owed[shop]?.[creditor], settlement);
			check(`${other} gave back to ${symbol}`, books.returned[shop]?.[creditor], chain.returned[shop]?.[creditor], settlement);
		}
		differences.push(...compareHolders(symbol, books.holders(shop), chain.holders[shop] ?? new Map(), customers));
	}
	check('all reserves together', sum(reserves), sum(chain.reserves), settlement);
	return differences;
}

/** Customers that have settlement units, which nobody gave them. */
export async function compareMoney({ customers: numbers }: Plan, state: State, customers: Customers): Promise<string[]> {
	const accounts = await readAccounts(state, numbers.map((customer) => customers.address(customer)));
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
		const account = hex(customers.pair(customer).publicKey);
		const held = found.get(account) ?? 0n;
		if (held !== points) differences.push(`${symbol} of customer ${customer}: the books say ${points}, the chain ${held}`);
		unexplained.delete(account);
	}
	for (const [account, held] of unexplained) {
		differences.push(`${symbol} of ${account}: the books say 0, the chain ${held}`);
	}
	return differences;
}

const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString('hex')}`;
