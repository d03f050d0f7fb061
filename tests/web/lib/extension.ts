/** An extension of the Polkadot kind as a page finds it. It signs as the real ones do, by their own library, with a real key. */
import { TypeRegistry } from '@polkadot/types';
import type { SignerPayloadJSON } from '@polkadot/types/types';
import { wellKnown } from '@hanse/sdk/keys';
import { bytesOf, hexOf } from '@hanse/sdk/bytes';
import type { Person } from './browser.ts';

/** What every extension puts before the signature of this kind of key. */
const SR25519 = '01';

/** Puts the extension with the key of a name in front of somebody, and counts what it signs. */
export async function install({ context }: Person, name: string): Promise<{ address: string; signed: { transactions: number; texts: number } }> {
	const key = wellKnown(name);
	const signed = { transactions: 0, texts: 0 };
	await context.exposeFunction('stubSignPayload', (payload: SignerPayloadJSON) => {
		signed.transactions++;
		const registry = new TypeRegistry();
		registry.setSignedExtensions(payload.signedExtensions);
		const bytes = registry.createType('ExtrinsicPayload', payload, { version: payload.version }).toU8a({ method: true });
		return `0x${SR25519}${hexOf(key.sign(bytes)).slice(2)}`;
	});
	await context.exposeFunction('stubSignRaw', (data: string) => {
		signed.texts++;
		return hexOf(key.sign(bytesOf(data)));
	});
	await context.addInitScript(`
		const account = ${JSON.stringify({ address: key.address, name, type: 'sr25519' })};
		window.injectedWeb3 = { 'stub-wallet': { version: '1', enable: async () => ({
			accounts: { get: async () => [account], subscribe: (told) => (told([account]), () => {}) },
			signer: {
				signPayload: async (payload) => ({ id: 1, signature: await window.stubSignPayload(payload) }),
				signRaw: async ({ data }) => ({ id: 2, signature: await window.stubSignRaw(data) }),
			},
		}) } };
	`);
	return { address: key.address, signed };
}
