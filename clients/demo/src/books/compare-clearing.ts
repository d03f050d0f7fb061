/** The player's books of clearing against the chain's state, to the unit. */
import { settlement, sum } from '@hanse/sdk/money';
import type { ClearingState, Position } from '../chain/clearing-state.ts';
import type { ChainState } from '../chain/state.ts';
import { DEPOSIT } from '../plan/newcomer.ts';
import type { Plan } from '../plan/plan.ts';
import { LINES, LINES_OF_NEWCOMER, SHOPS, shopAt } from '../plan/shops.ts';
import type { Start } from '../play/journal.ts';
import type { Books } from './books.ts';
import { type ClearingBlock, ClearingBooks } from './clearing.ts';
import { putIn, takenOut } from './compare.ts';
import { Differences } from './differences.ts';

/** The books of clearing, from what happened in it since `start`. */
export function clearingOf({ reserves, bond, cycle }: Start, blocks: readonly ClearingBlock[]): ClearingBooks {
	const books = new ClearingBooks(new Map(reserves.map((before, shop) => [shopAt(shop).institution, BigInt(before)])), BigInt(bond), cycle);
	blocks.forEach((block) => books.note(block));
	return books;
}

/** By shop, what would be in its reserve if every obligation had been paid. */
const reservesIfPaid = (books: Books, start: Start): bigint[] =>
	start.reserves.map((before, shop) => BigInt(before) + putIn(shop) - takenOut(shop) + books.reserveChange(shop));

/**
 * What the books of the plan say that one shop owed another is held against what was settled block by block, and both
 * against positions and reserves; and no settlement unit may come or go unseen.
 */
export function compareClearing({ books }: Plan, start: Start, chain: ChainState, clearing: ClearingBooks): string[] {
	const differences = new Differences(clearing.differences);
	const check = (what: string, expected: bigint | undefined, found: bigint | undefined) => differences.check(what, expected, found, settlement);
	const ifPaid = reservesIfPaid(books, start);
	for (const shop of SHOPS.keys()) compareMember(check, shop, ifPaid[shop] ?? 0n, books, chain, clearing);
	const { positions, statements, cycle, issuance, minted, burned } = chain.clearing;
	const [expected, found] = [inWords([...clearing.positions.values()]), inWords(positions)];
	if (expected !== found) differences.list.push(`positions: the books say ${expected || 'none'}, the chain ${found || 'none'}`);
	check('all net positions together', 0n, sum(statements.map(({ owes, isOwed }) => owes - isOwed)));
	compareLines(check, chain.clearing);
	check('the cycle that runs', BigInt(clearing.cycle), BigInt(cycle));
	check('minted', DEPOSIT, minted);
	check('burned', 0n, burned);
	check('all settlement units', BigInt(start.issuance) + DEPOSIT, issuance);
	return differences.list;
}

type Check = (what: string, expected: bigint | undefined, found: bigint | undefined) => void;

/** One shop's debts, reserve and obligations; `ifPaid` is what its reserve would be if it had paid all. */
function compareMember(check: Check, shop: number, ifPaid: bigint, books: Books, chain: ChainState, clearing: ClearingBooks): void {
	const { symbol, institution } = shopAt(shop);
	const { debts, overdue, statements } = chain.clearing;
	const { owes, isOwed } = clearing.debtsOf(institution);
	const [bondPaid, bondReceived] = [clearing.bondPaid.get(institution) ?? 0n, clearing.bondReceived.get(institution) ?? 0n];
	check(`${symbol} owes on lines`, owes, debts.get(institution) ?? 0n);
	check(`${symbol} owes by its statement`, owes, statements[shop]?.owes);
	check(`${symbol} is owed by its statement`, isOwed, statements[shop]?.isOwed);
	check(`${symbol} paid by its bond`, bondPaid, chain.reserveFlows[shop]?.bondPaid);
	check(`${symbol} received from bonds`, bondReceived, chain.reserveFlows[shop]?.bondReceived);
	check(`${symbol} reserve`, ifPaid + owes - isOwed + bondPaid - bondReceived, chain.reserves[shop]);
	check(`${symbol} reserve by block`, clearing.reserves.get(institution), chain.reserves[shop]);
	check(`${symbol} is overdue`, BigInt(clearing.overdue.has(institution)), BigInt(overdue.includes(institution)));
	for (const [other, creditor] of SHOPS.entries()) {
		const planned = (books.owed[shop]?.[other] ?? 0n) + (books.returned[other]?.[shop] ?? 0n);
		check(`${symbol} owed ${creditor.symbol}, and settled`, planned, clearing.owed.get(`${institution} ${creditor.institution}`) ?? 0n);
	}
}

function compareLines(check: Check, { lines }: ClearingState): void {
	for (const { creditor, debtor, limit } of [...LINES, ...LINES_OF_NEWCOMER]) {
		const [from, to] = [shopAt(creditor), shopAt(debtor)];
		const line = lines.find((line) => line.creditor === from.institution && line.debtor === to.institution);
		check(`line of ${from.symbol} for ${to.symbol}`, limit, line?.limit);
	}
}

function inWords(positions: readonly Position[]): string {
	const all = positions.map(({ debtor, creditor, debts }) =>
		`${debtor} owes ${creditor}${debts.map(({ cycle, value }) => ` ${value} of cycle ${cycle}`).join('')}`);
	return all.sort().join('; ');
}
