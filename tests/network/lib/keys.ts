/** Keys. */
import { Keyring } from '@polkadot/keyring';
import type { KeyringPair } from '@polkadot/keyring/types';
import { blake2AsU8a, cryptoWaitReady, mnemonicValidate } from '@polkadot/util-crypto';

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

/** The key of a secret URI: a phrase or a seed in hexadecimal, and a path like `//Alice` of either, or alone. */
export function fromSecret(uri: string): KeyringPair {
	const [, root = '', rest = ''] = /^([^/]*)(.*)$/s.exec(uri) ?? [];
	// The library takes any other text for a seed, so a mistake in a phrase would be another account.
	const sound = root === '' ? rest !== '' : /^0x[0-9a-f]{64}$/i.test(root) || mnemonicValidate(root);
	if (!sound) throw new Error('neither a phrase nor a seed of 32 bytes nor a path like //Alice');
	return keyring.createFromUri(uri);
}

/** A key of its own for each `label`. */
export function derived(secret: Uint8Array, label: string): KeyringPair {
	return keyring.addFromSeed(blake2AsU8a(Buffer.concat([secret, Buffer.from(label)])));
}
