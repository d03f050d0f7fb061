/** What the player shows at the end. */
import { count, format, settlement } from '@hanse/sdk/money';
import { table } from '@hanse/sdk/table';
import type { Flows } from '../books/books.ts';
import type { Plan } from '../plan/plan.ts';
import { SHOPS } from '../plan/shops.ts';
import type { ChainState } from '../chain/state.ts';

const SYMBOLS = SHOPS.map(({ symbol }) => symbol);

/** Programs, flows and who owed whom; `names` are those of the institutions, by shop. */
export function tables(names: string[], state: ChainState, reservesBefore: bigint[]): string {
	const note = 'Points in whole points, values in settlement units; all from chain state. Fees are those of one day.';
	return [programs(names), institutions(state, reservesBefore), obligations(state), note].join('\n\n');
}

function programs(names: string[]): string {
	const rows = SHOPS.map(({ symbol, decimals, faceValue }, shop) => [names[shop] ?? '', symbol, `${decimals}`, settlement(faceValue)]);
	return table([['institution', 'points', 'decimals', 'one smallest unit is worth'], ...rows], 1);
}

function institutions(state: ChainState, reservesBefore: bigint[]): string {
	const points = (name: string, flow: keyof Flows) =>
		[name, ...SHOPS.map(({ decimals }, shop) => format(state.flows[shop]?.[flow] ?? 0n, decimals))];
	const money = (name: string, values: bigint[]) => [name, ...values.map(settlement)];
	return table([
		['', ...SYMBOLS],
		points('issued', 'issued'),
		points('redeemed at home', 'redeemedAtHome'),
		points('redeemed at partners', 'redeemedAtPartners'),
		points('exchanged in', 'exchangedIn'),
		points('exchanged out', 'exchangedOut'),
		points('expired', 'expired'),
		points('cancelled', 'cancelled'),
		points('refunded', 'reinstated'),
		money('outstanding value', state.outstanding),
		money('interchange accrued', state.accrued),
		money('interchange paid', state.reserveFlows.map(({ interchange }) => interchange)),
		money('reserve before', reservesBefore),
		money('reserve after', state.reserves),
		['customers registered', ...state.registered.map(count)],
		money('paid in fees for them', state.fees),
	]);
}

function obligations({ owed, returned }: ChainState): string {
	const net = (debtor: number, creditor: number) => (owed[debtor]?.[creditor] ?? 0n) - (returned[debtor]?.[creditor] ?? 0n);
	const row = (symbol: string, debtor: number) =>
		[symbol, ...SHOPS.map((_, creditor) => (debtor === creditor ? '-' : settlement(net(debtor, creditor))))];
	return table([['who owed whom, less refunds', ...SYMBOLS.map((symbol) => `to ${symbol}`)], ...SYMBOLS.map(row)]);
}

/** What was planned, in words. */
export function summary(plan: Plan): string {
	const actions = plan.steps.flatMap((step) => step.actions);
	const number = (kind: string) => count(actions.filter((action) => action.kind === kind).length);
	const refunds = count(plan.steps.reduce((n, step) => n + step.refunds.length, 0));
	return (
		`${count(plan.awarded)} purchases (${count(plan.returned)} of them returned) of ${count(plan.customers.length)} customers, ` +
		`${number('pay')} payments (${refunds} refunded), ${number('exchange')} exchanges, ${number('gift')} gifts`
	);
}
