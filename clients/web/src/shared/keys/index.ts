/** The key of this browser: which kind it is, and how it signs. */
import { writable } from 'svelte/store';
import { drop, keep, kept } from '../store.ts';
import type { ExtensionAccount } from './extension.ts';
import { LENGTH, WrongPin } from './length.ts';
import type { Sealed } from './sealed.ts';
import type { Signer } from './secret.ts';

export type { Signer } from './secret.ts';

/** What is known of a key without its holder. */
export type Key = { address: string } & (
	| { kind: 'passkey'; id: string }
	| { kind: 'pin'; sealed: Sealed }
	| { kind: 'extension'; extension: string }
);

const KEY = 'key';

// What makes keys and signs is loaded when it is wanted: nobody waits for it to see points.
const secrets = () => import('./secret.ts');
const passkeys = () => import('./passkey.ts');
const seals = () => import('./sealed.ts');
const addressOf = async (entropy: Uint8Array) => (await secrets()).signerOf(entropy).address;

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
	const passkey = await passkeys();
	const { id, entropy } = how === 'create' ? await passkey.create(name) : await passkey.use();
	return save({ kind: 'passkey', id, address: await addressOf(entropy) });
}

/** A new key under a PIN, or that of twelve words. */
export async function byPin(pin: string, entropy: Uint8Array = crypto.getRandomValues(new Uint8Array(LENGTH))): Promise<Key> {
	const sealed = await (await seals()).seal(entropy, pin);
	return save({ kind: 'pin', sealed, address: await addressOf(entropy) });
}

/** The key in a file that somebody kept. */
export async function byFile(sealed: Sealed, pin: string): Promise<Key> {
	const entropy = await (await seals()).unseal(sealed, pin);
	return save({ kind: 'pin', sealed, address: await addressOf(entropy) });
}

export const byExtension = ({ extension, address }: ExtensionAccount): Promise<Key> => save({ kind: 'extension', extension, address });

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
			const { entropy } = await (await passkeys()).use(key.id).catch((error: unknown) => {
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
			const entropy = await (await seals()).unseal(sealed, pin);
			pinWish.set(undefined);
			return entropy;
		} catch (error) {
			if (error instanceof WrongPin) continue;
			pinWish.set(undefined);
			throw error;
		}
	}
}

/** What signs with a key, once its holder has agreed. */
export async function unlock(key: Key): Promise<Signer> {
	const signer = key.kind === 'extension' ? await (await import('./extension.ts')).signerOf(key) : (await secrets()).signerOf(await secret(key));
	if (signer.address !== key.address) throw new Error('that is another key');
	return signer;
}
