/**
 * The player's own books of what members owe each other on lines: what happened, in the order of the blocks, met by
 * the rules of the design. How the chain says that it met an obligation or settled a cycle is only compared.
 *
 * Members are named by their institution ids, values are settlement micro-units.
 */
import { least, sum } from '@hanse/sdk/money';
import { type Obligation, settled } from './settlement.ts';

/** What happened in clearing. Amounts are decimal text, as the journal keeps them. */
export type Happening =
	/** The creditor grants another limit of a line, or the debtor accepts one. */
	| { what: 'line' | 'accepted'; creditor: number; debtor: number; limit: string }
	/** An obligation was met, by set-off, on the line and in money; at once if no debt would do. */
	| { what: 'met'; debtor: number; creditor: number; value: string; setOff: string; line: string; atOnce: boolean }
	/** Money came into a reserve or left it, other than between members. */
	| { what: 'moved'; member: number; by: string }
	/** So many positions were settled, for which so much moved. */
	| { what: 'settled'; positions: number; moved: string }
	/** The bond of a debtor paid. */
	| { what: 'drawn'; debtor: number; creditor: number; value: string }
	| { what: 'overdue'; member: number; age: number }
	| { what: 'onTime'; member: number };

/** A block, if anything happened in it. */
export interface Cleared {
	kind: 'cleared';
	block: number;
	/** Of the block, in milliseconds. */
	now: number;
	/** The cycle that runs after it. */
	cycle: number;
	/** By member, interchange that was not free when the cycles before it were settled; only if any was. */
	accrued?: Record<number, string>;
	happened: Happening[];
	/** What happened since the block before is not known, but that cycles ended. */
	gap?: boolean;
}

/** How obligations were met. */
export interface Met {
	setOff: bigint;
	line: bigint;
	money: bigint;
}

/** The end of a cycle at which something was settled. */
export interface Settlement {
	cycle: number;
	block: number;
	now: number;
	positions: number;
	/** What was owed and is not any more. */
	gross: bigint;
	/** The money that moved for it. */
	moved: bigint;
}

/** When something happened to a member that ran short. */
export interface Lateness {
	member: number;
	what: 'overdue' | 'onTime';
	age: number;
	block: number;
	now: number;
	/** What it owed then and could not pay. */
	unpaid: bigint;
}

interface Position {
	debtor: number;
	creditor: number;
	/** By cycle, the oldest first; none is zero. */
	units: { cycle: number; value: bigint }[];
}

const pairOf = (a: number, b: number) => `${Math.min(a, b)} ${Math.max(a, b)}`;

export class ClearingBooks {
	readonly reserves: Map<number, bigint>;
	readonly bonds: Map<number, bigint>;
	cycle: number;
	/** By creditor and debtor, what the one grants and the other accepts. */
	readonly lines = new Map<string, bigint>();
	readonly accepted = new Map<string, bigint>();
	readonly positions = new Map<string, Position>();
	/** By debtor and creditor, whatever was owed, and how it was met by each debtor. */
	readonly owed = new Map<string, bigint>();
	readonly met: Map<number, Met>;
	/** What was paid at ends of cycles, and from bonds, by debtor. */
	readonly settledOf: Map<number, bigint>;
	readonly bondPaid: Map<number, bigint>;
	readonly bondReceived: Map<number, bigint>;
	readonly settlements: Settlement[] = [];
	readonly late: Lateness[] = [];
	readonly overdue = new Set<number>();
	/** Where the chain did something else. */
	readonly differences: string[] = [];

	/** With what members have at the start, when `cycle` runs, and nobody owes anything. */
	constructor(reserves: ReadonlyMap<number, bigint>, bond: bigint, cycle: number) {
		const all = [...reserves.keys()];
		const none = () => new Map(all.map((member) => [member, 0n]));
		this.reserves = new Map(reserves);
		this.bonds = new Map(all.map((member) => [member, bond]));
		this.cycle = cycle;
		this.met = new Map(all.map((member) => [member, { setOff: 0n, line: 0n, money: 0n }]));
		[this.settledOf, this.bondPaid, this.bondReceived] = [none(), none(), none()];
	}

