/** What the console does: said in words first, then signed by a key or asked of the gateway, then told. */
import { nameOf as callName, type Receipt, sendFor, type Tx } from '@hanse/sdk/send';
import { Gateway, type Operation } from '@hanse/sdk/gateway';
import { type Office, desk, tools } from './console.svelte.ts';

/** What somebody is asked to agree to. */
export interface Wish {
	/** What happens, in a sentence. */
	words: string;
	/** More about it: what it is called, and what it is. */
	facts?: [label: string, value: string][];
	/** The call, where a key signs it. */
	tx?: Tx;
	/** Whose delegates may sign it: a kind of the chain's. Without it whoever signs does so for itself. */
	as?: string;
	/** What the gateway is asked, if the access key has one of these roles. */
	gateway?: { roles: readonly string[]; path: string; method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE'; body?: object; plain?: boolean };
	/** What came of it, in words, from the block that it is in; throws why it failed. */
	outcome?(receipt: Receipt): Promise<string>;
}

export const wish: { now: Wish | undefined } = $state({ now: undefined });

/** Shows what would be done, and asks. */
export const propose = (asked: Wish): void => void (wish.now = asked);

/** Whether the gateway does it for whoever is signed in. */
export const byGateway = ({ gateway }: Wish): boolean =>
	gateway !== undefined && desk.access !== undefined && gateway.roles.includes(desk.access.role);

/** In whose name the key signs it. */
export function officeFor({ as }: Wish): Office | undefined {
	if (as === undefined) return undefined;
	const fits = desk.offices.filter((office) => office.as === undefined || office.as === 'Any' || office.as === as);
	return fits.find(({ institution }) => institution === desk.access?.institution) ?? fits[0];
}

/** What a call is called, as in `clearing.top_up`. */
export const technical = ({ tx, gateway }: Wish): string => (tx ? callName(tx) : `${gateway?.method ?? 'POST'} ${gateway?.path}`);

/** Where it is, and what came of it. */
export interface Done {
	block?: number | undefined;
	said?: string | undefined;
}

/** Does it; `once` is the same for the same press. */
export async function carryOut(asked: Wish, once: string): Promise<Done> {
	try {
		return byGateway(asked) ? { block: await askGateway(asked, once) } : await sign(asked);
	} finally {
		desk.changes++;
	}
}

async function askGateway({ gateway }: Wish, once: string): Promise<number | undefined> {
	if (!gateway || !desk.access) throw new Error('there is no access key');
	const { path, method = 'POST', body, plain } = gateway;
	const api = new Gateway('', desk.access.key);
	if (plain) return void (await api.ask(method, path, body, { key: once }));
	const end: Operation = await api.done(path, body, { key: once, wait: 20 }, method);
	return end.block ?? undefined;
}

async function sign(asked: Wish): Promise<Done> {
	const { holder } = desk;
	if (!holder || !asked.tx) throw new Error('there is no key that signs');
	const receipt = await sendFor(await tools(), holder, officeFor(asked)?.account, asked.tx);
	return { block: receipt.block.number, said: await asked.outcome?.(receipt) };
}
