/** The books of a program, as the chain gives them, and whether they add up. */
import { textOf } from './bytes.ts';
import type { Api, Where } from './chain.ts';
import { sum } from './money.ts';

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
	/** What of the other one's line it accepts to owe, and what of its own the other one accepts. */
	accepted: bigint;
	grantedAccepted: bigint;
	/** What is owed, by the cycle in which it came about, the oldest first. */
	debts: { cycle: number; value: bigint }[];
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
	for (const { with: other, owes, isOwed, debts } of clearing.positions) {
		const byCycle = sum(debts.map(({ value }) => value));
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

/** The chain as it was at one block. */
export interface State extends Where {
	api: Api;
}

type Reads = Api['apis']['HanseApi'];
type Read<Name extends 'roll_forward' | 'statement'> = NonNullable<Awaited<ReturnType<Reads[Name]>>>;
type RawFlows = Read<'roll_forward'>['flows'];
type RawClearing = Read<'statement'>['clearing'];

/** All flows that the chain counts: one more or less would not compile. */
const flowsOf = (raw: RawFlows): Flows => {
	const { issued, exchanged_in, reinstated, redeemed_at_home, redeemed_at_partners, exchanged_out, expired, cancelled, ...others } = raw;
	const none: Record<string, never> = others;
	// A flow that this tool does not know would be missing from its sums.
	const [unknown] = Object.keys(none);
	if (unknown) throw new Error(`this tool is too old for the chain: it does not know the flow ${unknown}`);
	return {
		issued, exchangedIn: exchanged_in, reinstated, redeemedAtHome: redeemed_at_home,
		redeemedAtPartners: redeemed_at_partners, exchangedOut: exchanged_out, expired, cancelled,
	};
};

const dueOf = (raw: Read<'roll_forward'>['due']): Due[] => raw.map(({ expires, ...rest }) => ({ ...rest, expires: Number(expires) }));

const clearingOf = ({ reserve, free_reserve, accrued, earmarked, owed, positions, overdue }: RawClearing): Clearing => ({
	reserve, accrued, earmarked, owed,
	freeReserve: free_reserve,
	positions: positions.map(({ is_owed, granted_accepted, ...position }) => ({ ...position, isOwed: is_owed, grantedAccepted: granted_accepted })),
	overdue: overdue?.age ?? 0,
});

/** The period of a program in which `at` lies, if it is remembered in `state`. */
export async function rollForward({ api, ...where }: State, program: number, at: number): Promise<Period | undefined> {
	const raw = await api.apis.HanseApi.roll_forward(program, BigInt(at), where);
	if (!raw) return undefined;
	const { from, until, opening, flows, closing, due } = raw;
	return { from: Number(from), until: Number(until), opening, flows: flowsOf(flows), closing, due: dueOf(due) };
}

/** All periods of which the chain knows, the oldest first. */
export async function remembered(state: State, { id, created }: Program, now: number): Promise<Period[]> {
	const periods: Period[] = [];
	for (let at = now; at >= created;) {
		const period = await rollForward(state, id, at);
		if (!period) break;
		periods.unshift(period);
		at = period.from - 1;
	}
	return periods;
}

/** The statement of an institution, if there is one of that id. */
export async function statement({ api, ...where }: State, institution: number): Promise<Statement | undefined> {
	const both = await api.apis.HanseApi.statement(institution, where);
	if (!both) return undefined;
	const { bond, reserve, outstanding, cap, minimum_reserve, programs } = both.issuing;
	return {
		clearing: clearingOf(both.clearing),
		bond, reserve, outstanding, cap,
		minimumReserve: minimum_reserve,
		programs: programs.map(({ program, flows, due }) => ({ program, flows: flowsOf(flows), due: dueOf(due) })),
	};
}

/** A program by its id, if it exists in `state`. */
export async function programOf({ api: { query }, ...where }: State, id: number): Promise<Program | undefined> {
	const [program, label] = await Promise.all([query.Points.Programs.getValue(id, where), query.Points.Labels.getValue(id, where)]);
	if (!program || !label) return undefined;
	const { issuer, created, terms } = program;
	return { id, symbol: textOf(label.symbol), decimals: terms.decimals, issuer, created: Number(created) };
}

/** The moment of the block whose state this is, in milliseconds. */
export const momentOf = async ({ api, ...where }: State) => Number(await api.query.Timestamp.Now.getValue(where));
