/** The customers' keys, what stands for them and for their orders: all from secrets in the journal. */
import { createHmac } from 'node:crypto';
import { Blake2256 } from '@polkadot-api/substrate-bindings';
import { type Hex, concat, hexOf, utf8 } from '@hanse/sdk/bytes';
import { type Key, derived } from '@hanse/sdk/keys';

/** Hexadecimal. */
export interface Secrets {
	/** What the customers' keys are derived from: 256 bits. */
	secret: string;
	/** Makes commitments that nobody can guess: 128 bits. */
	salt: string;
	/** What the members share to know persons by: 256 bits. */
	tagKey: string;
}

export class Customers {
	readonly #secret: Uint8Array;
	readonly #salt: Uint8Array;
	readonly #tagKey: Uint8Array;
	readonly #keys = new Map<number, Key>();

	constructor({ secret, salt, tagKey }: Secrets) {
		this.#secret = Buffer.from(secret, 'hex');
		this.#salt = Buffer.from(salt, 'hex');
		this.#tagKey = Buffer.from(tagKey, 'hex');
	}

	/** The key of a customer; derived once, since that takes as long as signing. */
	key(customer: number): Key {
		let key = this.#keys.get(customer);
		if (!key) this.#keys.set(customer, (key = derived(this.#secret, `customer ${customer}`)));
		return key;
	}

	address(customer: number): string {
		return this.key(customer).address;
	}

	/** What the chain knows of an order, or of anything else: blake2_256(salt ++ order number). */
	commitment(order: string): Hex {
		return hexOf(Blake2256(concat(this.#salt, utf8(order))));
	}

	/** The same person for every shop, and for nobody without the key: HMAC-SHA-256 of the number. */
	tag(customer: number): Hex {
		return `0x${createHmac('sha256', this.#tagKey).update(`${customer}`).digest('hex')}`;
	}
}
