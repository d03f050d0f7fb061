/** What the gateway's index says, beside the chain and the player. */
import type { Api } from '@hanse/sdk/chain';
import { format, settlement, sum } from '@hanse/sdk/money';
import { table } from '@hanse/sdk/table';
import type { ClearingBooks } from '../books/clearing.ts';
import type { Snapshot } from '../chain/snapshot.ts';
import type { ChainState } from '../chain/state.ts';
import { AT_HOME, ON_LINES } from '../plan/newcomer.ts';
import type { Plan } from '../plan/plan.ts';
import { FOUNDERS, SHOPS } from '../plan/shops.ts';
import type { Systems } from '../play/systems.ts';

/** One figure by each book that has it. */
interface Figure {
	what: string;
	index: bigint;
	chain: bigint | undefined;
	player: bigint | undefined;
	show(value: bigint): string;
}

interface Vintage {
	institution: number;
	supply: string;
	pending: string;
}

interface Paid {
	merchant: number;
	price: string;
	refunded: string;
}

interface Fees {
	fees: { units: string };
}

interface Cycle {
	block: number;
	moved: { units: string };
}

/** The figures of every shop at a block that is in the index, and what ends of cycles moved. */
export async function indexBooks(
	plan: Plan, api: Api, { at, block }: Snapshot, chain: ChainState, clearing: ClearingBooks, systems: Systems,
): Promise<Figure[]> {
	const [vintages, paid, fees, cycles, receipts] = await Promise.all([
		lines<Vintage>(systems, 'vintages'),
		lines<Paid>(systems, 'payments'),
		Promise.all(FOUNDERS.map((_, shop) => systems.as(shop, 'reader').all<Fees>('/v1/statements/fees'))),
		systems.as(0, 'reader').all<Cycle>('/v1/statements/cycles'),
		api.query.Exchange.Receipts.getEntries(at),
	]);
	const actions = plan.steps.flatMap((step) => step.actions);
	const payments = [...actions.flatMap((action) => (action.kind === 'pay' ? [action] : [])), ...ON_LINES, AT_HOME];
	const refunds = plan.steps.flatMap((step) => step.refunds);
	const figures = SHOPS.flatMap(({ symbol, institution, decimals }, shop): Figure[] => {
		const here = receipts.filter(({ keyArgs: [{ merchant }] }) => merchant === institution).map(({ value }) => value);
		const own = paid.filter(({ merchant }) => merchant === institution);
		const issued = vintages.filter((vintage) => vintage.institution === institution);
		const figure = (what: string, index: bigint[], onChain: bigint[], player: bigint[], show = settlement): Figure =>
			({ what, index: sum(index), chain: sum(onChain), player: sum(player), show });
		const points = (value: bigint) => format(value, decimals);
		const circulating = issued.map(({ supply, pending }) => BigInt(supply) + BigInt(pending));
		return [
			figure(`${symbol} in circulation`, circulating, [chain.supply[shop] ?? 0n], [plan.books.circulation(shop)], points),
			figure(
				`paid at ${symbol}`, own.map(({ price }) => BigInt(price)), here.map(({ price }) => price),
				payments.filter(({ merchant }) => merchant === shop).map(({ price }) => price),
			),
			figure(
				`refunded at ${symbol}`, own.map(({ refunded }) => BigInt(refunded)), here.map(({ refunded }) => refunded),
				refunds.filter(({ merchant }) => merchant === shop).map(({ value }) => value),
			),
		];
	});
	const sponsored = FOUNDERS.map(({ symbol }, shop): Figure => ({
		what: `fees that ${symbol} paid`, index: BigInt(fees[shop]?.at(-1)?.fees.units ?? 0), chain: chain.fees[shop], player: undefined, show: settlement,
	}));
	// The index is ahead by now, and another cycle may have ended.
	const moved = sum(cycles.filter((cycle) => cycle.block <= block.number).map(({ moved: { units } }) => BigInt(units)));
	const settled = sum(clearing.settlements.map((end) => end.moved));
	return [...figures, ...sponsored, { what: 'moved at ends of cycles', index: moved, chain: undefined, player: settled, show: settlement }];
}

/** A table of the whole index. */
async function lines<T>(systems: Systems, name: string): Promise<T[]> {
	const text = await systems.as(0, 'analyst').text(`/v1/export/${name}.ndjson`);
	return text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as T);
}

export function indexTable(figures: Figure[]): string {
	const rows = figures.map(({ what, index, chain, player, show }) =>
		[what, ...[index, chain, player].map((value) => (value === undefined ? '-' : show(value)))]);
	return table([['to the unit', 'index', 'chain', 'player'], ...rows]);
}

/** Where one of the other books says something else than the index. */
export function compareIndex(figures: Figure[]): string[] {
	return figures.flatMap(({ what, index, chain, player, show }) =>
		[['chain', chain] as const, ['player', player] as const].flatMap(([book, value]) =>
			(value === undefined || value === index ? [] : [`${what}: the index says ${show(index)}, the ${book} ${show(value)}`])));
}
