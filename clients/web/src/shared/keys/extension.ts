/** A wallet in the browser: any extension of the Polkadot kind. */
import type { Signer } from './secret.ts';

export interface ExtensionAccount {
	extension: string;
	address: string;
	name?: string | undefined;
}

/** The extensions that are there. */
export async function extensions(): Promise<string[]> {
	const { getInjectedExtensions } = await import('polkadot-api/pjs-signer');
	return getInjectedExtensions();
}

/** The accounts of an extension that hold this chain's kind of key. It asks its user the first time. */
export async function accountsOf(extension: string): Promise<ExtensionAccount[]> {
	const { accounts } = await open(extension);
	return accounts.map(({ address, name }) => ({ extension, address, name }));
}

export async function signerOf({ extension, address }: ExtensionAccount): Promise<Signer> {
	const { accounts, close } = await open(extension);
	const found = accounts.find((account) => account.address === address);
	close();
	if (!found) throw new Error(`${extension} does not have that account any more`);
	return { address, transactions: found.signer, bytes: (message) => found.signer.signBytes(message) };
}

async function open(extension: string) {
	const [{ connectInjectedExtension }, { addressFrom }] = await Promise.all([import('polkadot-api/pjs-signer'), import('@hanse/sdk/addresses')]);
	const connected = await connectInjectedExtension(extension);
	const accounts = connected.getAccounts().flatMap(({ address, name, type, polkadotSigner: signer }) => {
		const own = type === undefined || type === 'sr25519' ? addressFrom(address) : undefined;
		return own ? [{ address: own, name, signer }] : [];
	});
	return { accounts, close: () => connected.disconnect() };
}
