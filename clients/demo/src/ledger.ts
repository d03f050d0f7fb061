/** What the player shows of clearing at the end. */
import { count, format, settlement, sum } from '@hanse/sdk/money';
import { table } from '@hanse/sdk/table';
import type { Cleared, ClearingBooks, Happening } from './clearing.ts';
import { DEPOSIT, ON_LINES, REFUSED } from './debut.ts';
import type { Journal } from './journal.ts';
import { LINES, LINES_OF_NEWCOMER, NEWCOMER, SHOPS, shopAt } from './shops.ts';
import type { ChainState } from './state.ts';

const money = (name: string, values: bigint[]) => [name, ...values.map(settlement)];
const zip = (of: (shop: number, institution: number) => bigint) => SHOPS.map(({ institution }, shop) => of(shop, institution));

/** What was owed and how it was met, what every reserve is made of, and how the newcomer fared. */
export function clearingTables(names: string[], state: ChainState, clearing: ClearingBooks, journal: Journal): string {
	return [met(state, clearing), cycles(clearing, journal), reserves(state, clearing, journal), story(names, journal, clearing)].join('\n\n');
}

function met({ deposits }: ChainState, clearing: ClearingBooks): string {
	const symbols = SHOPS.map(({ symbol }) => symbol);
	const of = (kind: 'setOff' | 'line' | 'money') => zip((_, id) => clearing.met.get(id)?.[kind] ?? 0n);
	const [setOff, line, paid] = [of('setOff'), of('line'), of('money')];
	return table([
		['what each came to owe', ...symbols],
		money('in all, and by refunds', zip((shop) => (setOff[shop] ?? 0n) + (line[shop] ?? 0n) + (paid[shop] ?? 0n))),
		money('met by set-off', setOff),
		money('on a line', line),
		money('in money, in its block', paid),
		money('paid later, net', zip((_, id) => clearing.settledOf.get(id) ?? 0n)),
		...(deposits.some(({ bondPaid }) => bondPaid > 0n) ? [money('from its bond', deposits.map(({ bondPaid }) => bondPaid))] : []),
		money('still owed', zip((_, id) => clearing.debtsOf(id).owes)),
	]);
}

function cycles(clearing: ClearingBooks, journal: Journal): string {
	const all = (kind: 'setOff' | 'line' | 'money') => sum([...clearing.met.values()].map((met) => met[kind]));
	const [setOff, line, atOnce] = [all('setOff'), all('line'), all('money')];
	const [gross, moved] = [sum(clearing.settlements.map((each) => each.gross)), sum(clearing.settlements.map((each) => each.moved))];
	const rows = clearing.settlements.map((each) => [
		`${each.cycle}`, count(each.block), when(each.now, journal), `${each.positions}`, settlement(each.gross), settlement(each.moved),
		percent(each.gross - each.moved, each.gross),
	]);
	const owed = setOff + line + atOnce;
	// What bonds paid was money too, and what is still owed may come to be.
	const others = sum(clearing.bondPaid.values()) + sum([...clearing.reserves.keys()].map((id) => clearing.debtsOf(id).owes));
	const granted = LINES.length + LINES_OF_NEWCOMER.length;
	return [
		table([['cycle', 'block', 'ended', 'positions', 'settled', 'moved', 'netted'], ...rows]),
		`On ${granted} lines. Of ${settlement(owed)} that members came to owe each other, ${settlement(atOnce)} moved in their\n` +
			`block and ${settlement(moved)} at ends of cycles, for ${settlement(gross)}: ${percent(owed - atOnce - moved - others, owed)} needed no money.`,
	].join('\n\n');
}

