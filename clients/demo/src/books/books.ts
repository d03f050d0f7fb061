/**
 * The player's own books: what every shop and every customer must have after a list of events, worked
 * out here from the rules of the design and not read from the chain.
 *
 * Shops are named by their place in `SHOPS`, points are smallest units, values settlement micro-units.
 */
import { least, pointsToCover, sum } from '@hanse/sdk/money';
import { SHOPS, faceValueOf } from '../plan/shops.ts';

/** What happened to one program's points. */
export interface Flows {
	issued: bigint;
	redeemedAtHome: bigint;
	redeemedAtPartners: bigint;
	exchangedIn: bigint;
	exchangedOut: bigint;
	expired: bigint;
	cancelled: bigint;
	/** By refunds. */
	reinstated: bigint;
}

/** What the points of one shop paid of a price. */
export interface Part {
	shop: number;
	points: bigint;
	value: bigint;
	/** Of the value: for the pot. */
	interchange: bigint;
}

/** The rule of a development chain: what the pot gets of what foreign points pay, in parts per million. */
export const INTERCHANGE = 5_000n;
const MILLION = 1_000_000n;

/** Rounded up, against the merchant. */
export const interchangeOf = (value: bigint): bigint => (value * INTERCHANGE + MILLION - 1n) / MILLION;

/** What comes out of exchanging `points` of shop `from` into points of shop `to`: what is left of their value. */
export function exchanged(from: number, points: bigint, to: number): bigint {
	const value = points * faceValueOf(from);
	return (value - interchangeOf(value)) / faceValueOf(to);
}

export interface Leg {
	shop: number;
	maxPoints: bigint;
}

const noFlows = (): Flows => ({
	issued: 0n,
	redeemedAtHome: 0n,
	redeemedAtPartners: 0n,
	exchangedIn: 0n,
	exchangedOut: 0n,
	expired: 0n,
	cancelled: 0n,
	reinstated: 0n,
});

/** What must be in circulation after `flows`, pending awards included. */
export const circulation = (flows: Flows): bigint =>
	sum([flows.issued, flows.exchangedIn, flows.reinstated]) -
	sum([flows.redeemedAtHome, flows.redeemedAtPartners, flows.exchangedOut, flows.expired, flows.cancelled]);

export class Books {
	readonly flows: Flows[] = SHOPS.map(noFlows);
	/** `owed[a][b]`: all obligations of shop `a` to shop `b`, ever. */
	readonly owed: bigint[][] = SHOPS.map(() => SHOPS.map(() => 0n));
	/** `returned[a][b]`: what shop `a` got back of that, by refunds. */
	readonly returned: bigint[][] = SHOPS.map(() => SHOPS.map(() => 0n));
	/** Interchange that is in each shop's reserve until the payments can no longer be refunded. */
	readonly accrued: bigint[] = SHOPS.map(() => 0n);
	/** Interchange that each shop paid to the pot. */
	readonly collected: bigint[] = SHOPS.map(() => 0n);
	readonly #holdings = new Map<number, bigint[]>();

	/** Points that a customer holds, by shop. */
	holdings(customer: number): readonly bigint[] {
		return this.#of(customer);
	}

	/** The customers that hold points of `shop`, with how many. */
	holders(shop: number): Map<number, bigint> {
		const holders = new Map<number, bigint>();
		for (const [customer, points] of this.#holdings) {
			const held = points[shop] ?? 0n;
			if (held > 0n) holders.set(customer, held);
		}
		return holders;
	}

	award(customer: number, shop: number, points: bigint): void {
		this.#flowsOf(shop).issued += points;
		this.#move(customer, shop, points);
	}

	/** What was bought is returned, so that its award is taken back. */
	cancel(customer: number, shop: number, points: bigint): void {
		this.#flowsOf(shop).cancelled += points;
		this.#move(customer, shop, -points);
	}

	/** It was returned too late, so that the customer keeps its award after all. */
	keep(customer: number, shop: number, points: bigint): void {
		this.#flowsOf(shop).cancelled -= points;
		this.#move(customer, shop, points);
	}

