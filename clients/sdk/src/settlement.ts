/** What settles at the end of a cycle, by the rules of the design: arithmetic only. */
import { least, sum } from './money.ts';

/** What one member owed another anew during one cycle, in micro-units. */
export interface Obligation {
	debtor: number;
	creditor: number;
	cycle: number;
	value: bigint;
}

/**
 * How much of each of `obligations` is paid from these reserves. The obligations of a debtor in one
 * cycle settle together. First all are assumed to settle; while a debtor ends below zero, its newest cycle is dropped;
 * what is then left of a reserve pays the debtor's oldest dropped cycle pro rata, rounded down.
 */
export function settled(reserves: ReadonlyMap<number, bigint>, obligations: readonly Obligation[]): bigint[] {
	const dropped = new Set<Obligation>();
	const kept = () => obligations.filter((obligation) => !dropped.has(obligation));
	const left = (member: number): bigint => {
		const gets = kept().filter(({ creditor }) => creditor === member);
		const gives = kept().filter(({ debtor }) => debtor === member);
		return (reserves.get(member) ?? 0n) + total(gets) - total(gives);
	};
	const debtors = [...new Set(obligations.map(({ debtor }) => debtor))];
	for (;;) {
		const short = debtors.find((debtor) => left(debtor) < 0n);
		if (short === undefined) break;
		const debts = kept().filter(({ debtor }) => debtor === short);
		const newest = Math.max(...debts.map(({ cycle }) => cycle));
		debts.filter(({ cycle }) => cycle === newest).forEach((unit) => dropped.add(unit));
	}
	const rest = new Map(debtors.map((debtor) => [debtor, left(debtor)]));
	return obligations.map((obligation) => {
		if (!dropped.has(obligation)) return obligation.value;
		const others = [...dropped].filter(({ debtor }) => debtor === obligation.debtor);
		const first = Math.min(...others.map(({ cycle }) => cycle));
		if (obligation.cycle !== first) return 0n;
		const unit = total(others.filter(({ cycle }) => cycle === first));
		return (least(rest.get(obligation.debtor) ?? 0n, unit) * obligation.value) / unit;
	});
}

const total = (obligations: readonly Obligation[]) => sum(obligations.map(({ value }) => value));
