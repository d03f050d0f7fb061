/** What all screens of the console share: who is signed in, who signs, what things are called, and what was just changed. */
import { BEST, type Chain as SdkChain } from '@hanse/sdk/chain';
import { Names } from '@hanse/sdk/names';
import type { Signing } from '@hanse/sdk/send';
import { type Access, signedIn } from '../shared/access.svelte.ts';
import { type Chain, type Directory, alliance, chain } from '../shared/chain.ts';

/** A key that signs for as long as the page is open. */
export interface Holder extends Signing {
	/** Signs bytes as they are. */
	bytes(message: Uint8Array): Promise<Uint8Array>;
}

/** For whom somebody signs: an institution that let its key act for it, in what; or its own account. */
export interface Office {
	institution: number;
	account: string;
	/** As the chain calls it; nothing if the key is the institution's own. */
	as: string | undefined;
}

interface Console {
	access: Access | undefined;
	holder: Holder | undefined;
	offices: Office[];
	directory: Directory | undefined;
	names: Names | undefined;
	/** Grows with whatever is done here, so that screens look again. */
	changes: number;
}

export const desk: Console = $state({ access: signedIn('console'), holder: undefined, offices: [], directory: undefined, names: undefined, changes: 0 });

/** What things are called, read anew. */
export async function look(): Promise<void> {
	const { api } = await chain();
	const [directory, names] = await Promise.all([alliance(), Names.read(api)]);
	Object.assign(desk, { directory, names });
}

/** The connection as the tools of the command line take it. It comes back by itself, so it is never lost. */
export async function tools(): Promise<SdkChain> {
	return asTools(await chain());
}

export const asTools = ({ api, client, request }: Chain): SdkChain =>
	({ api, client, request, lost: new Promise<never>(() => {}), close: () => {} });

/** Takes up a key, and finds for whom it may act. */
export async function take(holder: Holder): Promise<void> {
	const { api } = await chain();
	const [members, proxies] = await Promise.all([api.query.Institutions.Institutions.getEntries(BEST), api.query.Proxy.Proxies.getEntries(BEST)]);
	const lets = new Map(proxies.map(({ keyArgs: [account], value: [list] }) => [account, list]));
	desk.offices = members.flatMap(({ keyArgs: [institution], value: { account } }): Office[] => {
		if (account === holder.address) return [{ institution, account, as: undefined }];
		const mine = (lets.get(account) ?? []).filter(({ delegate }) => delegate === holder.address);
		return mine.map(({ proxy_type }) => ({ institution, account, as: proxy_type.type }));
	});
	desk.holder = holder;
}

export const drop = (): void => void Object.assign(desk, { holder: undefined, offices: [] });

/** The institution that the screens are about: whose access key it is, else for which the key signs. */
export const own = (): number | undefined => desk.access?.institution ?? desk.offices[0]?.institution;

export const nameOf = (institution: number): string => desk.directory?.members.get(institution)?.name ?? `${institution}`;
export const accountOf = (institution: number | undefined): string | undefined =>
	(institution === undefined ? undefined : desk.directory?.members.get(institution)?.account);
/** The name of an account's institution, or the account. */
export const who = (account: string): string => desk.names?.account(account) ?? account;
export const programName = (program: number): string => desk.directory?.programs.get(program)?.symbol ?? `${program}`;

/** As the chain writes it, with words apart: `UnansweredDisclosure` is `unanswered disclosure`. */
export const apart = (name: string): string => name.replace(/[_.]/g, ' ').replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
