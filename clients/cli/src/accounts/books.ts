/** The books of a program, as the chain gives them, and whether they add up. */
import { textOf } from '@hanse/sdk/pjs/alliance';
import { type State, read, storage } from '@hanse/sdk/pjs/chain';
import { amount, sum } from '@hanse/sdk/money';

/** By what points come, as the chain calls it, and as an auditor's column does. */
export const INFLOWS = { issued: 'issued', exchangedIn: 'exchanged_in', reinstated: 'reinstated' } as const;
/** By what they go. */
export const OUTFLOWS = {
	redeemedAtHome: 'redeemed_at_home',
	redeemedAtPartners: 'redeemed_at_partners',
	exchangedOut: 'exchanged_out',
	expired: 'expired',
	cancelled: 'cancelled',
} as const;

/** Smallest units that came or went. */
export type Flows = Record<keyof typeof INFLOWS | keyof typeof OUTFLOWS, bigint>;

/** What is owed for the points that expire at one moment. */
export interface Due {
	/** Milliseconds. */
	expires: number;
	/** Smallest units. */
	points: bigint;
	/** Settlement micro-units. */
	value: bigint;
}

/** The roll-forward over one period: moments in milliseconds, points in smallest units. */
export interface Period {
	from: number;
	until: number;
	opening: bigint;
	flows: Flows;
	closing: bigint;
	/** At its end. */
	due: Due[];
}

export interface Program {
	id: number;
	symbol: string;
	decimals: number;
	issuer: number;
	/** Milliseconds. */
	created: number;
}

/** What an institution has with another one, in settlement micro-units. */
export interface Position {
	with: number;
	owes: bigint;
	isOwed: bigint;
	/** The line that the other one granted to it, and the one that it granted. */
	line: bigint;
	granted: bigint;
	/** What is owed, by the cycle in which it came about, the oldest first. */
	units: { cycle: number; value: bigint }[];
}

/** How an institution stands with the others, in settlement micro-units. */
export interface Clearing {
	reserve: bigint;
	freeReserve: bigint;
	accrued: bigint;
	earmarked: bigint;
	/** On lines. */
	owed: bigint;
	positions: Position[];
	/** At how many ends of cycles in a row its reserve did not cover what it owed. */
	overdue: number;
}

/** What stands behind an institution's points and what it owes for them and to whom, in settlement micro-units. */
export interface Statement {
	clearing: Clearing;
	bond: bigint;
	reserve: bigint;
	outstanding: bigint;
	cap: bigint;
	minimumReserve: bigint;
	programs: { program: number; flows: Flows; due: Due[] }[];
}

/** The books contradict themselves, so that nobody should believe them. */
export class BooksDiffer extends Error {}

/** What is in circulation after `flows`, if `opening` was before. */
export function after(opening: bigint, flows: Flows): bigint {
	const total = (names: object) => sum(Object.keys(names).map((name) => flows[name as keyof Flows]));
	return opening + total(INFLOWS) - total(OUTFLOWS);
}

/** Throws [`BooksDiffer`] unless `period` adds up, and what is owed at its end is what is in circulation then. */
export function checkPeriod(period: Period): void {
	const expected = after(period.opening, period.flows);
	if (expected !== period.closing) {
		throw new BooksDiffer(`opening and flows make ${expected} smallest units, and the closing is ${period.closing}`);
	}
	const owed = sum(period.due.map(({ points }) => points));
	if (owed !== period.closing) {
		throw new BooksDiffer(`${owed} smallest units are owed by expiry, and the closing is ${period.closing}`);
	}
}

/** Throws [`BooksDiffer`] unless each of `periods`, the oldest first, goes on where the one before ended. */
export function checkSequence(periods: Period[]): void {
	for (const [index, period] of periods.entries()) {
		const before = periods[index - 1];
		if (!before) continue;
		if (before.until !== period.from) {
			throw new BooksDiffer(`a period ends ${iso(before.until)}, and the next begins ${iso(period.from)}`);
		}
		if (before.closing !== period.opening) {
			const next = `the next one's opening is ${period.opening}`;
			throw new BooksDiffer(`the closing ${iso(before.until)} is ${before.closing} smallest units, and ${next}`);
		}
	}
}

