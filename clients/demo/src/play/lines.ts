/** Lines that shops agree on. */
import type { Api, Where } from '@hanse/sdk/chain';
import { type Line, shopAt } from '../plan/shops.ts';

/** Those of `lines` that are not granted and accepted as they should be. */
export async function missingLines(api: Api, lines: readonly Line[], at: Where): Promise<Line[]> {
	const keys = lines.map(({ creditor, debtor }): [number, number] => [shopAt(creditor).institution, shopAt(debtor).institution]);
	const found = await api.query.Clearing.CreditLines.getValues(keys, at);
	return lines.filter(({ limit }, index) => found[index]?.limit !== limit || found[index]?.accepted !== limit);
}
