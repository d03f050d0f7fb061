/** Whether members left each other alone for a while, of which the single blocks cannot be read any more. */
import type { ReserveFlows } from '../chain/state.ts';
import { LINES, LINES_OF_NEWCOMER, SHOPS, shopAt } from '../plan/shops.ts';
import type { Start } from '../play/journal.ts';
import type { ClearingBooks, ClearingEvent } from './clearing.ts';

/** What a chain says at one block of all that ever happened in clearing. */
export interface Totals {
	lines: { creditor: number; debtor: number; limit: bigint; accepted: bigint }[];
	/** How many members owe another on a line. */
	positions: number;
	/** By shop and shop, as in `ChainState`. */
	owed: bigint[][];
	returned: bigint[][];
	flows: ReserveFlows[];
}

/**
 * How reserves changed since `books` by what is not between members; nothing if members did anything to each other
 * meanwhile, or owed each other something: then each block counts.
 */
export function changesAtRest(books: ClearingBooks, start: Start, totals: Totals): ClearingEvent[] | undefined {
	const { positions, owed, returned, flows } = totals;
	const isKnown = ({ institution: debtor }: { institution: number }, shop: number) =>
		flows[shop]?.bondPaid === books.bondPaid.get(debtor) && flows[shop]?.bondReceived === books.bondReceived.get(debtor) &&
		SHOPS.every(({ institution: creditor }, other) =>
			(owed[shop]?.[other] ?? 0n) + (returned[other]?.[shop] ?? 0n) === (books.owed.get(`${debtor} ${creditor}`) ?? 0n));
	if (positions > 0 || books.positions.size > 0 || !haveSameLines(books, totals) || !SHOPS.every(isKnown)) return undefined;
	return SHOPS.flatMap(({ institution: member }, shop): ClearingEvent[] => {
		const { toppedUp = 0n, drawnDown = 0n, interchange = 0n } = flows[shop] ?? {};
		const before = BigInt(start.reserveFlows[shop]?.toppedUp ?? 0) - BigInt(start.reserveFlows[shop]?.drawnDown ?? 0);
		const by = toppedUp - drawnDown - interchange - before - (books.changed.get(member) ?? 0n);
		return by === 0n ? [] : [{ kind: 'reserveChanged', member, by: `${by}` }];
	});
}

/** Of those that are played on. */
function haveSameLines(books: ClearingBooks, { lines }: Totals): boolean {
	return [...LINES, ...LINES_OF_NEWCOMER].every((line) => {
		const [creditor, debtor] = [shopAt(line.creditor).institution, shopAt(line.debtor).institution];
		const found = lines.find((other) => other.creditor === creditor && other.debtor === debtor);
		const pair = `${creditor} ${debtor}`;
		return (found?.limit ?? 0n) === (books.lines.get(pair) ?? 0n) && (found?.accepted ?? 0n) === (books.accepted.get(pair) ?? 0n);
	});
}
