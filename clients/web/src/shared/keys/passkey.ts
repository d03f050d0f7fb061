/** A passkey: what the device evaluates for it alone (WebAuthn PRF) becomes the secret, so that none is stored. */
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8 } from '@hanse/sdk/bytes';
import { base64urlnopad as base64 } from '@scure/base';
import { LENGTH, NoPrf } from './length.ts';

/** What passkeys of Hanse are asked to evaluate. */
const LABEL = Uint8Array.from(sha256(utf8('hanse wallet key 1')));

/** Its place in the list of passkeys; it is no secret. */
export interface Passkey {
	id: string;
	entropy: Uint8Array;
}

const random = () => crypto.getRandomValues(new Uint8Array(32));
const evaluate = { prf: { eval: { first: LABEL } } };

/** Makes a passkey, and its secret. */
export async function create(name: string): Promise<Passkey> {
	const made = (await navigator.credentials.create({
		publicKey: {
			challenge: random(),
			rp: { name: 'Hanse', id: location.hostname },
			user: { id: random(), name, displayName: name },
			pubKeyCredParams: [{ type: 'public-key', alg: -7 }, { type: 'public-key', alg: -257 }],
			authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
			extensions: evaluate,
		},
	})) as PublicKeyCredential | null;
	if (!made) throw new NoPrf('no passkey was made');
	const { prf } = made.getClientExtensionResults();
	if (!prf?.enabled && !prf?.results) throw new NoPrf('this device cannot make a key of a passkey');
	const id = base64.encode(new Uint8Array(made.rawId));
	// Some tell only when they are asked again.
	return prf.results?.first ? { id, entropy: secretOf(prf.results.first) } : use(id);
}

/** The secret of a passkey; without an id, of the one that its holder chooses. */
export async function use(id?: string): Promise<Passkey> {
	const used = (await navigator.credentials.get({
		publicKey: {
			challenge: random(),
			rpId: location.hostname,
			userVerification: 'required',
			...(id ? { allowCredentials: [{ type: 'public-key' as const, id: Uint8Array.from(base64.decode(id)) }] } : {}),
			extensions: evaluate,
		},
	})) as PublicKeyCredential | null;
	const first = used?.getClientExtensionResults().prf?.results?.first;
	if (!used || !first) throw new NoPrf('this device cannot make a key of a passkey');
	return { id: base64.encode(new Uint8Array(used.rawId)), entropy: secretOf(first) };
}

function secretOf(evaluated: BufferSource): Uint8Array {
	const bytes = evaluated instanceof ArrayBuffer ? new Uint8Array(evaluated) : new Uint8Array(evaluated.buffer, evaluated.byteOffset, evaluated.byteLength);
	return hkdf(sha256, bytes, undefined, utf8('hanse wallet secret 1'), LENGTH);
}
