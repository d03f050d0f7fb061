/** What is sent without the gateway, as calls of the chain. */
import { type Hex, hexOf, utf8 } from '@hanse/sdk/bytes';
import type { Api } from '@hanse/sdk/chain';
import type { Tx } from '@hanse/sdk/send';
import { consentBytes } from '@hanse/sdk/signed';
import type { Leg } from '../books/books.ts';
import { UnexpectedState } from '../chain/errors.ts';
import { assetOf } from '../chain/state.ts';
import type { Action, Award } from '../plan/plan.ts';
import { type Line, shopAt } from '../plan/shops.ts';
import type { Customers } from './customers.ts';
import type { Journal } from './journal.ts';

type Exchange = Action & { kind: 'exchange' };
type Gift = Action & { kind: 'gift' };

/** What names an order on the chain. */
export interface Order {
	era: number;
	commitment: Hex;
}

/** What is paid where, for which order, with which points. */
export interface Payment {
	customer: number;
	merchant: number;
	order: string;
	price: bigint;
	legs: Leg[];
}

export class Calls {
	readonly #api: Api;
	readonly #genesis: Hex;
	readonly #journal: Journal;
	readonly #customers: Customers;
	/** Programs that the journal does not know yet, by shop. */
	readonly #programs = new Map<number, number>();

	/** Orders are of the journal's era, and programs those that it knows. */
	constructor(api: Api, genesis: Hex, journal: Journal, customers: Customers) {
		this.#api = api;
		this.#genesis = genesis;
		this.#journal = journal;
		this.#customers = customers;
	}

	/** The program of a shop, of which the journal hears later. */
	know(shop: number, program: number): void {
		this.#programs.set(shop, program);
	}

	createProgram(shop: number): Tx {
		const { program, symbol, faceValue, decimals, period, validity, pending } = shopAt(shop);
		return this.#api.tx.Points.create_program({
			name: utf8(program),
			symbol: utf8(symbol),
			terms: {
				face_value: Number(faceValue),
				decimals,
				period: { type: 'Milliseconds', value: BigInt(period) },
				validity: BigInt(validity),
				pending: BigInt(pending),
			},
		});
	}

	/** Registers `customers`, who sign that they agree until `until`. */
	register(shop: number, customers: readonly number[], until: number): Tx {
		const { institution } = shopAt(shop);
		return this.batch(customers.map((customer) => {
			const { address, sign } = this.#customers.key(customer);
			const [commitment, tag] = [this.#customers.commitment(`customer ${customer}`), this.#customers.tag(customer)];
			const consent = consentBytes(this.#genesis, address, { institution, commitment, tag, mayRecover: true, until });
			const signature = { type: 'Sr25519', value: hexOf(sign(consent)) } as const;
			return this.#api.tx.Customers.register({
				account: address, commitment, tag, may_recover: true, until: BigInt(until), signature,
			});
		}));
	}

	/** All of `calls`, or none. */
	batch(calls: readonly Tx[]): Tx {
		return this.#api.tx.Utility.batch_all({ calls: calls.map(({ decodedCall }) => decodedCall) });
	}

	/** Issues all of `awards`. */
	issue(shop: number, awards: readonly Award[]): Tx {
		const all = awards.map(({ order, customer, points }) =>
			({ to: this.#customers.address(customer), amount: points, order: this.#customers.commitment(order) }));
		return this.#api.tx.Points.issue_batch({ program: this.program(shop), era: this.#era, awards: all });
	}

	exchange({ from, points, to, out }: Exchange): Tx {
		return this.#api.tx.Exchange.exchange({ from: this.program(from), amount: points, to: this.program(to), min_out: out });
	}

	give({ shop, receiver, points, by }: Gift): Tx {
		const [program, to] = [this.program(shop), this.#customers.address(receiver)];
		if (by === 'donation') return this.#api.tx.Points.donate({ program, to, amount: points });
		return this.#api.tx.Assets.transfer({ id: assetOf(program), target: { type: 'Id', value: to }, amount: points });
	}

	/** A payment of an order that is known by `named`, or by the player's own name for it. */
	pay(payment: Payment, named?: Order): Tx {
		return this.#api.tx.Exchange.pay(this.paymentOf(payment, named));
	}

	/** What the chain wants to know of a payment. */
	paymentOf({ merchant, order, price, legs }: Payment, { era, commitment } = this.orderOf(order)) {
		return {
			merchant: shopAt(merchant).institution,
			order: { era, commitment },
			price,
			legs: legs.map(({ shop, maxPoints }) => ({ program: this.program(shop), max_points: maxPoints })),
		};
	}

	/** An order as the player itself names it. */
	orderOf(order: string): Order {
		return { era: this.#era, commitment: this.#customers.commitment(order) };
	}

	/** Lets a shop owe the one that signs it so much. */
	grantLine({ debtor, limit }: Line): Tx {
		return this.#api.tx.Clearing.grant_credit_line({ debtor: shopAt(debtor).institution, limit });
	}

	/** Lets the one that signs it owe the creditor so much. */
	acceptLine({ creditor, limit }: Line): Tx {
		return this.#api.tx.Clearing.accept_credit_line({ creditor: shopAt(creditor).institution, limit });
	}

	get #era(): number {
		const { era } = this.#journal;
		if (era === undefined) throw new UnexpectedState('orders have no era yet');
		return era;
	}

	program(shop: number): number {
		const program = this.#programs.get(shop) ?? this.#journal.programs?.[shop];
		if (program === undefined) throw new UnexpectedState(`${shopAt(shop).symbol} has no program`);
		return program;
	}
}
