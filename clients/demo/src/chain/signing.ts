/**
 * Signs many transactions of many accounts without asking the node about each. What is signed beside a call is taken
 * from the library, once for each final block; only the nonce is put in here.
 */
import type { PolkadotSigner } from 'polkadot-api';
import { Blake2256, compact } from '@polkadot-api/substrate-bindings';
import { concat } from '@hanse/sdk/bytes';
import type { Chain } from '@hanse/sdk/chain';
import type { Key } from '@hanse/sdk/keys';

/** Blocks in which a transaction is valid. After that it is gone for good, so it may be sent again. */
const MORTALITY = { mortal: true, period: 64 } as const;
/** A signed transaction of version 4, by an account id, with a signature of sr25519. */
const [SIGNED, ACCOUNT_ID, SR25519] = [0x84, 0, 1];
/** Longer payloads are signed by their hash. */
const MAX_PAYLOAD = 256;

type Extensions = Parameters<PolkadotSigner['signTx']>[1];

export class OfflineSigner {
	readonly #chain: Chain;
	/** In the order of the metadata. */
	#extensions: Extensions[string][] = [];

	constructor(chain: Chain) {
		this.#chain = chain;
	}

	/** Transactions that are signed from here on live from the newest final block on. */
	async refresh(): Promise<void> {
		const signTx: PolkadotSigner['signTx'] = async (_, extensions) => {
			this.#extensions = Object.values(extensions);
			return new Uint8Array();
		};
		const observer: PolkadotSigner = { publicKey: new Uint8Array(32), signTx, signBytes: async (bytes) => bytes };
		await this.#chain.api.tx.System.remark({ remark: new Uint8Array() }).sign(observer, { nonce: 0, mortality: MORTALITY });
	}

	/** The bytes of a transaction that makes `call`, which is encoded. */
	sign({ publicKey, sign }: Key, nonce: number, call: Uint8Array): Uint8Array {
		const extra = this.#extensions.map(({ identifier, value }) => (identifier === 'CheckNonce' ? compact.enc(nonce) : value));
		const payload = concat(call, ...extra, ...this.#extensions.map(({ additionalSigned }) => additionalSigned));
		const signature = sign(payload.length > MAX_PAYLOAD ? Blake2256(payload) : payload);
		const whole = concat(Uint8Array.of(SIGNED, ACCOUNT_ID), publicKey, Uint8Array.of(SR25519), signature, ...extra, call);
		return concat(compact.enc(whole.length), whole);
	}
}
