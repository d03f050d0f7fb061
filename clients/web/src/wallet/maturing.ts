/** From when on pending points can be used. Holdings do not say; the awards that the history names do, one by one. */
import { BEST } from '@hanse/sdk/chain';
import { chain } from '../shared/chain.ts';
import { type HistoryRecord, history } from '../shared/gateway.ts';
import { type Holding, type Maturing, wallet } from './state.svelte.ts';

/** Records of a page of the history, and the most pages that are read. */
const PAGE = 200;
const MOST = 5;

interface Wanted {
	/** Smallest units whose date is not known yet. */
	left: bigint;
	awards: string[];
	exchanges: HistoryRecord[];
}

/** What is pending and when it can be used, the next first; what nobody can date is left out. */
export async function maturing(address: string, holdings: readonly Holding[]): Promise<Maturing[]> {
	const wanted = new Map<number, Wanted>();
	for (const { program, pending } of holdings) {
		if (pending === 0n) continue;
		const one = wanted.get(program) ?? { left: 0n, awards: [], exchanges: [] };
		one.left += pending;
		wanted.set(program, one);
	}
	if (wanted.size > 0) await recall(address, wanted);
	const found = await Promise.all([...wanted].map(([program, one]) => dated(program, one)));
	return found.flat().sort((a, b) => a.at - b.at);
}

/** Finds awards and exchanges that were pending, until they are as many points as still are. */
async function recall(address: string, wanted: Map<number, Wanted>): Promise<void> {
	const open = new Map([...wanted].map(([program, { left }]) => [program, left]));
	let after: string | null = null;
	for (let pages = 0; pages < MOST; pages++) {
		const page: Awaited<ReturnType<typeof history>> = await history(address, after, PAGE);
		for (const record of page.items) {
			const one = wanted.get(record.program ?? 0);
			if (!one || !record.points) continue;
			if (record.kind === 'awarded_pending' && record.commitment) one.awards.push(record.commitment);
			else if (record.kind === 'exchanged_in_pending') one.exchanges.push(record);
			else continue;
			open.set(record.program ?? 0, (open.get(record.program ?? 0) ?? 0n) - BigInt(record.points.units));
		}
		after = page.next;
		// Those that were taken back count too, so that this may be a page too early; what is left has no date then.
		if (!after || [...open.values()].every((units) => units <= 0n)) return;
	}
}

async function dated(program: number, { left, awards, exchanges }: Wanted): Promise<Maturing[]> {
	const { api } = await chain();
	const statuses = awards.length > 0 ? await api.apis.HanseApi.awarded(program, awards.slice(0, 500), BEST) : [];
	const found: Maturing[] = statuses.flatMap((status) => {
		if (status?.place.type !== 'Pending' || status.place.value.amount === 0n) return [];
		return [{ program, points: status.place.value.amount, at: Number(status.place.value.until), exact: true }];
	});
	let rest = left - found.reduce((sum, { points }) => sum + points, 0n);
	// The chain does not name exchanges: the newest are those that are pending still.
	const wait = Number(wallet.program(program)?.pending ?? 0n);
	for (const { time, points } of exchanges) {
		const units = BigInt(points?.units ?? '0');
		if (units > rest) break;
		rest -= units;
		found.push({ program, points: units, at: time + wait, exact: false });
	}
	return found;
}
