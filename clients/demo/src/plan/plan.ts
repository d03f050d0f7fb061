/**
 * What the purchases come to: who earns which points where, and what is done with them, month by month.
 * A pure function of the file, so that a play which was cut short can go on where it stopped.
 *
 * The file is of one shop, and the alliance has four. So this part is made up, by these rules:
 * - the k-th purchase of a customer (counted from 0) is at shop (customer number + k) mod 4;
 * - a customer is registered by the shop of its first purchase;
 * - a purchase earns 5 % of its price in that shop's points, rounded down. A shop with a return window awards
 *   them pending: they count from the month after on. Every 100th line of the file, if it is a purchase at
 *   such a shop, is returned within the window: its award is taken back, and the customer does nothing
 *   that month unless it buys again;
 * - at the end of a month, each customer who bought something in it may do one thing:
 *   - a new one (one purchase so far) whose number is 7n gives half of the points to the customer served
 *     just before, and one whose number is 7n + 1 exchanges all of them for the points of the next shop
 *     without a return window. Every other gift is a wallet's transfer, the others are donations;
 *   - of the others, by (customer number / 4 + purchases so far) mod 6, one half pays with other shops'
 *     points, a sixth with the shop's own, and the rest saves up. They pay at the shop of their last
 *     purchase, 40 to 100 % of what these points are worth, but never more than that purchase cost;
 * - beside all that a fifth shop joins, gives points to three regulars of its own, and runs short: see `newcomer.ts`;
 * - every 50th payment with other shops' points is refunded by the shop in the next month that has purchases,
 *   in turn whole and half. The points that come back can be used from the month after on.
 */
import { least, sum } from '@hanse/sdk/money';
import { Books, type Leg, type Part, exchanged } from '../books/books.ts';
import type { Purchase } from './purchases.ts';
import { FOUNDERS, SHOPS, faceValueOf, shopAt } from './shops.ts';
import { newcomerIn } from './newcomer.ts';

const EARNED_PER_CENT = 5n;
/** The chain takes so many awards in one batch. */
const MAX_AWARDS = 500;
/** One line of so many is returned, if its shop allows that. */
const LINES_PER_RETURN = 100;
/** One payment at a partner of so many is refunded. */
const PAYMENTS_PER_REFUND = 50;
/** The chain's lowest price, in micro-units. */
const MIN_PRICE = 10_000n;

export interface Award {
	order: string;
	customer: number;
	points: bigint;
}

/** Awards of one shop that go into one transaction. */
export interface Batch {
	id: number;
	shop: number;
	awards: Award[];
	/** A single award that is to be taken back while it is pending. */
	returned: boolean;
}

export type Action = { id: number; customer: number } & (
	| { kind: 'pay'; merchant: number; order: string; price: bigint; legs: Leg[] }
	| { kind: 'exchange'; from: number; points: bigint; to: number; out: bigint }
	| { kind: 'gift'; receiver: number; shop: number; points: bigint; by: 'transfer' | 'donation' }
);

/** A merchant takes a payment back. */
export interface Refund {
	/** The id of the payment, which is refunded once. */
	payment: number;
	customer: number;
	merchant: number;
	order: string;
	value: bigint;
}

/**
 * A month. Its actions need its registrations and awards to be in a block, and the awards of the months before
 * to have matured; those of one month are independent of each other.
 */
export interface Step {
	month: string;
	/** The new customers of each shop. */
	registrations: number[][];
	batches: Batch[];
	actions: Action[];
	/** Of payments of the month before. */
	refunds: Refund[];
}

export interface Plan {
	steps: Step[];
	/** Everything played. */
	books: Books;
	customers: number[];
	/** What each customer does, in the order of doing it. */
	actionsOf: Map<number, Action[]>;
	/** Purchases that earn points. */
	awarded: number;
	/** Those of them that are returned. */
	returned: number;
	/** Purchases so small that they earn less than one smallest unit. */
	tooSmall: number;
}

export function makePlan(purchases: readonly Purchase[]): Plan {
	const planner = new Planner();
	for (const [month, ofMonth] of groupByMonth(purchases)) planner.play(month, ofMonth);
	newcomerIn(planner.plan.books);
	return planner.plan;
}

