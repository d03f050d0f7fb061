/** What is known of clearing where the single blocks are not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClearingBooks, type ClearingEvent } from '../src/books/clearing.ts';
import { type Totals, changesAtRest } from '../src/books/rest.ts';
import { LINES, LINES_OF_NEWCOMER, SHOPS, shopAt } from '../src/plan/shops.ts';
import type { Start } from '../src/play/journal.ts';

const [first, second] = [shopAt(0).institution, shopAt(1).institution];
const start = { reserveFlows: SHOPS.map(() => ({ toppedUp: '1000', drawnDown: '0' })) } as Start;

/** Books of members that agreed on all lines; the first then owed the second 100, of which it got 30 back, and 3 to the pot. */
function booksOf(...events: ClearingEvent[]): ClearingBooks {
	const books = new ClearingBooks(new Map(SHOPS.map(({ institution }) => [institution, 1_000n])), 500n, 1);
	const lines = [...LINES, ...LINES_OF_NEWCOMER].flatMap(({ creditor: from, debtor: to, limit }): ClearingEvent[] => {
		const line = { creditor: shopAt(from).institution, debtor: shopAt(to).institution, limit: `${limit}` };
		return [{ kind: 'lineGranted', ...line }, { kind: 'lineAccepted', ...line }];
	});
	const collected: ClearingEvent = { kind: 'reserveChanged', member: first, by: '-3' };
	const all = [...lines, owes(first, second, 100n), owes(second, first, 30n), collected, ...events];
	books.note({ kind: 'clearing', block: 1, now: 0, cycle: 1, events: all });
	return books;
}
const owes = (debtor: number, creditor: number, value: bigint): ClearingEvent =>
	({ kind: 'obligationSettled', debtor, creditor, value: `${value}`, setOff: '0', onLine: '0', atOnce: true });

/** What a chain says on which just that happened. */
function totals(change: Partial<Totals> = {}): Totals {
	const nothing = () => SHOPS.map(() => SHOPS.map(() => 0n));
	const [owed, returned] = [nothing(), nothing()];
	(owed[0] ?? [])[1] = 100n;
	(returned[0] ?? [])[1] = 30n;
	return {
		lines: [...LINES, ...LINES_OF_NEWCOMER].map(({ creditor, debtor, limit }) =>
			({ creditor: shopAt(creditor).institution, debtor: shopAt(debtor).institution, limit, accepted: limit })),
		positions: 0,
		owed, returned,
		flows: SHOPS.map(() => ({ toppedUp: 1_000n, drawnDown: 0n, interchange: 0n, bondPaid: 0n, bondReceived: 0n })),
		...change,
	};
}
const flowsWith = (change: Partial<Totals['flows'][number]>) =>
	totals().flows.map((flows, shop) => (shop === 0 ? { ...flows, interchange: 3n, ...change } : flows));

test('members that left each other alone changed their reserves by what the totals grew', () => {
	assert.deepEqual(changesAtRest(booksOf(), start, totals({ flows: flowsWith({}) })), []);
	const changes = changesAtRest(booksOf(), start, totals({ flows: flowsWith({ interchange: 10n, toppedUp: 1_005n, drawnDown: 1n }) }));
	assert.deepEqual(changes, [{ kind: 'reserveChanged', member: first, by: '-3' }]);
});

test('whatever members did to each other is in the blocks alone', () => {
	const unknown: [what: string, change: Partial<Totals>][] = [
		['an obligation', { owed: totals().owed.map((row, shop) => (shop === 2 ? row.map(() => 1n) : row)) }],
		['a refund', { returned: totals().returned.map((row, shop) => (shop === 2 ? row.map(() => 1n) : row)) }],
		['a position', { positions: 1 }],
		['a bond that paid', { flows: flowsWith({ bondPaid: 1n }) }],
		['a bond that was received', { flows: flowsWith({ bondReceived: 1n }) }],
		['a line', { lines: totals().lines.slice(1) }],
		['an accepted line', { lines: totals().lines.map((line) => ({ ...line, accepted: 0n })) }],
	];
	for (const [what, change] of unknown) {
		assert.equal(changesAtRest(booksOf(), start, totals({ flows: flowsWith({}), ...change })), undefined, what);
	}
});

test('while a member owes another on a line, each end of a cycle counts', () => {
	const onLine: ClearingEvent = { kind: 'obligationSettled', debtor: first, creditor: second, value: '10', setOff: '0', onLine: '10', atOnce: false };
	assert.equal(changesAtRest(booksOf(onLine), start, totals({ flows: flowsWith({}) })), undefined);
});