function reserves(state: ChainState, clearing: ClearingBooks, { start }: Journal): string {
	const before = zip((shop) => BigInt(start?.reserves[shop] ?? 0));
	const since = (of: 'toppedUp' | 'drawnDown') =>
		zip((shop) => (state.deposits[shop]?.[of] ?? 0n) - BigInt(start?.deposits[shop]?.[of] ?? 0));
	const [put, taken] = [since('toppedUp'), since('drawnDown')];
	const interchange = zip((shop) => state.deposits[shop]?.interchange ?? 0n);
	const net = (shop: number, other: number) => (state.owed[shop]?.[other] ?? 0n) - (state.returned[shop]?.[other] ?? 0n);
	const places = [...SHOPS.keys()];
	const owed = zip((shop) => sum(places.map((other) => net(shop, other))));
	const got = zip((shop) => sum(places.map((other) => net(other, shop))));
	const open = zip((_, id) => {
		const { owes, isOwed } = clearing.debtsOf(id);
		return owes - isOwed;
	});
	const bonds = zip((shop) => (state.deposits[shop]?.bondPaid ?? 0n) - (state.deposits[shop]?.bondReceived ?? 0n));
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
	const all = `All net positions together: ${settlement(sum(open))}. All settlement units: ${settlement(BigInt(start?.issuance ?? 0))} before,`;
	return `${table(rows)}\n\n${all}\n+ ${settlement(minted)} minted for deposits - ${settlement(burned)} burned = ${settlement(issuance)}.`;
}

/** What became of the newcomer, by block. */
function story(names: string[], journal: Journal, clearing: ClearingBooks): string {
	const { institution: id } = shopAt(NEWCOMER);
	const name = names[NEWCOMER] ?? '';
	const lines: [block: number, now: number, what: string][] = [];
	const tell = ({ block, now }: Pick<Cleared, 'block' | 'now'>, what: string) => lines.push([block, now, what]);
	const find = (holds: (happened: Happening) => boolean) => journal.cleared.find(({ happened }) => happened.some(holds));
	const limits = sum(LINES_OF_NEWCOMER.map(({ limit }) => limit));
	const granted = find((happened) => happened.what === 'line' && happened.debtor === id);
	if (granted) tell(granted, `is a member, and ${LINES_OF_NEWCOMER.length} others let it owe them up to ${short(limits)} together`);
	const drawn = find((happened) => happened.what === 'moved' && happened.member === id && happened.by.startsWith('-'));
	if (drawn) tell(drawn, 'takes out of its reserve what the rules let it, down to a tenth of what its points are worth');
	const spent = find((happened) => happened.what === 'met' && happened.debtor === id && BigInt(happened.line) > 0n);
	if (spent) tell(spent, `its points pay ${short(sum(ON_LINES.map(({ price }) => price)))} at ${ON_LINES.length} partners, on lines`);
	const bond = find((happened) => happened.what === 'drawn' && happened.debtor === id);
	if (bond) tell(bond, 'its bond pays');
	for (const late of clearing.late.filter(({ member }) => member === id)) {
		if (late.what === 'onTime') tell(late, 'the cycle ends: it has paid, is on time again, and its points pay everywhere');
		else if (late.age === 1) tell(late, `the cycle ends: its reserve pays a part, ${short(late.unpaid)} are overdue, and its points pause at partners`);
		else tell(late, `the cycle ends: ${short(late.unpaid)} are overdue for ${late.age} cycles`);
	}
	const { paused } = journal;
	if (paused) tell(paused, `a payment of ${short(REFUSED.price)} at a partner would be refused: ${paused.reason}`);
	const paid = find((happened) => happened.what === 'moved' && happened.member === id && BigInt(happened.by) === DEPOSIT);
	if (paid) tell(paid, `puts ${short(DEPOSIT)} into its reserve: a deposit that the agent reported and the auditor confirmed`);
	const rows = lines.sort(([a], [b]) => a - b).map(([block, now, what]) => [count(block), when(now, journal), what]);
	return [`${name}, which nobody knew (seconds are after the first block):`, ...rows.map(([block = '', at = '', what]) => `  block ${block.padStart(3)} ${at.padStart(7)}  ${what}`)].join('\n');
}

/** Seconds after the first block, if that is known. */
function when(now: number, { start }: Journal): string {
	return start?.firstBlock ? `${((now - start.firstBlock) / 1_000).toFixed(1)} s` : new Date(now).toISOString().slice(11, 19);
}

/** To a tenth. */
const percent = (part: bigint, whole: bigint) => (whole > 0n ? `${format((part * 1_000n) / whole, 1)} %` : '-');
/** A round amount, to the hundredth. */
const short = (micro: bigint) => format(micro / 10_000n, 2);