function groupByMonth(purchases: readonly Purchase[]): Map<string, Purchase[]> {
	const months = new Map<string, Purchase[]>();
	for (const purchase of purchases) {
		const month = purchase.date.slice(0, 7);
		const ofMonth = months.get(month);
		if (ofMonth) ofMonth.push(purchase);
		else months.set(month, [purchase]);
	}
	return months;
}

interface Visit {
	purchase: Purchase;
	shop: number;
	/** The customer served before. */
	before: number | undefined;
}

/** A refund with what it takes back. */
interface DueRefund {
	refund: Refund;
	price: bigint;
	parts: Part[];
}

/** Of the shops with a return window, so many of the purchases are returned. */
const isReturned = ({ purchase: { line }, shop }: Visit) => shopAt(shop).pending > 0 && line % LINES_PER_RETURN === 0;

class Planner {
	readonly plan: Plan = { steps: [], books: new Books(), customers: [], actionsOf: new Map(), awarded: 0, returned: 0, tooSmall: 0 };
	readonly #purchasesOf = new Map<number, number>();
	/** This month's points that are pending, by customer and shop. */
	#fresh = new Map<number, bigint[]>();
	#gifts = 0;
	#batches = 0;
	#actions = 0;
	#served: number | undefined;
	/** Payments at partners so far, and the refunds that the next month brings, with what they take back. */
	#payments = 0;
	#refunds: DueRefund[] = [];

