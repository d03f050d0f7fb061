/** What the player shows of clearing at the end. */
import { count, format, settlement, sum } from '@hanse/sdk/money';
import { table } from '@hanse/sdk/table';
import type { ClearingBooks, Obligations } from '../books/clearing.ts';
import type { Journal, Start } from '../play/journal.ts';
import { LINES, LINES_OF_NEWCOMER, SHOPS } from '../plan/shops.ts';
import type { ChainState } from '../chain/state.ts';
import { timeOf } from './time.ts';

const money = (name: string, values: bigint[]) => [name, ...values.map(settlement)];
const zip = (of: (shop: number, institution: number) => bigint) => SHOPS.map(({ institution }, shop) => of(shop, institution));

/** What was owed and how it was settled, and what every reserve is made of. */
export function clearingTables(state: ChainState, clearing: ClearingBooks, { start }: Journal): string {
	return [obligations(state, clearing), cycles(clearing, start), reserves(state, clearing, start)].join('\n\n');
}

function obligations({ reserveFlows }: ChainState, clearing: ClearingBooks): string {
	const symbols = SHOPS.map(({ symbol }) => symbol);
	const of = (kind: keyof Obligations) => zip((_, id) => clearing.obligations.get(id)?.[kind] ?? 0n);
	const [setOff, line, paid] = [of('setOff'), of('onLine'), of('money')];
	return table([
		['what each owed in all', ...symbols],
		money('in all, and by refunds', zip((shop) => (setOff[shop] ?? 0n) + (line[shop] ?? 0n) + (paid[shop] ?? 0n))),
		money('met by set-off', setOff),
		money('on a line', line),
		money('in money, in its block', paid),
		money('paid later, net', zip((_, id) => clearing.settledOf.get(id) ?? 0n)),
		...(reserveFlows.some(({ bondPaid }) => bondPaid > 0n) ? [money('from its bond', reserveFlows.map(({ bondPaid }) => bondPaid))] : []),
		money('still owed', zip((_, id) => clearing.debtsOf(id).owes)),
	]);
}

function cycles(clearing: ClearingBooks, { firstBlock }: Start): string {
	const all = (kind: keyof Obligations) => sum([...clearing.obligations.values()].map((own) => own[kind]));
	const [setOff, line, atOnce] = [all('setOff'), all('onLine'), all('money')];
	const [gross, moved] = [sum(clearing.settlements.map((each) => each.gross)), sum(clearing.settlements.map((each) => each.moved))];
	const rows = clearing.settlements.map((each) => [
		`${each.cycle}`, count(each.block), timeOf(each.now, firstBlock), `${each.positions}`, settlement(each.gross), settlement(each.moved),
		percent(each.gross - each.moved, each.gross),
	]);
	const owed = setOff + line + atOnce;
	// What bonds paid was money too, and what is still owed may come to be.
	const others = sum(clearing.bondPaid.values()) + sum([...clearing.reserves.keys()].map((id) => clearing.debtsOf(id).owes));
	const granted = LINES.length + LINES_OF_NEWCOMER.length;
	return [
		table([['cycle', 'block', 'ended', 'positions', 'settled', 'moved', 'netted'], ...rows]),
		`On ${granted} lines. Of ${settlement(owed)} that members owed each other in all, ${settlement(atOnce)} moved in their\n` +
			`block and ${settlement(moved)} at ends of cycles, for ${settlement(gross)}: ${percent(owed - atOnce - moved - others, owed)} needed no money.`,
	].join('\n\n');
}

function reserves(state: ChainState, clearing: ClearingBooks, start: Start): string {
	const before = zip((shop) => BigInt(start.reserves[shop] ?? 0));
	const since = (of: 'toppedUp' | 'drawnDown') =>
		zip((shop) => (state.reserveFlows[shop]?.[of] ?? 0n) - BigInt(start.reserveFlows[shop]?.[of] ?? 0));
	const [put, taken] = [since('toppedUp'), since('drawnDown')];
	const interchange = zip((shop) => state.reserveFlows[shop]?.interchange ?? 0n);
	const net = (shop: number, other: number) => (state.owed[shop]?.[other] ?? 0n) - (state.returned[shop]?.[other] ?? 0n);
	const places = [...SHOPS.keys()];
	const owed = zip((shop) => sum(places.map((other) => net(shop, other))));
	const got = zip((shop) => sum(places.map((other) => net(other, shop))));
	const open = zip((_, id) => {
		const { owes, isOwed } = clearing.debtsOf(id);
		return owes - isOwed;
	});
	const bonds = zip((shop) => (state.reserveFlows[shop]?.bondPaid ?? 0n) - (state.reserveFlows[shop]?.bondReceived ?? 0n));
	const rows = [
		['of every reserve', ...SHOPS.map(({ symbol }) => symbol)],
		money('before', before),
		money('+ put in', put),
		money('- taken out', taken),
		money('- owed to others', owed),
		money('+ owed by others', got),
		money('- interchange paid', interchange),
		money('+ still owed, net', open),
		...(bonds.some((value) => value !== 0n) ? [money('+ paid by bonds, net', bonds)] : []),
		money('after', state.reserves),
	];
	const { issuance, minted, burned } = state.clearing;
	const all = `All net positions together: ${settlement(sum(open))}. All settlement units: ${settlement(BigInt(start.issuance ?? 0))} before,`;
	return `${table(rows)}\n\n${all}\n+ ${settlement(minted)} minted for deposits - ${settlement(burned)} burned = ${settlement(issuance)}.`;
}

/** To a tenth. */
const percent = (part: bigint, whole: bigint) => (whole > 0n ? `${format((part * 1_000n) / whole, 1)} %` : '-');
