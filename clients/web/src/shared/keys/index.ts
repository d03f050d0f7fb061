/** The key of this browser: which kind it is, and how it signs. */
import { writable } from 'svelte/store';
import { drop, keep, kept } from '../store.ts';
import * as extension from './extension.ts';
import * as passkey from './passkey.ts';
import { type Sealed, seal, unseal } from './sealed.ts';
import { LENGTH, type Signer, signerOf } from './secret.ts';

export type { Signer } from './secret.ts';

/** What is known of a key without its holder. */
export type Key = { address: string } & (
	| { kind: 'passkey'; id: string }
	| { kind: 'pin'; sealed: Sealed }
	| { kind: 'extension'; extension: string }
);

const KEY = 'key';

export const savedKey = (): Promise<Key | undefined> => kept<Key>(KEY);
export const forgetKey = (): Promise<undefined> => drop(KEY);

async function save(key: Key): Promise<Key> {
	await keep(KEY, key);
	// So that the browser does not throw away what would be missed.
	await navigator.storage?.persist?.().catch(() => false);
	return key;
}

/** A new key by a passkey, or that of a passkey that is there already. */
export async function byPasskey(how: 'create' | 'use', name = ''): Promise<Key> {
	const { id, entropy } = how === 'create' ? await passkey.create(name) : await passkey.use();
	return save({ kind: 'passkey', id, address: signerOf(entropy).address });
}

/** A new key under a PIN, or that of twelve words. */
export async function byPin(pin: string, entropy: Uint8Array = crypto.getRandomValues(new Uint8Array(LENGTH))): Promise<Key> {
	return save({ kind: 'pin', sealed: await seal(entropy, pin), address: signerOf(entropy).address });
}

/** The key in a file that somebody kept. */
export async function byFile(sealed: Sealed, pin: string): Promise<Key> {
	return save({ kind: 'pin', sealed, address: signerOf(await unseal(sealed, pin)).address });
}

export const byExtension = ({ extension, address }: extension.ExtensionAccount): Promise<Key> => save({ kind: 'extension', extension, address });

/** Somebody has to type the PIN; without an answer it is called off. */
export interface PinWish {
	wrong: boolean;
	answer(pin: string | undefined): void;
}
export const pinWish = writable<PinWish | undefined>();

/** The holder does not want to. */
export class CalledOff extends Error {}

/** The secret itself, for those kinds that have one. */
export async function secret(key: Key): Promise<Uint8Array> {
	switch (key.kind) {
		case 'passkey': {
			const { entropy } = await passkey.use(key.id).catch((error: unknown) => {
				throw error instanceof DOMException ? new CalledOff(error.message) : error;
			});
			return entropy;
		}
		case 'pin': return opened(key.sealed);
		case 'extension': throw new Error('the extension keeps it');
	}
}

async function opened(sealed: Sealed): Promise<Uint8Array> {
	for (let wrong = false; ; wrong = true) {
		const pin = await new Promise<string | undefined>((answer) => pinWish.set({ wrong, answer }));
		if (pin === undefined) {
			pinWish.set(undefined);
			throw new CalledOff('no PIN');
		}
		try {
			const entropy = await unseal(sealed, pin);
			pinWish.set(undefined);
			return entropy;
		} catch {
			// Asked again.
		}
	}
}

/** What signs with a key, once its holder has agreed. */
export async function unlock(key: Key): Promise<Signer> {
	const signer = key.kind === 'extension' ? await extension.signerOf(key) : signerOf(await secret(key));
	if (signer.address !== key.address) throw new Error('that is another key');
	return signer;
}
