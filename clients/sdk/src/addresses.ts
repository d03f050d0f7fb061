/** Addresses of accounts, by what reads the chain anyway: a page that signs nothing needs no cryptography of keys. */
import { AccountId, fromBufferToBase58 } from '@polkadot-api/substrate-bindings';

/** The chain writes addresses with this prefix. */
export const PREFIX = 42;

const written = fromBufferToBase58(PREFIX);

/** Of a copy, since the library takes all of a key's buffer for the key. */
export const addressOf = (publicKey: Uint8Array): string => written(Uint8Array.from(publicKey));

/** An address as it was typed, in this chain's own form; nothing if it is none. */
export function addressFrom(text: string): string | undefined {
	try {
		return addressOf(publicKeyOf(text));
	} catch {
		return undefined;
	}
}

/** The public key of an address. */
export const publicKeyOf: (address: string) => Uint8Array = AccountId(PREFIX).enc;
