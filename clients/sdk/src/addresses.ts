/** Addresses of accounts. */
import { ss58Address, ss58Decode } from '@polkadot-labs/hdkd-helpers';

/** The chain writes addresses with this prefix. */
export const PREFIX = 42;

export const addressOf = (publicKey: Uint8Array): string => ss58Address(publicKey, PREFIX);

/** An address as it was typed, in this chain's own form; nothing if it is none. */
export function addressFrom(text: string): string | undefined {
	try {
		const [publicKey] = ss58Decode(text);
		return publicKey.length === 32 ? addressOf(publicKey) : undefined;
	} catch {
		return undefined;
	}
}

/** The public key of an address. */
export const publicKeyOf = (address: string): Uint8Array => ss58Decode(address)[0];
