/** The customers' keys, what stands for them and for their orders: all from secrets in the journal. */
import type { ApiPromise } from '@polkadot/api';
import type { HexString } from '@polkadot/util/types';
import { blake2AsHex } from '@polkadot/util-crypto';
import type { Call } from '@hanse/sdk/pjs/chain';
import { registration } from '@hanse/sdk/pjs/consent';
import { type KeyringPair, derived } from '@hanse/sdk/pjs/keys';

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
	readonly #pairs = new Map<number, KeyringPair>();

	constructor({ secret, salt, tagKey }: Secrets) {
		this.#secret = Buffer.from(secret, 'hex');
		this.#salt = Buffer.from(salt, 'hex');
		this.#tagKey = Buffer.from(tagKey, 'hex');
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

	/** What the chain knows of an order, or of anything else: blake2_256(salt ++ order number). */
	commitment(order: string): HexString {
		return blake2AsHex(Buffer.concat([this.#salt, Buffer.from(order)]), 256);
	}

	/** The same person for every shop, and for nobody without the key: blake2_256 of the number, keyed. */
	tag(customer: number): HexString {
		return blake2AsHex(Buffer.from(`${customer}`), 256, this.#tagKey);
	}

	/** The call by which `institution` registers a customer, who signs that now. */
	registration(api: ApiPromise, customer: number, institution: number, until: number): Call {
		const commitment = this.commitment(`customer ${customer}`);
		return registration(api, this.pair(customer), { institution, commitment, tag: this.tag(customer), mayRecover: true, until });
	}
}
