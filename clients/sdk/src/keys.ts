/** Keys and addresses. */
import {
	DEV_PHRASE, blake2b256, createDerive, generateMnemonic, mnemonicToMiniSecret, sr25519, sr25519Derive, validateMnemonic,
} from '@polkadot-labs/hdkd-helpers';
import { type PolkadotSigner, getPolkadotSigner } from 'polkadot-api/signer';
import { addressOf } from './addresses.ts';
import { bytesOf } from './bytes.ts';
import { ensureRandomness } from './platform.ts';

await ensureRandomness();

export { PREFIX, addressFrom, publicKeyOf } from './addresses.ts';

export interface Key {
	address: string;
	publicKey: Uint8Array;
	/** Signs transactions. */
	signer: PolkadotSigner;
	/** Signs bytes. */
	sign(message: Uint8Array): Uint8Array;
}

/** The key of a secret URI: a phrase or a seed in hexadecimal, and a path like `//Alice` of either, or alone. */
export function fromSecret(uri: string): Key {
	const [, root = '', path = '', password] = /^([^/]*)((?:\/\/?[^/]+)*)(?:\/\/\/(.*))?$/s.exec(uri) ?? [];
	const isSeed = /^0x[0-9a-f]{64}$/i.test(root);
	// Any other text could be taken for a seed, so that a mistake in a phrase would be another account.
	const sound = root === '' ? path !== '' : isSeed || validateMnemonic(root);
	if (!sound) throw new Error('neither a phrase nor a seed of 32 bytes nor a path like //Alice');
	return keyFrom(isSeed ? bytesOf(root) : mnemonicToMiniSecret(root || DEV_PHRASE, password), path);
}

/** A well-known development key: `Alice`, `Bob` and so on. */
export function wellKnown(name: string): Key {
	let key = wellKnownKeys.get(name);
	if (!key) wellKnownKeys.set(name, (key = fromSecret(`//${name}`)));
	return key;
}
const wellKnownKeys = new Map<string, Key>();

/** Twelve new words. */
export const newPhrase = (): string => generateMnemonic(128);

/** A key of its own for each `label`. */
export function derived(secret: Uint8Array, label: string): Key {
	return keyFrom(blake2b256(new Uint8Array([...secret, ...new TextEncoder().encode(label)])), '');
}

function keyFrom(seed: Uint8Array, path: string): Key {
	const { publicKey, sign } = createDerive({ seed, curve: sr25519, derive: sr25519Derive })(path);
	return { address: addressOf(publicKey), publicKey, sign, signer: getPolkadotSigner(publicKey, 'Sr25519', sign) };
}
