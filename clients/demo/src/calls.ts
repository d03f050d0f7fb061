/** The plan's steps as calls of the chain. */
import type { ApiPromise } from '@polkadot/api';
import { type Call, call } from '@hanse/sdk/pjs/chain';
import type { Leg } from './books.ts';
import type { Customers } from './customers.ts';
import type { Journal } from './journal.ts';
import type { Action, Batch, Refund } from './plan.ts';
import { type Line, shopAt } from './shops.ts';
import { UnexpectedState, assetOf } from './state.ts';

/** What is paid where, in which order, with which points. */
export interface Payment {
	merchant: number;
	order: string;
	price: bigint;
	legs: Leg[];
}

export class Calls {
	readonly #api: ApiPromise;
	readonly #journal: Journal;
	readonly #customers: Customers;
	/** Programs that the journal does not know yet, by shop. */
	readonly #programs = new Map<number, number>();

	/** Orders are of the journal's era, and programs those that it knows. */
	constructor(api: ApiPromise, journal: Journal, customers: Customers) {
		this.#api = api;
		this.#journal = journal;
		this.#customers = customers;
	}

	/** The program of a shop, of which the journal hears later. */
	know(shop: number, program: number): void {
		this.#programs.set(shop, program);
	}

	create(shop: number): Call {
		const { program, symbol, faceValue, decimals, period, validity, pending } = shopAt(shop);
		const terms = { faceValue, decimals, period: { Milliseconds: period }, validity, pending };
		return call(this.#api, 'points', 'createProgram', program, symbol, terms);
	}

	/** Registers `customers`, who sign that they agree until `until`. */
	register(shop: number, customers: number[], until: number): Call {
		const { institution } = shopAt(shop);
		const calls = customers.map((customer) => this.#customers.registration(this.#api, customer, institution, until));
		return call(this.#api, 'utility', 'batchAll', calls);
	}

	/** Issues a batch; an award that will be taken back goes alone. */
	issue({ shop, awards, returned }: Batch): Call {
		const [program, era] = [this.#program(shop), this.#journal.era];
		const all = awards.map(({ order, customer, points }) => ({
			to: this.#customers.pair(customer).publicKey,
			amount: points,
			order: this.#customers.commitment(order),
		}));
		const [first] = all;
		if (!returned || !first) return call(this.#api, 'points', 'issueBatch', program, era, all);
		return call(this.#api, 'points', 'issue', program, first.to, first.amount, { era, commitment: first.order });
	}

	/** Takes the one award of a batch back as a whole. */
	cancel({ shop, awards: [award] }: Batch): Call {
		const commitment = this.#customers.commitment(award?.order ?? '');
		return call(this.#api, 'points', 'cancel', this.#program(shop), commitment, award?.points ?? 0n);
	}

	act(action: Action): Call {
		switch (action.kind) {
			case 'pay':
				return this.pay(action);
			case 'exchange': {
				const [from, to] = [this.#program(action.from), this.#program(action.to)];
				return call(this.#api, 'exchange', 'exchange', from, action.points, to, action.out);
			}
			case 'gift': {
				const [program, receiver] = [this.#program(action.shop), this.#customers.address(action.receiver)];
				if (action.by === 'donation') return call(this.#api, 'points', 'donate', program, receiver, action.points);
				return call(this.#api, 'assets', 'transfer', assetOf(program), receiver, action.points);
			}
		}
	}

	pay({ merchant, order, price, legs: all }: Payment): Call {
		const paid = { era: this.#journal.era, commitment: this.#customers.commitment(order) };
		const legs = all.map(({ shop, maxPoints }) => ({ program: this.#program(shop), maxPoints }));
		return call(this.#api, 'exchange', 'pay', shopAt(merchant).institution, paid, price, legs);
	}

	/** Lets a shop owe the one that signs it so much. */
	grant({ debtor, limit }: Line): Call {
		return call(this.#api, 'clearing', 'grantLine', shopAt(debtor).institution, limit);
	}

	/** Lets the one that signs it owe the creditor so much. */
	accept({ creditor, limit }: Line): Call {
		return call(this.#api, 'clearing', 'acceptLine', shopAt(creditor).institution, limit);
	}

	/** A refund of a payment whose order was of `era`. */
	refund({ customer, order, value }: Refund, era: number): Call {
		const paid = { era, commitment: this.#customers.commitment(order) };
		return call(this.#api, 'exchange', 'refund', this.#customers.address(customer), paid, value);
	}

	#program(shop: number): number {
		const program = this.#programs.get(shop) ?? this.#journal.programs?.[shop];
		if (program === undefined) throw new UnexpectedState(`${shopAt(shop).symbol} has no program`);
		return program;
	}
}
