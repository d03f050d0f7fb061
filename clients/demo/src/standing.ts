/** What the chain has seen of each member, and what follows from it. */
import { type State, read } from '@hanse/sdk/pjs/chain';
import { settlement } from '@hanse/sdk/money';
import { table } from '@hanse/sdk/table';

/** The part of `hanseApi.standing` that is shown. */
interface Standing {
	status: string | Record<string, unknown>;
	conduct: {
		demerits: number;
		fines: [number, string, number | string, number][];
		stoppedUntil: number | null;
		deeds: { deed: string; times: number }[];
	};
}

const readStanding = async (state: State, institution: number): Promise<Standing> =>
	(await read(state, 'standing', institution)).toJSON() as unknown as Standing;

/** Whether a member has a share of what this era brings, and why it has none, as the chain says. */
async function readShare(state: State, institution: number): Promise<string> {
	const { err } = (await read(state, 'sharesThisEra', institution)).toJSON() as { ok?: null; err?: string };
	return err === undefined ? 'yes' : `no: ${words(err)}`;
}

const statusOf = ({ status }: Standing): string => (typeof status === 'string' ? status : (Object.keys(status)[0] ?? '?'));

/** OverdueFirst as people write it. */
const words = (name: string): string => name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

/** A table with a column for each of the institutions, by id, as they end this era if nothing else happens. */
export async function standingTable(state: State, symbols: string[], ids: number[]): Promise<string> {
	const all = await Promise.all(ids.map((id) => readStanding(state, id)));
	const shares = await Promise.all(ids.map((id) => readShare(state, id)));
	const row = (name: string, of: (standing: Standing) => string) => [name, ...all.map(of)];
	return table([
		['the chain has seen', ...symbols],
		row('status', statusOf),
		row('deeds', ({ conduct }) => conduct.deeds.map(({ deed }) => words(deed)).join(', ') || '-'),
		row('demerits', ({ conduct }) => `${conduct.demerits}`),
		row('fines in escrow', ({ conduct }) => settlement(conduct.fines.reduce((sum, [, , amount]) => sum + BigInt(amount), 0n))),
		row('issues again in era', ({ conduct }) => (conduct.stoppedUntil === null ? 'now' : `${conduct.stoppedUntil}`)),
		['shares in the pot', ...shares],
	]);
}
