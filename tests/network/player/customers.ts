/** The customers' keys, and the commitments that stand for orders: both from secrets in the journal. */
import { blake2AsHex } from '@polkadot/util-crypto';
import { type KeyringPair, derived } from '../lib/keys.ts';

export class Customers {
	readonly #secret: Uint8Array;
	readonly #salt: Uint8Array;
	readonly #pairs = new Map<number, KeyringPair>();

	constructor(secret: string, salt: string) {
		this.#secret = Buffer.from(secret, 'hex');
		this.#salt = Buffer.from(salt, 'hex');
	}

	/** The key of a customer; derived once, since that takes longer than signing. */
	pair(customer: number): KeyringPair {
		let pair = this.#pairs.get(customer);
		if (!pair) {
			pair = derived(this.#secret, `customer ${customer}`);
			this.#pairs.set(customer, pair);
		}
		return pair;
	}

	address(customer: number): string {
		return this.pair(customer).address;
	}

	/** What the chain knows of an order: blake2_256(salt ++ order number). */
	commitment(order: string): string {
		return blake2AsHex(Buffer.concat([this.#salt, Buffer.from(order)]), 256);
	}
}