	play(month: string, purchases: Purchase[]): void {
		const lastVisits = new Map<number, Visit>();
		const registrations: number[][] = SHOPS.map(() => []);
		const awards: Award[][] = SHOPS.map(() => []);
		const returns: Batch[] = [];
		this.#fresh = new Map();
		for (const purchase of purchases) {
			const { customer } = purchase;
			const visit = this.#visit(purchase);
			const { shop } = visit;
			if (this.#purchasesOf.get(customer) === 1) {
				this.plan.customers.push(customer);
				registrations[shop]?.push(customer);
			}
			lastVisits.set(customer, visit);
			const award = this.#award(visit);
			if (award && isReturned(visit)) {
				this.plan.returned += 1;
				this.plan.books.cancel(customer, shop, award.points);
				lastVisits.delete(customer);
				returns.push({ id: this.#batches++, shop, awards: [award], returned: true });
			} else if (award) {
				if (shopAt(shop).pending > 0) this.#hold(customer, shop, award.points);
				awards[shop]?.push(award);
			}
		}
		const due = this.#refunds;
		this.#refunds = [];
		const actions = [...lastVisits].flatMap(([customer, visit]) => this.#act(customer, visit) ?? []);
		this.#arrive(actions, due);
		const batches = [...awards.flatMap((list, shop) => this.#batch(shop, list)), ...returns];
		this.plan.steps.push({ month, registrations, batches, actions, refunds: due.map(({ refund }) => refund) });
	}

	/** Where a purchase is made. */
	#visit(purchase: Purchase): Visit {
		const { customer } = purchase;
		const purchasesBefore = this.#purchasesOf.get(customer) ?? 0;
		this.#purchasesOf.set(customer, purchasesBefore + 1);
		const before = this.#served === customer ? undefined : this.#served;
		this.#served = customer;
		return { purchase, shop: (customer + purchasesBefore) % FOUNDERS.length, before };
	}

	/** What a purchase earns; nothing if that is less than one smallest unit. */
	#award({ purchase: { line, customer, price }, shop }: Visit): Award | undefined {
		const points = (price * EARNED_PER_CENT) / 100n / faceValueOf(shop);
		if (points === 0n) {
			this.plan.tooSmall += 1;
			return undefined;
		}
		this.plan.awarded += 1;
		this.plan.books.award(customer, shop, points);
		return { order: `purchase ${line}`, customer, points };
	}

	/** Gifts and refunds arrive when the month ends: within it nobody may need what somebody else sends. */
	#arrive(actions: readonly Action[], due: readonly DueRefund[]): void {
		for (const action of actions) {
			if (action.kind === 'gift') this.plan.books.gift(action.customer, action.receiver, action.shop, action.points);
		}
		for (const { refund: { customer, merchant, value }, price, parts } of due) {
			this.plan.books.refund(customer, merchant, price, parts, value);
		}
	}

	#hold(customer: number, shop: number, points: bigint): void {
		const fresh = this.#fresh.get(customer) ?? SHOPS.map(() => 0n);
		fresh[shop] = (fresh[shop] ?? 0n) + points;
		this.#fresh.set(customer, fresh);
	}

	/** Points that the customer can use this month. */
	#usable(customer: number, shop: number): bigint {
		return (this.plan.books.holdings(customer)[shop] ?? 0n) - (this.#fresh.get(customer)?.[shop] ?? 0n);
	}

	#batch(shop: number, awards: Award[]): Batch[] {
		const batches: Batch[] = [];
		for (let start = 0; start < awards.length; start += MAX_AWARDS) {
			batches.push({ id: this.#batches++, shop, awards: awards.slice(start, start + MAX_AWARDS), returned: false });
		}
		return batches;
	}

	#act(customer: number, visit: Visit): Action | undefined {
		const soFar = this.#purchasesOf.get(customer) ?? 0;
		const habit = (Math.floor(customer / FOUNDERS.length) + soFar) % 6;
		const act = soFar === 1 ? this.#actOfNew(customer, visit) : this.#pay(customer, visit, habit);
		if (!act) return undefined;
		const action: Action = { id: this.#actions++, customer, ...act };
		const others = this.plan.actionsOf.get(customer);
		if (others) others.push(action);
		else this.plan.actionsOf.set(customer, [action]);
		return action;
	}

	#actOfNew(customer: number, { shop, before }: Visit): Act | undefined {
		const held = this.#usable(customer, shop);
		if (customer % 7 === 0 && before !== undefined) {
			const points = held / 2n;
			if (points === 0n) return undefined;
			const by = this.#gifts++ % 2 === 0 ? 'transfer' : 'donation';
			return { kind: 'gift', receiver: before, shop, points, by };
		}
		if (customer % 7 === 1) {
			const to = this.#nextWithoutWindow(shop);
			if (exchanged(shop, held, to) === 0n) return undefined;
			const out = this.plan.books.exchange(customer, shop, held, to);
			return { kind: 'exchange', from: shop, points: held, to, out };
		}
		return undefined;
	}

	#nextWithoutWindow(shop: number): number {
		const others = FOUNDERS.map((_, i) => (shop + i) % FOUNDERS.length).slice(1);
		return others.find((other) => shopAt(other).pending === 0) ?? shop;
	}

	#pay(customer: number, { purchase, shop: merchant }: Visit, habit: number): Act | undefined {
		if (habit > 3) return undefined;
		const partners = FOUNDERS.map((_, i) => (merchant + i) % FOUNDERS.length).slice(1);
		const legs: Leg[] = (habit === 3 ? [merchant] : partners)
			.map((shop) => ({ shop, maxPoints: this.#usable(customer, shop) }))
			.filter(({ maxPoints }) => maxPoints > 0n);
		const worth = sum(legs.map(({ shop, maxPoints }) => maxPoints * faceValueOf(shop)));
		const price = least((worth * BigInt(40 + (customer % 61))) / 100n, purchase.price);
		if (price < MIN_PRICE) return undefined;
		const parts = this.plan.books.pay(customer, merchant, price, legs);
		const order = `payment ${purchase.line}`;
		if (habit !== 3 && ++this.#payments % PAYMENTS_PER_REFUND === 0) {
			const value = this.#payments % (2 * PAYMENTS_PER_REFUND) === 0 ? price / 2n : price;
			// The payment gets the next id.
			this.#refunds.push({ refund: { payment: this.#actions, customer, merchant, order, value }, price, parts });
		}
		return { kind: 'pay', merchant, order, price, legs };
	}
}

type WithoutIds<T> = T extends unknown ? Omit<T, 'id' | 'customer'> : never;
type Act = WithoutIds<Action>;
