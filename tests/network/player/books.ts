/**
 * The player's own books: what every shop and every customer must have after a list of events, worked
 * out here from the rules of the design and not read from the chain.
 *
 * Shops are named by their place in `SHOPS`, points are smallest units, values settlement micro-units.
 */
import { least, pointsToCover, sum } from '../lib/money.ts';
import { SHOPS, faceValueOf } from './shops.ts';

/** What happened to one program's points. */
export interface Flows {
	issued: bigint;
	redeemedAtHome: bigint;
	redeemedAtPartners: bigint;
	exchangedIn: bigint;
	exchangedOut: bigint;
	expired: bigint;
	cancelled: bigint;
	/** Refunds, of which the player has none. */
	reinstated: bigint;
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
	/** `owed[a][b]`: what shop `a` came to owe shop `b`, ever. */
	readonly owed: bigint[][] = SHOPS.map(() => SHOPS.map(() => 0n));
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

	/** Pays `price` at `merchant`; throws if the legs do not cover it. */
	pay(customer: number, merchant: number, price: bigint, legs: readonly Leg[]): void {
		let unpaid = price;
		for (const { shop, maxPoints } of legs) {
			const faceValue = faceValueOf(shop);
			const held = this.#of(customer)[shop] ?? 0n;
			const points = least(held, maxPoints, pointsToCover(unpaid, faceValue));
			this.#move(customer, shop, -points);
			if (shop === merchant) this.#flowsOf(shop).redeemedAtHome += points;
			else this.#flowsOf(shop).redeemedAtPartners += points;
			// The last smallest unit may be worth more than is still to pay; the merchant gets the price.
			const paid = least(points * faceValue, unpaid);
			this.#owe(shop, merchant, paid);
			unpaid -= paid;
		}
		if (unpaid > 0n) throw new Error(`customer ${customer} cannot pay ${price}: ${unpaid} are not covered`);
	}

	/** Exchanges `points` of shop `from` into points of shop `to`, and says how many come out. */
	exchange(customer: number, from: number, points: bigint, to: number): bigint {
		const value = points * faceValueOf(from);
		const out = value / faceValueOf(to);
		this.#move(customer, from, -points);
		this.#move(customer, to, out);
		this.#flowsOf(from).exchangedOut += points;
		this.#flowsOf(to).exchangedIn += out;
		this.#owe(from, to, value);
		return out;
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
		const received = sum(this.owed.map((row) => row[shop] ?? 0n));
		return received - sum(this.owed[shop] ?? []);
	}

	#owe(debtor: number, creditor: number, value: bigint): void {
		const row = this.owed[debtor];
		if (debtor !== creditor && row) row[creditor] = (row[creditor] ?? 0n) + value;
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