	note(block: Cleared): void {
		while (this.cycle < block.cycle) this.#endCycle(block);
		for (const happened of block.happened) this.#apply(happened, block);
	}

	/** What `debtor` owes `creditor` on its line. */
	owes(debtor: number, creditor: number): bigint {
		const position = this.positions.get(pairOf(debtor, creditor));
		return position?.debtor === debtor ? sum(position.units.map(({ value }) => value)) : 0n;
	}

	/** What `member` owes on all lines, and what it is owed. */
	debtsOf(member: number): { owes: bigint; isOwed: bigint } {
		const all = [...this.positions.values()];
		const total = (positions: Position[]) => sum(positions.flatMap(({ units }) => units.map(({ value }) => value)));
		return {
			owes: total(all.filter(({ debtor }) => debtor === member)),
			isOwed: total(all.filter(({ creditor }) => creditor === member)),
		};
	}

	#apply(happened: Happening, block: Cleared): void {
		switch (happened.what) {
			case 'line':
			case 'accepted': {
				const limits = happened.what === 'line' ? this.lines : this.accepted;
				limits.set(`${happened.creditor} ${happened.debtor}`, BigInt(happened.limit));
				break;
			}
			case 'met':
				this.#meet(happened, block);
				break;
			case 'moved':
				add(this.reserves, happened.member, BigInt(happened.by));
				break;
			case 'drawn': {
				const value = BigInt(happened.value);
				add(this.bonds, happened.debtor, -value);
				add(this.bondPaid, happened.debtor, value);
				add(this.bondReceived, happened.creditor, value);
				add(this.settledOf, happened.debtor, value);
				this.#reduce(happened.debtor, happened.creditor, value);
				break;
			}
			case 'onTime':
				this.overdue.delete(happened.member);
				this.#noteLate(happened.member, 'onTime', 0, block);
				break;
			case 'overdue':
				if (!this.overdue.has(happened.member)) this.#differs(block, `${happened.member} is overdue`, 'no', 'yes');
				break;
			case 'settled':
				break;
		}
	}

	#meet({ debtor, creditor, value: text, atOnce, ...said }: Happening & { what: 'met' }, block: Cleared): void {
		const value = BigInt(text);
		const setOff = least(value, this.owes(creditor, debtor));
		const limitOf = (limits: Map<string, bigint>) => limits.get(`${creditor} ${debtor}`) ?? 0n;
		const onLine = least(limitOf(this.lines), limitOf(this.accepted)) - this.owes(debtor, creditor);
		const onBond = (this.bonds.get(debtor) ?? 0n) - this.debtsOf(debtor).owes;
		const room = atOnce ? 0n : most(0n, least(onLine, onBond));
		const line = least(room, value - setOff);
		const money = value - setOff - line;
		const what = `${value} that ${debtor} owes ${creditor}`;
		this.#check(block, `set off of ${what}`, setOff, BigInt(said.setOff));
		this.#check(block, `on a line of ${what}`, line, BigInt(said.line));

		add(this.owed, `${debtor} ${creditor}`, value);
		const met = this.met.get(debtor);
		if (met) Object.assign(met, { setOff: met.setOff + setOff, line: met.line + line, money: met.money + money });
		this.#reduce(creditor, debtor, setOff);
		if (line > 0n) this.#enlarge(debtor, creditor, line);
		add(this.reserves, debtor, -money);
		add(this.reserves, creditor, money);
	}

	#enlarge(debtor: number, creditor: number, value: bigint): void {
		const pair = pairOf(debtor, creditor);
		const position = this.positions.get(pair) ?? { debtor, creditor, units: [] };
		const newest = position.units.at(-1);
		if (newest?.cycle === this.cycle) newest.value += value;
		else position.units.push({ cycle: this.cycle, value });
		this.positions.set(pair, position);
	}

	/** Takes `value` off what is owed, the oldest first. */
	#reduce(debtor: number, creditor: number, value: bigint): void {
		const pair = pairOf(debtor, creditor);
		const position = this.positions.get(pair);
		if (value === 0n || position?.debtor !== debtor) return;
		let left = value;
		for (const unit of position.units) {
			const part = least(unit.value, left);
			unit.value -= part;
			left -= part;
		}
		position.units = position.units.filter((unit) => unit.value > 0n);
		if (position.units.length === 0) this.positions.delete(pair);
	}

	/** The end of the cycle that runs, in `block`, before anything else happens in it. */
	#endCycle(block: Cleared): void {
		const free = new Map([...this.reserves].map(([member, held]) =>
			[member, most(0n, held - BigInt(block.accrued?.[member] ?? 0))]));
		const obligations: Obligation[] = [...this.positions.values()].flatMap(({ debtor, creditor, units }) =>
			units.map((unit) => ({ debtor, creditor, ...unit })));
		const paid = settled(free, obligations);
		const change = new Map<number, bigint>();
		const pairs = new Set<string>();
		for (const [place, { debtor, creditor }] of obligations.entries()) {
			const value = paid[place] ?? 0n;
			add(change, debtor, -value);
			add(change, creditor, value);
			add(this.settledOf, debtor, value);
			this.#reduce(debtor, creditor, value);
			if (value > 0n) pairs.add(pairOf(debtor, creditor));
		}
		for (const [member, by] of change) add(this.reserves, member, by);
		const moved = sum([...change.values()].filter((by) => by > 0n));
		const gross = sum(paid);
		const { block: number, now } = block;
		if (gross > 0n) this.settlements.push({ cycle: this.cycle, block: number, now, positions: pairs.size, gross, moved });
		for (const member of this.reserves.keys()) {
			const { owes } = this.debtsOf(member);
			if (owes <= (free.get(member) ?? 0n) + (change.get(member) ?? 0n)) continue;
			const age = 1 + ([...this.late].reverse().find((late) => late.member === member)?.age ?? 0);
			this.overdue.add(member);
			this.#noteLate(member, 'overdue', age, block);
		}
		this.cycle += 1;
		if (block.gap) return;

		const said = block.happened.find((happened) => happened.what === 'settled');
		const isDrawn = block.happened.some((happened) => happened.what === 'drawn');
		const saysLate = (member: number) =>
			block.happened.some((happened) => happened.what === 'overdue' && happened.member === member);
		this.#check(block, 'moved at the end of the cycle', moved, BigInt(said?.moved ?? 0));
		if (!isDrawn) this.#check(block, 'positions settled', BigInt(pairs.size), BigInt(said?.positions ?? 0));
		for (const { member, what, block: at } of this.late) {
			if (at === number && what === 'overdue' && !saysLate(member)) this.#differs(block, `${member} is overdue`, 'yes', 'no');
		}
	}

	#noteLate(member: number, what: Lateness['what'], age: number, { block, now }: Cleared): void {
		this.late.push({ member, what, age, block, now, unpaid: this.debtsOf(member).owes });
	}

	#check(block: Cleared, what: string, expected: bigint, found: bigint): void {
		if (expected !== found) this.#differs(block, what, `${expected}`, `${found}`);
	}

	#differs({ block }: Cleared, what: string, expected: string, found: string): void {
		this.differences.push(`block ${block}, ${what}: the books say ${expected}, the chain ${found}`);
	}
}

const most = (a: bigint, b: bigint) => (a > b ? a : b);

function add<K>(values: Map<K, bigint>, key: K, value: bigint): void {
	values.set(key, (values.get(key) ?? 0n) + value);
}
