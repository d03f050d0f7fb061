/** Where clearing stands, at one block. */
import type { Api, Where } from '@hanse/sdk/chain';
import { sum } from '@hanse/sdk/money';
import { SHOPS } from '../plan/shops.ts';
import { readCycle } from './state.ts';

/** What one member owes another on its line. */
export interface Position {
	debtor: number;
	creditor: number;
	debts: { cycle: number; value: bigint }[];
}

/** Members by their ids, since others than the shops may be among them. */
export interface ClearingState {
	cycle: number;
	lines: { creditor: number; debtor: number; limit: bigint }[];
	positions: Position[];
	/** By debtor, what it owes on lines. */
	debts: Map<number, bigint>;
	overdue: number[];
	/** By shop, what it owes and is owed by its own statement. */
	statements: { owes: bigint; isOwed: bigint }[];
	/** The settlement units that there are, and those that were minted and burned since genesis. */
	issuance: bigint;
	minted: bigint;
	burned: bigint;
}

export async function readClearing(api: Api, at: Where): Promise<ClearingState> {
	const { Clearing, Balances } = api.query;
	const [lines, positions, debts, overdue, statements, cycle, issuance, { minted, burned }] = await Promise.all([
		Clearing.CreditLines.getEntries(at),
		Clearing.Positions.getEntries(at),
		Clearing.BondDebts.getEntries(at),
		Clearing.Overdue.getEntries(at),
		Promise.all(SHOPS.map(({ institution }) => readStatement(api, institution, at))),
		readCycle(api, at),
		Balances.TotalIssuance.getValue(at),
		Clearing.IssuanceTotals.getValue(at),
	]);
	return {
		cycle,
		lines: lines.map(({ keyArgs: [creditor, debtor], value: { limit } }) => ({ creditor, debtor, limit })),
		positions: positions.map(({ keyArgs: [[low = 0, high = 0]], value: { low_owes: lowOwes, debts: owed } }) => {
			const [debtor, creditor] = lowOwes ? [low, high] : [high, low];
			return { debtor, creditor, debts: owed };
		}),
		debts: new Map(debts.map(({ keyArgs: [debtor], value }) => [debtor, value])),
		overdue: overdue.map(({ keyArgs: [member] }) => member),
		statements,
		issuance,
		minted,
		burned,
	};
}

async function readStatement(api: Api, institution: number, at: Where): Promise<{ owes: bigint; isOwed: bigint }> {
	const statement = await api.apis.HanseApi.statement(institution, at);
	const positions = statement?.clearing.positions ?? [];
	return { owes: sum(positions.map(({ owes }) => owes)), isOwed: sum(positions.map(({ is_owed }) => is_owed)) };
}
