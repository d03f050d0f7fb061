/** Who belongs to the alliance. */
import { type State, storage } from './chain.ts';

export interface Institution {
	id: number;
	account: string;
	name: string;
	/** As in `Applied`, `Active`, `Suspended`, `Leaving`, `RunOff`, `Left`. */
	status: string;
}

/** All institutions that ever were, by id. */
export async function institutions(state: State): Promise<Institution[]> {
	const entries = await storage(state, 'institutions', 'institutions').entries();
	const all = entries.map(([key, value]) => {
		const { account, profile, status } = value.toJSON() as { account: string; profile: { name: string }; status: unknown };
		return { id: Number(key.args[0]?.toString()), account, name: textOf(profile.name), status: variantOf(status) };
	});
	return all.sort((a, b) => a.id - b.id);
}

/** The account of an institution. */
export async function accountOf(state: State, id: number): Promise<string | undefined> {
	const found = (await storage(state, 'institutions', 'institutions')(id)).toJSON() as { account: string } | null;
	return found?.account;
}

/** The accounts that vote. */
export const electorate = async (state: State) => (await storage(state, 'alliance', 'members')()).toJSON() as string[];

/** Text, which the chain's JSON has in hexadecimal. */
export const textOf = (hex: string) => Buffer.from(hex.slice(2), 'hex').toString();

/** The name of a variant, which the chain's JSON has as text, or as the only key of an object with its data. */
export function variantOf(json: unknown): string {
	const name = typeof json === 'string' ? json : Object.keys(json as object)[0] ?? '';
	return name.charAt(0).toUpperCase() + name.slice(1);
}
