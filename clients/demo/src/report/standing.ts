/** What the chain has seen of each member, and what follows from it. */
import type { Api, Where } from '@hanse/sdk/chain';
import { settlement, sum } from '@hanse/sdk/money';
import { table } from '@hanse/sdk/table';
import { SHOPS } from '../plan/shops.ts';

/** OverdueFirst as people write it. */
const words = (name: string): string => name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

/** A table with a column for each of the shops, as they end this era if nothing else happens. */
export async function standingTable({ apis: { HanseApi } }: Api, at: Where): Promise<string> {
	const columns = await Promise.all(SHOPS.map(async ({ symbol, institution }) => {
		const [standing, share] = await Promise.all([HanseApi.standing(institution, at), HanseApi.shares_this_era(institution, at)]);
		if (!standing) throw new Error(`there is no institution ${institution}`);
		const { status, conduct } = standing;
		return [
			symbol,
			words(status.type),
			conduct.offences.map(({ offence }) => words(offence.type)).join(', ') || '-',
			`${conduct.demerits}`,
			settlement(sum(conduct.fines.map(([, , amount]) => amount))),
			conduct.stopped_until === undefined ? 'now' : `${conduct.stopped_until}`,
			share.success ? 'yes' : `no: ${words(share.value.type)}`,
		];
	}));
	const names = ['the chain has seen', 'status', 'offences', 'demerits', 'fines in escrow', 'issues again in era', 'shares in the pot'];
	return table(names.map((name, row) => [name, ...columns.map((column) => column[row] ?? '')]));
}
