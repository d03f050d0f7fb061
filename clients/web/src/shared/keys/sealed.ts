/** A secret under a PIN: Argon2id makes the key, AES-GCM seals. */
import { base64 } from '@scure/base';
import { trustedUrl } from '../trusted.ts';
import { WrongPin } from './length.ts';
import stretcher from './stretch.worker.ts?worker&url';

/** How much work it is to try one PIN: 64 MiB, three times. */
const WORK = { memory: 65_536, passes: 3, lanes: 1 };

/** A sealed secret, as it is stored and as it is in the file to keep. */
export interface Sealed {
	version: 1;
	work: typeof WORK;
	salt: string;
	nonce: string;
	content: string;
}

export async function seal(entropy: Uint8Array, pin: string): Promise<Sealed> {
	const [salt, nonce] = [crypto.getRandomValues(new Uint8Array(16)), crypto.getRandomValues(new Uint8Array(12))];
	const key = await stretched(pin, salt, WORK);
	const content = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key, Uint8Array.from(entropy));
	return { version: 1, work: WORK, salt: base64.encode(salt), nonce: base64.encode(nonce), content: base64.encode(new Uint8Array(content)) };
}

export async function unseal({ work, salt, nonce, content }: Sealed, pin: string): Promise<Uint8Array> {
	const key = await stretched(pin, base64.decode(salt), work);
	try {
		const iv = Uint8Array.from(base64.decode(nonce));
		return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, Uint8Array.from(base64.decode(content))));
	} catch {
		throw new WrongPin('that was another PIN');
	}
}

/** Beside the page, which stays alive meanwhile. */
async function stretched(pin: string, salt: Uint8Array, work: typeof WORK): Promise<CryptoKey> {
	const worker = new Worker(trustedUrl(stretcher), { type: 'module' });
	try {
		const raw = await new Promise<Uint8Array>((resolve, reject) => {
			worker.onmessage = ({ data }: MessageEvent<Uint8Array>) => resolve(data);
			worker.onerror = () => reject(new Error('the key could not be made'));
			worker.postMessage({ pin: pin.normalize('NFKC'), salt, work });
		});
		return await crypto.subtle.importKey('raw', Uint8Array.from(raw), 'AES-GCM', false, ['encrypt', 'decrypt']);
	} finally {
		worker.terminate();
	}
}

/** The sealed secret in a file that somebody kept; nothing if it is none. */
export function fromFile(text: string): Sealed | undefined {
	try {
		const { hanse, ...sealed } = JSON.parse(text) as Sealed & { hanse?: string };
		const { work } = sealed;
		// A file that wants more work than this would only be there to stop the page.
		const sane = hanse === 'sealed key' && sealed.version === 1 && work.memory <= 1_048_576 && work.passes <= 10 && work.lanes <= 8;
		return sane && [sealed.salt, sealed.nonce, sealed.content].every((part) => typeof part === 'string') ? sealed : undefined;
	} catch {
		return undefined;
	}
}

export const toFile = (sealed: Sealed): string => `${JSON.stringify({ hanse: 'sealed key', ...sealed }, undefined, '\t')}\n`;
