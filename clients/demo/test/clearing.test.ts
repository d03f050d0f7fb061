/** The player's own books of clearing: how an obligation is met, what settles, who is overdue. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ClearingBlock, ClearingBooks, type ClearingEvent } from '../src/books/clearing.ts';
import { type Obligation, settled } from '@hanse/sdk/settlement';

const owes = (debtor: number, creditor: number, value: bigint, cycle = 1): Obligation => ({ debtor, creditor, cycle, value });
const reserves = (...values: bigint[]) => new Map(values.map((value, i) => [i + 1, value]));

test('what goes round needs no money', () => {
	assert.deepEqual(settled(reserves(0n, 0n, 0n), [owes(1, 2, 50n), owes(2, 3, 50n), owes(3, 1, 50n)]), [50n, 50n, 50n]);
});

test('the newest unit of who is short is dropped, and what is left pays the first dropped pro rata', () => {
	// 1 has 30 and gets 20: that pays its first cycle, and 10 of the 40 of the second, but not the third.
	const all = [owes(1, 2, 40n, 1), owes(1, 2, 30n, 2), owes(1, 3, 10n, 2), owes(1, 3, 5n, 3), owes(3, 1, 20n, 1)];
	assert.deepEqual(settled(reserves(30n, 0n, 20n), all), [40n, 7n, 2n, 0n, 20n]);
});

test('who is not paid cannot pay either', () => {
	assert.deepEqual(settled(reserves(10n, 0n, 0n), [owes(1, 2, 100n), owes(2, 3, 100n)]), [10n, 0n]);
});

const block = (number: number, cycle: number, ...events: ClearingEvent[]): ClearingBlock =>
	({ kind: 'clearing', block: number, now: number * 1_000, cycle, events });
const obliged = (debtor: number, creditor: number, value: bigint, setOff: bigint, onLine: bigint, atOnce = false): ClearingEvent =>
	({ kind: 'obligationSettled', debtor, creditor, value: `${value}`, setOff: `${setOff}`, onLine: `${onLine}`, atOnce });
const agreed = (creditor: number, debtor: number, limit: number): [ClearingEvent, ClearingEvent] => [
	{ kind: 'lineGranted', creditor, debtor, limit: `${limit}` }, { kind: 'lineAccepted', creditor, debtor, limit: `${limit}` },
];

test('an obligation is set off, then on the line, then money; and a cycle moves what is left', () => {
	const books = new ClearingBooks(reserves(100n, 100n), 1_000n, 1);
	books.note(block(1, 1, ...agreed(1, 2, 50), obliged(2, 1, 80n, 0n, 50n), obliged(1, 2, 20n, 20n, 0n)));
	assert.deepEqual([books.owes(2, 1), books.owes(1, 2)], [30n, 0n]);
	assert.deepEqual([...books.reserves.values()], [130n, 70n]);
	// What an exchange owes is never on a line.
	books.note(block(2, 1, obliged(2, 1, 5n, 0n, 0n, true)));
	books.note(block(3, 2, { kind: 'cycleSettled', positions: 1, moved: '30' }));
	assert.deepEqual([...books.reserves.values()], [165n, 35n]);
	assert.deepEqual(books.debtsOf(2), { owes: 0n, isOwed: 0n });
	assert.deepEqual(books.settlements, [{ cycle: 1, block: 3, now: 3_000, positions: 1, gross: 30n, moved: 30n }]);
	assert.deepEqual(books.obligations.get(2), { setOff: 0n, onLine: 50n, money: 35n });
	assert.deepEqual(books.differences, []);
});

test('a bond bounds what is owed on all lines together', () => {
	const books = new ClearingBooks(reserves(100n, 100n, 100n), 60n, 1);
	books.note(block(1, 1, ...agreed(1, 2, 50), ...agreed(3, 2, 50), obliged(2, 1, 50n, 0n, 50n), obliged(2, 3, 50n, 0n, 10n)));
	assert.deepEqual(books.differences, []);
	assert.deepEqual([books.owes(2, 1), books.owes(2, 3), books.reserves.get(3)], [50n, 10n, 140n]);
});

test('who cannot pay at the end of a cycle is overdue, with what is not free left alone, until it has paid', () => {
	const books = new ClearingBooks(reserves(0n, 100n), 1_000n, 1);
	books.note(block(1, 1, ...agreed(1, 2, 200), obliged(2, 1, 150n, 0n, 150n)));
	const end: ClearingBlock = { ...block(2, 2, { kind: 'cycleSettled', positions: 1, moved: '90' }, { kind: 'overdue', member: 2, age: 1 }), accrued: { 2: '10' } };
	books.note(end);
	assert.deepEqual([books.owes(2, 1), books.reserves.get(2), books.overdue.has(2)], [60n, 10n, true]);
	books.note(block(3, 2, { kind: 'reserveChanged', member: 2, by: '100' }));
	books.note({ ...block(4, 3, { kind: 'cycleSettled', positions: 1, moved: '60' }, { kind: 'overdueEnded', member: 2 }), accrued: { 2: '10' } });
	assert.deepEqual([books.owes(2, 1), books.reserves.get(2), books.overdue.size], [0n, 50n, 0]);
	assert.deepEqual(books.late.map(({ kind, unpaid }) => [kind, unpaid]), [['overdue', 60n], ['overdueEnded', 0n]]);
	assert.deepEqual(books.differences, []);
});

test('a chain that meets, moves or forgives otherwise is found out', () => {
	const wrong = (...events: ClearingEvent[]) => {
		const books = new ClearingBooks(reserves(100n, 100n), 1_000n, 1);
		books.note(block(1, 1, ...agreed(1, 2, 50), obliged(2, 1, 50n, 0n, 50n), ...events));
		return books;
	};
	assert.match(`${wrong(obliged(1, 2, 20n, 0n, 0n)).differences}`, /set off of 20 that 1 owes 2: the books say 20, the chain 0/);
	assert.match(`${wrong(obliged(2, 1, 20n, 0n, 20n)).differences}`, /on a line of 20 that 2 owes 1: the books say 0, the chain 20/);
	const moved = wrong();
	moved.note(block(2, 2, { kind: 'cycleSettled', positions: 1, moved: '49' }));
	assert.match(`${moved.differences}`, /moved at the end of the cycle: the books say 50, the chain 49/);
	const silent = wrong({ kind: 'reserveChanged', member: 2, by: '-80' });
	silent.note(block(2, 2, { kind: 'cycleSettled', positions: 1, moved: '20' }));
	assert.match(`${silent.differences}`, /2 is overdue: the books say yes, the chain no/);
	const harsh = wrong();
	harsh.note(block(2, 1, { kind: 'overdue', member: 2, age: 1 }));
	assert.match(`${harsh.differences}`, /2 is overdue: the books say no, the chain yes/);
});
