/** What a member lets another one owe, and what it is willing to owe. */
import { institutions } from '@hanse/sdk/institutions';
import { settlement } from '@hanse/sdk/money';
import { WrongUsage } from '../program.ts';
import type { Desk } from './desk.ts';

export async function line(desk: Desk, verb: 'grant' | 'accept', id: number, limit: bigint): Promise<void> {
	const { api } = desk.chain;
	const other = (await institutions(api)).find((institution) => institution.id === id);
	if (!other) throw new WrongUsage(`there is no institution ${id}`);
	if (verb === 'grant') {
		await desk.act(api.tx.Clearing.grant_credit_line({ debtor: id, limit }));
		desk.say(`${other.name} may owe up to ${settlement(limit)} units, as far as it accepts that.`);
	} else {
		await desk.act(api.tx.Clearing.accept_credit_line({ creditor: id, limit }));
		desk.say(`Up to ${settlement(limit)} units are owed to ${other.name}, as far as it grants that.`);
	}
}