	/** Pays `price` at `merchant`, and says with what; throws if the legs do not cover it. */
	pay(customer: number, merchant: number, price: bigint, legs: readonly Leg[]): Part[] {
		const parts: Part[] = [];
		let unpaid = price;
		for (const { shop, maxPoints } of legs) {
			const faceValue = faceValueOf(shop);
			const held = this.#of(customer)[shop] ?? 0n;
			const points = least(held, maxPoints, pointsToCover(unpaid, faceValue));
			this.#move(customer, shop, -points);
			if (shop === merchant) this.#flowsOf(shop).redeemedAtHome += points;
			else this.#flowsOf(shop).redeemedAtPartners += points;
			// The last smallest unit may be worth more than is still to pay; the merchant gets the price.
			const value = least(points * faceValue, unpaid);
			const interchange = shop === merchant ? 0n : interchangeOf(value);
			this.#owe(shop, merchant, value - interchange);
			add(this.accrued, shop, interchange);
			if (points > 0n) parts.push({ shop, points, value, interchange });
			unpaid -= value;
		}
		if (unpaid > 0n) throw new Error(`customer ${customer} cannot pay ${price}: ${unpaid} are not covered`);
		return parts;
	}

	/** Exchanges `points` of shop `from` into points of shop `to`, and says how many come out. */
	exchange(customer: number, from: number, points: bigint, to: number): bigint {
		const value = points * faceValueOf(from);
		const interchange = interchangeOf(value);
		const out = exchanged(from, points, to);
		this.#move(customer, from, -points);
		this.#move(customer, to, out);
		this.#flowsOf(from).exchangedOut += points;
		this.#flowsOf(to).exchangedIn += out;
		this.#owe(from, to, value - interchange);
		add(this.collected, from, interchange);
		return out;
	}

	/** The merchant gives `value` of `price`, which `parts` paid, back in the points that paid it; once a payment. */
	refund(customer: number, merchant: number, price: bigint, parts: readonly Part[], value: bigint): void {
		for (const part of parts) {
			// Rounded down once, so that the two shares of it, the merchant's and the pot's, are all of it.
			const back = (part.value * value) / price;
			const net = ((part.value - part.interchange) * back) / part.value;
			const points = (part.points * value) / price;
			this.#move(customer, part.shop, points);
			this.#flowsOf(part.shop).reinstated += points;
			if (part.shop === merchant) continue;
			add(this.accrued, part.shop, net - back);
			add(this.returned[part.shop] ?? [], merchant, net);
		}
	}

	/** `interchange` of what `shop` has accrued was paid to the pot. */
	collect(shop: number, interchange: bigint): void {
		add(this.accrued, shop, -interchange);
		add(this.collected, shop, interchange);
	}

	gift(giver: number, receiver: number, shop: number, points: bigint): void {
		this.#move(giver, shop, -points);
		this.#move(receiver, shop, points);
	}

	/** All points of `shop` have expired: they are the shop's gain. */
	expire(shop: number): void {
		this.#flowsOf(shop).expired += this.circulation(shop);
		for (const points of this.#holdings.values()) points[shop] = 0n;
	}

	circulation(shop: number): bigint {
		return circulation(this.#flowsOf(shop));
	}

	/** What `shop` owes to all holders of its points. */
	outstanding(shop: number): bigint {
		return this.circulation(shop) * faceValueOf(shop);
	}

	/** By how much the reserve of `shop` has changed. */
	reserveChange(shop: number): bigint {
		const paid = (rows: bigint[][]) => sum(rows[shop] ?? []) - sum(rows.map((row) => row[shop] ?? 0n));
		return paid(this.returned) - paid(this.owed) - (this.collected[shop] ?? 0n);
	}

	#owe(debtor: number, creditor: number, value: bigint): void {
		const row = this.owed[debtor];
		if (debtor !== creditor && row) add(row, creditor, value);
	}

	#move(customer: number, shop: number, points: bigint): void {
		const held = this.#of(customer);
		const after = (held[shop] ?? 0n) + points;
		if (after < 0n) throw new Error(`customer ${customer} holds ${-points} too few points of shop ${shop}`);
		held[shop] = after;
	}

	#of(customer: number): bigint[] {
		let held = this.#holdings.get(customer);
		if (!held) {
			held = SHOPS.map(() => 0n);
			this.#holdings.set(customer, held);
		}
		return held;
	}

	#flowsOf(shop: number): Flows {
		const flows = this.flows[shop];
		if (!flows) throw new Error(`there is no shop ${shop}`);
		return flows;
	}
}

function add(values: bigint[], shop: number, value: bigint): void {
	values[shop] = (values[shop] ?? 0n) + value;
}