/** Throws [`BooksDiffer`] unless what is owed by expiry, and to others, is what the counters say. */
export function checkStatement({ outstanding, programs, reserve, clearing }: Statement): void {
	if (clearing.reserve !== reserve) {
		throw new BooksDiffer(`${reserve} micro-units stand behind the points, and ${clearing.reserve} are held for clearing`);
	}
	const debts = sum(clearing.positions.map(({ owes }) => owes));
	if (debts !== clearing.owed) {
		throw new BooksDiffer(`${debts} micro-units are owed by position, and ${clearing.owed} are counted as owed`);
	}
	for (const { with: other, owes, isOwed, units } of clearing.positions) {
		const byCycle = sum(units.map(({ value }) => value));
		if (byCycle === owes + isOwed && (owes === 0n || isOwed === 0n)) continue;
		throw new BooksDiffer(`with institution ${other}: ${owes} owed and ${isOwed} to get, and ${byCycle} by cycle`);
	}
	for (const { program, flows, due } of programs) {
		const [owed, expected] = [sum(due.map(({ points }) => points)), after(0n, flows)];
		if (owed === expected) continue;
		throw new BooksDiffer(`program ${program}: ${owed} smallest units are owed by expiry, and its flows make ${expected}`);
	}
	const value = sum(programs.flatMap(({ due }) => due.map((each) => each.value)));
	if (value !== outstanding) {
		throw new BooksDiffer(`${value} micro-units are owed by expiry, and ${outstanding} are counted as outstanding`);
	}
}

export const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

interface RawDue {
	expires: number;
	points: unknown;
	value: unknown;
}
type RawFlows = Record<string, unknown>;

function flowsOf(raw: RawFlows): Flows {
	const names = [...Object.keys(INFLOWS), ...Object.keys(OUTFLOWS)];
	// A flow that this tool does not know would be missing from its sums.
	const unknown = Object.keys(raw).filter((name) => !names.includes(name));
	if (unknown.length > 0) throw new Error(`this tool is too old for the chain: it does not know the flow ${unknown}`);
	return Object.fromEntries(names.map((name) => [name, amount(raw[name])])) as Flows;
}

const dueOf = (raw: RawDue[]): Due[] =>
	raw.map(({ expires, points, value }) => ({ expires, points: amount(points), value: amount(value) }));

interface RawClearing extends Record<'reserve' | 'freeReserve' | 'accrued' | 'earmarked' | 'owed', unknown> {
	positions: (Record<'owes' | 'isOwed' | 'line' | 'granted', unknown> & {
		with: number;
		units: { cycle: number; value: unknown }[];
	})[];
	overdue: { age: number } | null;
}

const clearingOf = (raw: RawClearing): Clearing => ({
	reserve: amount(raw.reserve),
	freeReserve: amount(raw.freeReserve),
	accrued: amount(raw.accrued),
	earmarked: amount(raw.earmarked),
	owed: amount(raw.owed),
	positions: raw.positions.map((position) => ({
		with: position.with,
		owes: amount(position.owes),
		isOwed: amount(position.isOwed),
		line: amount(position.line),
		granted: amount(position.granted),
		units: position.units.map(({ cycle, value }) => ({ cycle, value: amount(value) })),
	})),
	overdue: raw.overdue?.age ?? 0,
});

/** The period of a program in which `at` lies, if it is remembered in `state`. */
export async function rollForward(state: State, program: number, at: number): Promise<Period | undefined> {
	const raw = (await read(state, 'rollForward', program, at)).toJSON() as unknown as
		| { from: number; until: number; opening: unknown; flows: RawFlows; closing: unknown; due: RawDue[] }
		| null;
	if (!raw) return undefined;
	const { from, until } = raw;
	return { from, until, opening: amount(raw.opening), flows: flowsOf(raw.flows), closing: amount(raw.closing), due: dueOf(raw.due) };
}

/** The statement of an institution, if there is one of that id. */
export async function statement(state: State, institution: number): Promise<Statement | undefined> {
	const both = (await read(state, 'statement', institution)).toJSON() as unknown as
		| {
				issuing: Record<'bond' | 'reserve' | 'outstanding' | 'cap' | 'minimumReserve', unknown> & {
					programs: { program: number; flows: RawFlows; due: RawDue[] }[];
				};
				clearing: RawClearing;
		  }
		| null;
	if (!both) return undefined;
	const { issuing: raw, clearing } = both;
	return {
		clearing: clearingOf(clearing),
		bond: amount(raw.bond),
		reserve: amount(raw.reserve),
		outstanding: amount(raw.outstanding),
		cap: amount(raw.cap),
		minimumReserve: amount(raw.minimumReserve),
		programs: raw.programs.map(({ program, flows, due }) => ({ program, flows: flowsOf(flows), due: dueOf(due) })),
	};
}

/** A program by its id, if it exists in `state`. */
export async function programOf(state: State, id: number): Promise<Program | undefined> {
	const [program, label] = await Promise.all([
		storage(state, 'points', 'programs')(id).then((value) => value.toJSON()),
		storage(state, 'points', 'labels')(id).then((value) => value.toJSON()),
	]) as [{ issuer: number; created: number; terms: { decimals: number } } | null, { symbol: string } | null];
	if (!program || !label) return undefined;
	return { id, symbol: textOf(label.symbol), decimals: program.terms.decimals, issuer: program.issuer, created: program.created };
}

/** The moment of the block whose state this is, in milliseconds. */
export const momentOf = async (state: State) => Number((await storage(state, 'timestamp', 'now')()).toString());
