/** Points that this till gave on a day. How many they were is kept here; that there are others, the gateway says. */
import type { Access } from '../shared/access.svelte.ts';
import { type Page, ask } from '../shared/gateway.ts';
import { keep, keptUnder } from '../shared/store.ts';

export interface Award {
	order: string;
	program: number;
	/** Smallest units, as text. */
	points: string;
	at: number;
}

const under = ({ institution, till }: Access) => `award.${institution}.${till ?? ''}.`;

export const keepAward = (access: Access, award: Award) => keep(`${under(access)}${award.order}`, award);

export interface Given {
	/** The oldest first. */
	awards: Award[];
	/** Awards of this till of which only the gateway knows: another device gave them. */
	elsewhere: number;
}

/** What was given since a moment. */
export async function awardsSince(access: Access, since: number): Promise<Given> {
	const kept = await keptUnder<Award>(under(access));
	const awards = kept.filter(({ at }) => at >= since).sort((a, b) => a.at - b.at);
	const known = new Set(kept.map(({ order }) => order));
	const done = await doneSince(access, since);
	return { awards, elsewhere: done.filter(({ kind, status, reference }) => kind === 'award' && status === 'final' && !known.has(reference ?? '')).length };
}

interface Done {
	kind: string;
	status: string;
	reference: string | null;
	created: number;
}

/** This till's operations since a moment. They are listed from the first on: how far those of other days go is remembered. */
async function doneSince(access: Access, since: number): Promise<Done[]> {
	const name = `hanse.till.past.${access.institution}.${access.till ?? ''}`;
	const found: Done[] = [];
	let after = localStorage.getItem(name);
	for (;;) {
		const page: Page<Done> = await ask(`/v1/operations?limit=500${after ? `&after=${encodeURIComponent(after)}` : ''}`, { key: access.key });
		found.push(...page.items.filter(({ created }) => created >= since));
		if (!page.next) return found;
		after = page.next;
		if (found.length === 0) localStorage.setItem(name, after);
	}
}
