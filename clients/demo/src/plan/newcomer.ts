/**
 * What a newcomer does, beside the purchases: it joins by a vote, is granted lines, runs short, is caught by the
 * rules, and pays. What it comes to, for the books; a pure function, as the plan is.
 */
import { type Books, type Leg } from '../books/books.ts';
import { NEWCOMER } from './shops.ts';

/** Micro-units of one settlement unit. */
const UNIT = 1_000_000n;

export const NAME = 'Elbing Espresso';
/** What the first shop lends it: the bond, its first reserve, and something for fees. */
export const LOAN = 10_600n * UNIT;
/** Its first reserve. */
export const RESERVE = 500n * UNIT;
/** What it takes out of it as soon as its points are out: down to a tenth of what it owes for them. */
export const DRAWN = 350n * UNIT;
/** What it deposits when it is overdue. */
export const DEPOSIT = 600n * UNIT;

/** An award to one of its regulars, whose numbers no customer of the file has. */
export interface Regular {
	customer: number;
	order: string;
	points: bigint;
}

export const REGULARS: readonly Regular[] = [1, 2, 3].map((n) =>
	({ customer: 1_000_000_000 + n, order: `welcome ${n}`, points: 50_000n }));

/** A payment by one of them. */
export interface Payment {
	customer: number;
	merchant: number;
	order: string;
	price: bigint;
	legs: Leg[];
}

const payment = (regular: number, merchant: number, units: bigint, name: string): Payment => ({
	customer: REGULARS[regular]?.customer ?? 0,
	merchant,
	order: `${name} ${regular + 1}`,
	price: units * UNIT,
	legs: [{ shop: NEWCOMER, maxPoints: 50_000n }],
});

/** At the three partners that granted it lines: more than its reserve could pay. */
export const ON_LINES: readonly Payment[] = [0, 1, 3].map((merchant, regular) => payment(regular, merchant, 200n, 'spree'));
/** At a partner while it is overdue: it would be refused. */
export const REFUSED: Payment = payment(0, 1, 10n, 'too late');
/** At home meanwhile. */
export const AT_HOME: Payment = payment(1, NEWCOMER, 10n, 'espresso');

/** Plays it into `books`. */
export function newcomerIn(books: Books): void {
	for (const { customer, points } of REGULARS) books.award(customer, NEWCOMER, points);
	for (const { customer, merchant, price, legs } of [...ON_LINES, AT_HOME]) books.pay(customer, merchant, price, legs);
}
