/** A customer's key: 16 bytes from which everything follows, and which are the same as twelve words. */
import { addressOf } from '@hanse/sdk/addresses';
import { entropyToMiniSecret } from '@polkadot-labs/hdkd-helpers';
import { getPublicKey, secretFromSeed, sign } from '@scure/sr25519';
import { type PolkadotSigner, getPolkadotSigner } from 'polkadot-api/signer';
import { LENGTH } from './length.ts';

/** What signs, once its holder has agreed. */
export interface Signer {
	address: string;
	/** Signs transactions. */
	transactions: PolkadotSigner;
	/** Signs bytes exactly as they are. */
	bytes(message: Uint8Array): Promise<Uint8Array>;
}

export function signerOf(entropy: Uint8Array): Signer {
	const secret = secretFromSeed(entropyToMiniSecret(entropy));
	const publicKey = getPublicKey(secret);
	const bytes = (message: Uint8Array) => sign(secret, message);
	return {
		address: addressOf(publicKey),
		transactions: getPolkadotSigner(publicKey, 'Sr25519', bytes),
		bytes: (message) => Promise.resolve(bytes(message)),
	};
}

/** The same secret as words, for paper. */
export async function wordsOf(entropy: Uint8Array): Promise<string> {
	const [{ entropyToMnemonic }, { wordlist }] = await Promise.all([import('@scure/bip39'), import('@scure/bip39/wordlists/english.js')]);
	return entropyToMnemonic(entropy, wordlist);
}

/** The secret of words as somebody typed them; nothing if they are not twelve right ones. */
export async function entropyOf(words: string): Promise<Uint8Array | undefined> {
	const [{ mnemonicToEntropy }, { wordlist }] = await Promise.all([import('@scure/bip39'), import('@scure/bip39/wordlists/english.js')]);
	try {
		const entropy = mnemonicToEntropy(words.trim().toLowerCase().split(/\s+/).join(' '), wordlist);
		return entropy.length === LENGTH ? entropy : undefined;
	} catch {
		return undefined;
	}
}
