/** Who belongs to the alliance. */
import { textOf } from './bytes.ts';
import { type Api, BEST, type Where } from './chain.ts';

type Stored = NonNullable<Awaited<ReturnType<Api['query']['Institutions']['Institutions']['getValue']>>>;
export type Status = Stored['status']['type'];

export interface Institution {
	id: number;
	account: string;
	name: string;
	status: Status;
}

/** All institutions that ever were, by id. */
export async function institutions({ query }: Api, where: Where = BEST): Promise<Institution[]> {
	const entries = await query.Institutions.Institutions.getEntries(where);
	return entries.map(({ keyArgs: [id], value }) => institutionOf(id, value)).sort((a, b) => a.id - b.id);
}

const institutionOf = (id: number, { account, profile, status }: Stored): Institution =>
	({ id, account, name: textOf(profile.name), status: status.type });

/** The accounts that vote. */
export const electorate = ({ query }: Api, where: Where = BEST): Promise<string[]> => query.Alliance.Members.getValue(where);
