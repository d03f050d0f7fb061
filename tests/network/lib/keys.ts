/** Keys. */
import { Keyring } from '@polkadot/keyring';
import type { KeyringPair } from '@polkadot/keyring/types';
import { blake2AsU8a, cryptoWaitReady } from '@polkadot/util-crypto';

export type { KeyringPair };

await cryptoWaitReady();
const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
const wellKnownPairs = new Map<string, KeyringPair>();

/** A well-known development key: `Alice`, `Bob` and so on. Derived once, since deriving by path is slow. */
export function wellKnown(name: string): KeyringPair {
	let pair = wellKnownPairs.get(name);
	if (!pair) {
		pair = keyring.createFromUri(`//${name}`);
		wellKnownPairs.set(name, pair);
	}
	return pair;
}

/** A key of its own for each `label`. */
export function derived(secret: Uint8Array, label: string): KeyringPair {
	return keyring.addFromSeed(blake2AsU8a(Buffer.concat([secret, Buffer.from(label)])));
}
