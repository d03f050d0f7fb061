/**
 * The player's own books of what members owe each other on lines: what happened, in the order of the blocks, settled by
 * the rules of the design. How the chain says that it settled an obligation or a cycle is only compared.
 *
 * Members are named by their institution ids, values are settlement micro-units.
 */
import { least, sum } from '@hanse/sdk/money';
import { type Obligation, settled } from '@hanse/sdk/settlement';

/** What happened in clearing. Amounts are decimal text, as the journal keeps them. */
export type ClearingEvent =
	/** The creditor grants another limit of a line, or the debtor accepts one. */
	| { kind: 'lineGranted' | 'lineAccepted'; creditor: number; debtor: number; limit: string }
	/** By set-off, on the line and in money; at once if no debt would do. */
	| { kind: 'obligationSettled'; debtor: number; creditor: number; value: string; setOff: string; onLine: string; atOnce: boolean }
	/** Money came into a reserve or left it, other than between members. */
	| { kind: 'reserveChanged'; member: number; by: string }
	/** So many positions were settled, for which so much moved. */
	| { kind: 'cycleSettled'; positions: number; moved: string }
	/** The bond of a debtor paid. */
	| { kind: 'bondDrawn'; debtor: number; creditor: number; value: string }
	| { kind: 'overdue'; member: number; age: number }
	| { kind: 'overdueEnded'; member: number };

type ObligationSettled = ClearingEvent & { kind: 'obligationSettled' };

/** What happened in clearing in a block, and since the one before. */
export interface ClearingBlock {
	kind: 'clearing';
	block: number;
	/** Of the block, in milliseconds. */
	now: number;
	/** The cycle that runs after it. */
	cycle: number;
	/** By member, interchange that was not free when the cycles before it were settled; only if any was. */
	accrued?: Record<number, string>;
	events: ClearingEvent[];
}

/** How obligations were settled. */
export interface Obligations {
	setOff: bigint;
	onLine: bigint;
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
	kind: 'overdue' | 'overdueEnded';
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
	debts: { cycle: number; value: bigint }[];
}

const pairOf = (a: number, b: number) => `${Math.min(a, b)} ${Math.max(a, b)}`;

