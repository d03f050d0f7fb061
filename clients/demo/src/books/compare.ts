/** The player's books against the chain's state, to the unit. */
import type { Api, Where } from '@hanse/sdk/chain';
import { settlement, sum } from '@hanse/sdk/money';
import { type Books, circulation } from './books.ts';
import { type ClearingBlock, ClearingBooks } from './clearing.ts';
import type { Customers } from '../play/customers.ts';
import { DEPOSIT, DRAWN, REGULARS, RESERVE } from '../plan/newcomer.ts';
import type { Start } from '../play/journal.ts';
import type { Plan } from '../plan/plan.ts';
import { LINES, LINES_OF_NEWCOMER, NEWCOMER, SHOPS, shopAt } from '../plan/shops.ts';
import type { Position } from '../chain/clearing-state.ts';
import { type ChainState, readAccounts } from '../chain/state.ts';

/** The books of clearing, from what happened in it since `start`. */
export function clearingOf({ reserves, bond, cycle }: Start, blocks: readonly ClearingBlock[]): ClearingBooks {
	const books = new ClearingBooks(new Map(reserves.map((before, shop) => [shopAt(shop).institution, BigInt(before)])), BigInt(bond), cycle);
	blocks.forEach((block) => books.note(block));
	return books;
}

/** What a shop put into its reserve in the play, and took out. */
const putIn = (shop: number) => (shop === NEWCOMER ? RESERVE + DEPOSIT : 0n);
const takenOut = (shop: number) => (shop === NEWCOMER ? DRAWN : 0n);

/** By shop, what would be in its reserve if it had paid all that it came to owe, and got all that it was owed. */
const reservesIfPaid = (books: Books, start: Start): bigint[] =>
	start.reserves.map((before, shop) => BigInt(before) + putIn(shop) - takenOut(shop) + books.reserveChange(shop));

/** Every difference between what the books say and what the chain says; empty if they are equal. */
export function compare({ books, steps }: Plan, start: Start, chain: ChainState, customers: Customers): string[] {
	const differences: string[] = [];
	const check = (what: string, expected: bigint | undefined, found: bigint | undefined, show = (value: bigint) => `${value}`) => {
		if (expected !== found) differences.push(`${what}: the books say ${show(expected ?? 0n)}, the chain ${show(found ?? 0n)}`);
	};
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
		const registered = steps.reduce((n, { registrations }) => n + (registrations[shop]?.length ?? 0), 0);
		const regulars = shop === NEWCOMER ? REGULARS.length : 0;
		check(`${symbol} customers`, BigInt(registered + regulars), BigInt(chain.registered[shop] ?? 0));
		const [before, after] = [start.reserveFlows[shop], chain.reserveFlows[shop]];
		check(`${symbol} put into the reserve`, BigInt(before?.toppedUp ?? 0) + putIn(shop), after?.toppedUp, settlement);
		check(`${symbol} taken out of the reserve`, BigInt(before?.drawnDown ?? 0) + takenOut(shop), after?.drawnDown, settlement);
		check(`${symbol} interchange paid`, books.collected[shop], after?.interchange, settlement);
		for (const [creditor, { symbol: other }] of SHOPS.entries()) {
			check(`${symbol} owed ${other}`, books.owed[shop]?.[creditor], chain.owed[shop]?.[creditor], settlement);
			check(`${other} gave back to ${symbol}`, books.returned[shop]?.[creditor], chain.returned[shop]?.[creditor], settlement);
		}
		differences.push(...compareHolders(symbol, books.holders(shop), chain.holders[shop] ?? new Map(), customers));
	}
	return differences;
}

/**
 * The same of clearing. What the books of the plan say that one shop came to owe another is held against what was
 * settled block by block, and both against positions and reserves; and no settlement unit may come or go unseen.
 */
export function compareClearing({ books }: Plan, start: Start, chain: ChainState, clearing: ClearingBooks): string[] {
	const differences: string[] = [...clearing.differences];
	const check = (what: string, expected: bigint | undefined, found: bigint | undefined) => {
		if (expected === found) return;
		differences.push(`${what}: the books say ${settlement(expected ?? 0n)}, the chain ${settlement(found ?? 0n)}`);
	};
	const { positions, lines, debts, overdue, statements, cycle, issuance, minted, burned } = chain.clearing;
	const ifPaid = reservesIfPaid(books, start);
	for (const [shop, { symbol, institution }] of SHOPS.entries()) {
		const { owes, isOwed } = clearing.debtsOf(institution);
		const [bondPaid, bondReceived] = [clearing.bondPaid, clearing.bondReceived].map((all) => all.get(institution) ?? 0n);
		check(`${symbol} owes on lines`, owes, debts.get(institution) ?? 0n);
		check(`${symbol} owes by its statement`, owes, statements[shop]?.owes);
		check(`${symbol} is owed by its statement`, isOwed, statements[shop]?.isOwed);
		check(`${symbol} paid by its bond`, bondPaid, chain.reserveFlows[shop]?.bondPaid);
		check(`${symbol} received from bonds`, bondReceived, chain.reserveFlows[shop]?.bondReceived);
		check(`${symbol} reserve`, (ifPaid[shop] ?? 0n) + owes - isOwed + (bondPaid ?? 0n) - (bondReceived ?? 0n), chain.reserves[shop]);
		check(`${symbol} reserve by block`, clearing.reserves.get(institution), chain.reserves[shop]);
		check(`${symbol} is overdue`, BigInt(clearing.overdue.has(institution)), BigInt(overdue.includes(institution)));
		for (const [other, creditor] of SHOPS.entries()) {
			const planned = (books.owed[shop]?.[other] ?? 0n) + (books.returned[other]?.[shop] ?? 0n);
			check(`${symbol} owed ${creditor.symbol}, and settled`, planned, clearing.owed.get(`${institution} ${creditor.institution}`) ?? 0n);
		}
	}
	const text = (all: readonly Position[]) =>
		all.map(({ debtor, creditor, debts }) => `${debtor} owes ${creditor}${debts.map(({ cycle, value }) => ` ${value} of cycle ${cycle}`).join('')}`)
			.sort().join('; ');
	const [expected, found] = [text([...clearing.positions.values()]), text(positions)];
	if (expected !== found) differences.push(`positions: the books say ${expected || 'none'}, the chain ${found || 'none'}`);
	check('all net positions together', 0n, sum(statements.map(({ owes, isOwed }) => owes - isOwed)));
	for (const { creditor, debtor, limit } of [...LINES, ...LINES_OF_NEWCOMER]) {
		const [from, to] = [shopAt(creditor), shopAt(debtor)];
		const line = lines.find((line) => line.creditor === from.institution && line.debtor === to.institution);
		check(`line of ${from.symbol} for ${to.symbol}`, limit, line?.limit);
	}
	check('the cycle that runs', BigInt(clearing.cycle), BigInt(cycle));
	check('minted', DEPOSIT, minted);
	check('burned', 0n, burned);
	check('all settlement units', BigInt(start.issuance) + DEPOSIT, issuance);
	return differences;
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
