/** Books as CSV for programs, and as tables for people. */
import type { Institution } from '@hanse/sdk/institutions';
import { SETTLEMENT_DECIMALS, format, sum } from '@hanse/sdk/money';
import { table } from '@hanse/sdk/table';
import { type Clearing, type Due, INFLOWS, OUTFLOWS, type Period, type Program, type Statement, after, iso } from '@hanse/sdk/books';
import { csv, plain } from './csv.ts';

/** How amounts are written. */
export interface Units {
	points(amount: bigint, program: Program): string;
	value(amount: bigint): string;
	/** What values are in. */
	currency: string;
}

/** In whole points and settlement units, or `raw` as the chain has them; for people with thousands apart. */
export function unitsFor(raw: boolean, people: boolean): Units {
	const write = people ? format : plain;
	return {
		points: (amount, { decimals }) => write(amount, raw ? 0 : decimals),
		value: (amount) => write(amount, raw ? 0 : SETTLEMENT_DECIMALS),
		currency: raw ? 'micro-units' : 'settlement units',
	};
}

const IN = Object.entries(INFLOWS) as [keyof typeof INFLOWS, string][];
const OUT = Object.entries(OUTFLOWS) as [keyof typeof OUTFLOWS, string][];
export const COLUMNS = [
	'program', 'symbol', 'from', 'until', 'opening', ...IN.map(([, name]) => name), ...OUT.map(([, name]) => name), 'closing',
];
export const DUE_COLUMNS = ['program', 'symbol', 'until', 'expires', 'points', 'value'];

/** One row for each period. */
export function rollForwardCsv(program: Program, periods: Period[], units: Units): string {
	const rows = periods.map(({ from, until, opening, flows, closing }) => [
		`${program.id}`, program.symbol, iso(from), iso(until),
		...[opening, ...[...IN, ...OUT].map(([name]) => flows[name]), closing].map((amount) => units.points(amount, program)),
	]);
	return csv([COLUMNS, ...rows]);
}

/** One row for each moment at which points expire, of each period. */
export function dueCsv(program: Program, periods: Period[], units: Units): string {
	const rows = periods.flatMap(({ until, due }) =>
		due.map(({ expires, points, value }) => [
			`${program.id}`, program.symbol, iso(until), iso(expires), units.points(points, program), units.value(value),
		]));
	return csv([DUE_COLUMNS, ...rows]);
}

/** Columns of numbers that a screen has room for beside each other. */
const ABREAST = 4;

/** One column for each period. */
export function rollForwardTable(program: Program, periods: Period[], units: Units): string {
	return sideBySide(periods, (some) => {
		const row = (name: string, pick: (period: Period) => bigint) =>
			[name, ...some.map((period) => units.points(pick(period), program))];
		return table([
			['from', ...some.map(({ from }) => date(from))],
			['until', ...some.map(({ until }) => date(until))],
			row('opening', ({ opening }) => opening),
			...IN.map(([flow, name]) => row(`+ ${words(name)}`, ({ flows }) => flows[flow])),
			...OUT.map(([flow, name]) => row(`- ${words(name)}`, ({ flows }) => flows[flow])),
			row('closing', ({ closing }) => closing),
		]);
	});
}

/** What was owed at the end of a period. */
export function dueTable(program: Program, { until, due }: Period, units: Units): string {
	const rows = due.map(({ expires, points, value }) => [date(expires), units.points(points, program), units.value(value)]);
	const head = [`owed ${date(until)}, expires`, program.symbol, units.currency];
	return table([head, ...rows, total(due, program, units)]);
}

const total = (due: Due[], program: Program, units: Units): string[] =>
	['total', units.points(sum(due.map(({ points }) => points)), program), units.value(sum(due.map(({ value }) => value)))];

/** What stands behind an institution's points, what it owes other members, what happened to its points, and what is owed. */
export function statementTables(
	{ id, name }: Institution,
	statement: Statement,
	programs: Program[],
	units: Units,
	nameOf: (institution: number) => string,
): string {
	const { bond, reserve, outstanding, cap, minimumReserve, clearing } = statement;
	const behind = [
		[`${name} (institution ${id})`, units.currency],
		['bond', units.value(bond)],
		['reserve', units.value(reserve)],
		['outstanding', units.value(outstanding)],
		['outstanding at most', units.value(cap)],
		['reserve at least', units.value(minimumReserve)],
		['of the reserve: accrued interchange', units.value(clearing.accrued)],
		['of the reserve: earmarked', units.value(clearing.earmarked)],
		['of the reserve: free', units.value(clearing.freeReserve)],
	];
	const members = clearingTables(clearing, units, nameOf);
	const all = statement.programs.flatMap(({ program: id, flows, due }) => {
		const program = programs.find((program) => program.id === id);
		return program ? [{ program, flows, due }] : [];
	});
	if (all.length === 0) return [table(behind), ...members].join('\n\n');
	const flows = sideBySide(all, (some) =>
		table([
			['since ever', ...some.map(({ program }) => `${program.symbol} (${program.id})`)],
			...IN.map(([flow, name]) => [`+ ${words(name)}`, ...some.map(({ program, flows }) => units.points(flows[flow], program))]),
			...OUT.map(([flow, name]) => [`- ${words(name)}`, ...some.map(({ program, flows }) => units.points(flows[flow], program))]),
			['in circulation', ...some.map(({ program, flows }) => units.points(after(0n, flows), program))],
		]));
	const due = all.flatMap(({ program, due }) =>
		due.map(({ expires, points, value }) =>
			[program.symbol, `${program.id}`, date(expires), units.points(points, program), units.value(value)]));
	const owed = table([
		['owed', 'program', 'expires', 'points', units.currency],
		...due,
		['total', '', '', '', units.value(sum(all.flatMap(({ due }) => due.map(({ value }) => value))))],
	], 2);
	return [table(behind), ...members, flows, owed].join('\n\n');
}

/** What an institution owes other members and is owed, and whether it is late with it; nothing without lines. */
function clearingTables({ positions, owed, overdue }: Clearing, units: Units, nameOf: (institution: number) => string): string[] {
	if (positions.length === 0) return [];
	const rows = positions.map((position) => [
		nameOf(position.with), units.value(position.owes), units.value(position.isOwed), units.value(position.line),
		units.value(position.accepted), units.value(position.granted), units.value(position.grantedAccepted), position.debts[0] ? `cycle ${position.debts[0].cycle}` : '-',
	]);
	const total = ['total', units.value(owed), units.value(sum(positions.map(({ isOwed }) => isOwed))), '', '', '', ''];
	const tables = [table([['with', 'owes', 'is owed', 'may owe', 'accepts', 'lets owe', 'they accept', 'since'], ...rows, total])];
	if (overdue > 0) tables.push(`Overdue: its reserve did not cover what it owes at ${overdue} ${overdue > 1 ? 'ends' : 'end'} of cycles in a row.`);
	return tables;
}

function sideBySide<T>(all: T[], show: (some: T[]) => string): string {
	const parts = [];
	for (let i = 0; i < all.length; i += ABREAST) parts.push(show(all.slice(i, i + ABREAST)));
	return parts.join('\n\n');
}

const words = (name: string) => name.replaceAll('_', ' ');
const date = (milliseconds: number) => iso(milliseconds).replace('T', ' ').slice(0, 19);