export class ClearingBooks {
	readonly reserves: Map<number, bigint>;
	/** Of that, what came or went other than between members, since the start. */
	readonly changed = new Map<number, bigint>();
	readonly bonds: Map<number, bigint>;
	cycle: number;
	/** By creditor and debtor, what the one grants and the other accepts. */
	readonly lines = new Map<string, bigint>();
	readonly accepted = new Map<string, bigint>();
	readonly positions = new Map<string, Position>();
	/** By debtor and creditor, whatever was owed, and how it was settled by each debtor. */
	readonly owed = new Map<string, bigint>();
	readonly obligations: Map<number, Obligations>;
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
		this.obligations = new Map(all.map((member) => [member, { setOff: 0n, onLine: 0n, money: 0n }]));
		[this.settledOf, this.bondPaid, this.bondReceived] = [none(), none(), none()];
	}

	note(block: ClearingBlock): void {
		while (this.cycle < block.cycle) this.#endCycle(block);
		for (const event of block.events) this.#apply(event, block);
	}

	/** What `debtor` owes `creditor` on its line. */
	owes(debtor: number, creditor: number): bigint {
		const position = this.positions.get(pairOf(debtor, creditor));
		return position?.debtor === debtor ? sum(position.debts.map(({ value }) => value)) : 0n;
	}

	/** What `member` owes on all lines, and what it is owed. */
	debtsOf(member: number): { owes: bigint; isOwed: bigint } {
		const all = [...this.positions.values()];
		const total = (positions: Position[]) => sum(positions.flatMap(({ debts }) => debts.map(({ value }) => value)));
		return {
			owes: total(all.filter(({ debtor }) => debtor === member)),
			isOwed: total(all.filter(({ creditor }) => creditor === member)),
		};
	}

	#apply(event: ClearingEvent, block: ClearingBlock): void {
		switch (event.kind) {
			case 'lineGranted':
			case 'lineAccepted': {
				const limits = event.kind === 'lineGranted' ? this.lines : this.accepted;
				limits.set(`${event.creditor} ${event.debtor}`, BigInt(event.limit));
				break;
			}
			case 'obligationSettled':
				this.#settle(event, block);
				break;
			case 'reserveChanged':
				add(this.reserves, event.member, BigInt(event.by));
				add(this.changed, event.member, BigInt(event.by));
				break;
			case 'bondDrawn': {
				const value = BigInt(event.value);
				add(this.bonds, event.debtor, -value);
				add(this.bondPaid, event.debtor, value);
				add(this.bondReceived, event.creditor, value);
				add(this.settledOf, event.debtor, value);
				this.#reduce(event.debtor, event.creditor, value);
				break;
			}
			case 'overdueEnded':
				this.overdue.delete(event.member);
				this.#noteLate(event.member, 'overdueEnded', 0, block);
				break;
			case 'overdue':
				if (!this.overdue.has(event.member)) this.#differs(block, `${event.member} is overdue`, 'no', 'yes');
				break;
			case 'cycleSettled':
				break;
		}
	}

	#settle({ debtor, creditor, value: text, atOnce, ...said }: ObligationSettled, block: ClearingBlock): void {
		const value = BigInt(text);
		const setOff = least(value, this.owes(creditor, debtor));
		const onLine = least(atOnce ? 0n : this.#availableCredit(debtor, creditor), value - setOff);
		const money = value - setOff - onLine;
		const what = `${value} that ${debtor} owes ${creditor}`;
		this.#check(block, `set off of ${what}`, setOff, BigInt(said.setOff));
		this.#check(block, `on a line of ${what}`, onLine, BigInt(said.onLine));

		add(this.owed, `${debtor} ${creditor}`, value);
		const all = this.obligations.get(debtor);
		if (all) Object.assign(all, { setOff: all.setOff + setOff, onLine: all.onLine + onLine, money: all.money + money });
		this.#reduce(creditor, debtor, setOff);
		if (onLine > 0n) this.#enlarge(debtor, creditor, onLine);
		add(this.reserves, debtor, -money);
		add(this.reserves, creditor, money);
	}

	/** What more `debtor` may owe on its line: as much as both agreed on, and all lines together no more than its bond. */
	#availableCredit(debtor: number, creditor: number): bigint {
		const limitOf = (limits: Map<string, bigint>) => limits.get(`${creditor} ${debtor}`) ?? 0n;
		const onLine = least(limitOf(this.lines), limitOf(this.accepted)) - this.owes(debtor, creditor);
		const onBond = (this.bonds.get(debtor) ?? 0n) - this.debtsOf(debtor).owes;
		return most(0n, least(onLine, onBond));
	}

	#enlarge(debtor: number, creditor: number, value: bigint): void {
		const pair = pairOf(debtor, creditor);
		const position = this.positions.get(pair) ?? { debtor, creditor, debts: [] };
		const newest = position.debts.at(-1);
		if (newest?.cycle === this.cycle) newest.value += value;
		else position.debts.push({ cycle: this.cycle, value });
		this.positions.set(pair, position);
	}

	/** Takes `value` off what is owed, the oldest first. */
	#reduce(debtor: number, creditor: number, value: bigint): void {
		const pair = pairOf(debtor, creditor);
		const position = this.positions.get(pair);
		if (value === 0n || position?.debtor !== debtor) return;
		let left = value;
		for (const unit of position.debts) {
			const part = least(unit.value, left);
			unit.value -= part;
			left -= part;
		}
		position.debts = position.debts.filter((unit) => unit.value > 0n);
		if (position.debts.length === 0) this.positions.delete(pair);
	}

	/** The end of the cycle that runs, in `block`, before anything else happens in it. */
	#endCycle(block: ClearingBlock): void {
		const free = new Map([...this.reserves].map(([member, held]) =>
			[member, most(0n, held - BigInt(block.accrued?.[member] ?? 0))]));
		const obligations: Obligation[] = [...this.positions.values()].flatMap(({ debtor, creditor, debts }) =>
			debts.map((unit) => ({ debtor, creditor, ...unit })));
		const paid = settled(free, obligations);
		const { change, pairs } = this.#book(obligations, paid);
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
		this.#checkCycle(block, moved, pairs.size);
	}

	/** Takes what was `paid` of each of `obligations` off the books: how reserves change, and between which pairs. */
	#book(obligations: readonly Obligation[], paid: readonly bigint[]): { change: Map<number, bigint>; pairs: Set<string> } {
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
		return { change, pairs };
	}

	/** What the chain says of the end of a cycle against what the books found. */
	#checkCycle(block: ClearingBlock, moved: bigint, positions: number): void {
		const said = block.events.find((event) => event.kind === 'cycleSettled');
		const isDrawn = block.events.some((event) => event.kind === 'bondDrawn');
		const saysLate = (member: number) => block.events.some((event) => event.kind === 'overdue' && event.member === member);
		this.#check(block, 'moved at the end of the cycle', moved, BigInt(said?.moved ?? 0));
		if (!isDrawn) this.#check(block, 'positions settled', BigInt(positions), BigInt(said?.positions ?? 0));
		for (const { member, kind, block: at } of this.late) {
			if (at === block.block && kind === 'overdue' && !saysLate(member)) this.#differs(block, `${member} is overdue`, 'yes', 'no');
		}
	}

	#noteLate(member: number, kind: Lateness['kind'], age: number, { block, now }: ClearingBlock): void {
		this.late.push({ member, kind, age, block, now, unpaid: this.debtsOf(member).owes });
	}

	#check(block: ClearingBlock, what: string, expected: bigint, found: bigint): void {
		if (expected !== found) this.#differs(block, what, `${expected}`, `${found}`);
	}

	#differs({ block }: ClearingBlock, what: string, expected: string, found: string): void {
		this.differences.push(`block ${block}, ${what}: the books say ${expected}, the chain ${found}`);
	}
}

const most = (a: bigint, b: bigint) => (a > b ? a : b);

function add<K>(values: Map<K, bigint>, key: K, value: bigint): void {
	values.set(key, (values.get(key) ?? 0n) + value);
}
