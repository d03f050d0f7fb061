/** The cycle that runs, and what would settle if it ended now, by the chain's own rule. */
import { type Books, allBooks } from './books.ts';
import { BEST } from '@hanse/sdk/chain';
import { sum } from '@hanse/sdk/money';
import { type Obligation, settled } from '@hanse/sdk/settlement';
import { chain } from '../shared/chain.ts';
import type { Amount, Page } from '../shared/gateway.ts';
import { ask } from '../shared/gateway.ts';

/** A settlement that was. */
export interface Cycle {
	cycle: number;
	block: number;
	time: number;
	moved: Amount;
	positions: number;
}

export async function cycleNow() {
	const { api } = await chain();
	const [cycle, rules] = await Promise.all([api.query.Clearing.CurrentCycle.getValue(BEST), api.apis.HanseApi.rules(BEST)]);
	return { index: cycle.index, began: Number(cycle.began), ends: Number(cycle.began + rules.cycle), stage: cycle.stage.type };
}

/** All settlements, the oldest first, as the gateway keeps them. */
export async function pastCycles(key: string | undefined): Promise<Cycle[]> {
	const found: Cycle[] = [];
	if (!key) return found;
	for (let after: string | null = ''; after !== null; ) {
		const page: Page<Cycle> = await ask(`/v1/statements/cycles?limit=200${after ? `&after=${encodeURIComponent(after)}` : ''}`, { key });
		found.push(...page.items);
		after = page.next;
	}
	return found;
}

/** What the end of a cycle would do to one member. */
export interface Outcome {
	institution: number;
	/** What it owes before. */
	owes: bigint;
	isOwed: bigint;
	/** What its reserve would gain or lose. */
	change: bigint;
	/** What it would still owe. */
	left: bigint;
	/** Whether its reserve would not cover that. */
	overdue: boolean;
}

export interface WhatIf {
	outcomes: Outcome[];
	/** What would be owed no more. */
	gross: bigint;
	/** The money that would move for it. */
	moved: bigint;
}

export async function whatIf(institutions: Iterable<number>): Promise<WhatIf> {
	return ofBooks(await allBooks(institutions));
}

export function ofBooks(all: Pick<Books, 'institution' | 'clearing'>[]): WhatIf {
	// Each debt is in two statements: it is taken from the debtor's.
	const obligations: Obligation[] = all.flatMap(({ institution: debtor, clearing }) =>
		clearing.positions.filter(({ owes }) => owes > 0n).flatMap(({ with: creditor, debts }) => debts.map((debt) => ({ debtor, creditor, ...debt }))));
	const free = new Map(all.map(({ institution, clearing: { reserve, accrued } }) => [institution, reserve > accrued ? reserve - accrued : 0n]));
	const paid = settled(free, obligations);
	const by = (side: 'debtor' | 'creditor', member: number) => sum(obligations.map((one, place) => (one[side] === member ? (paid[place] ?? 0n) : 0n)));
	const owed = (side: 'debtor' | 'creditor', member: number) => sum(obligations.filter((one) => one[side] === member).map(({ value }) => value));
	const outcomes = all.map(({ institution }): Outcome => {
		const change = by('creditor', institution) - by('debtor', institution);
		const left = owed('debtor', institution) - by('debtor', institution);
		return { institution, owes: owed('debtor', institution), isOwed: owed('creditor', institution), change, left, overdue: left > (free.get(institution) ?? 0n) + change };
	});
	return { outcomes, gross: sum(paid), moved: sum(outcomes.map(({ change }) => (change > 0n ? change : 0n))) };
}
