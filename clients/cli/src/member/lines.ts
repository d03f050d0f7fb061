/** What a member lets another one owe, and what it is willing to owe. */
import { institutions } from '@hanse/sdk/pjs/alliance';
import { call } from '@hanse/sdk/pjs/chain';
import { parseSettlement, settlement } from '@hanse/sdk/money';
import { type Desk, WrongUsage } from './desk.ts';

export async function line(desk: Desk, verb: 'grant' | 'accept', id: string, text: string): Promise<void> {
	const { api } = desk.chain;
	const other = (await institutions(api)).find((institution) => `${institution.id}` === id);
	if (!other) throw new WrongUsage(`there is no institution ${id}`);
	const limit = parseSettlement(text);
	if (limit === undefined) throw new WrongUsage(`an amount was expected, like 12500 or 12500.50, not ${text}`);
	if (verb === 'grant') {
		await desk.act(call(api, 'clearing', 'grantLine', other.id, limit));
		desk.say(`${other.name} may owe up to ${settlement(limit)} units, as far as it accepts that.`);
	} else {
		await desk.act(call(api, 'clearing', 'acceptLine', other.id, limit));
		desk.say(`Up to ${settlement(limit)} units are owed to ${other.name}, as far as it grants that.`);
	}
}
