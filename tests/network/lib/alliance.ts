/** Who belongs to the alliance, and how many of them a decision needs. */
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

type Share = (members: number) => number;
const THREE_QUARTERS: Share = (members) => Math.ceil((3 * members) / 4);
const TWO_THIRDS: Share = (members) => Math.ceil((2 * members) / 3);
const MORE_THAN_HALF: Share = (members) => Math.floor(members / 2) + 1;

/** What members can decide, and how many of them it takes: the chain refuses other motions, and lower thresholds. */
const SHARES: Readonly<Record<string, Share>> = {
	'institutions.admit': THREE_QUARTERS,
	'institutions.expel': THREE_QUARTERS,
	'rulebook.enact': THREE_QUARTERS,
	'rulebook.amend': TWO_THIRDS,
	'rulebook.retract': TWO_THIRDS,
	'clearing.appoint': TWO_THIRDS,
	'supervision.appoint': TWO_THIRDS,
	'supervision.dismiss': TWO_THIRDS,
	'supervision.ratify': TWO_THIRDS,
	'conduct.uphold': TWO_THIRDS,
	'conduct.reverseFine': TWO_THIRDS,
	'supervision.lift': MORE_THAN_HALF,
	'institutions.reject': MORE_THAN_HALF,
	'authorities.restartFinality': MORE_THAN_HALF,
	'safeMode.forceEnter': MORE_THAN_HALF,
	'safeMode.forceExtend': MORE_THAN_HALF,
	'safeMode.forceExit': MORE_THAN_HALF,
};

/** How many of `members` must say aye to `section.method`; nothing if it is not theirs to decide. */
export const ayesNeeded = (name: string, members: number): number | undefined => SHARES[name]?.(members);
