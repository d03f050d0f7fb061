/** How the newcomer fared. */
import { count, format, sum } from '@hanse/sdk/money';
import type { ClearingBlock, ClearingBooks, ClearingEvent } from '../books/clearing.ts';
import { DEPOSIT, ON_LINES, REFUSED } from '../plan/newcomer.ts';
import { LINES_OF_NEWCOMER, NEWCOMER, shopAt } from '../plan/shops.ts';
import type { Journal } from '../play/journal.ts';
import { timeOf } from './time.ts';

/** What became of the newcomer, by block. */
export function newcomerStory(name: string, journal: Journal, clearing: ClearingBooks): string {
	const { institution: id } = shopAt(NEWCOMER);
	const lines: [block: number, now: number, what: string][] = [];
	const tell = ({ block, now }: Pick<ClearingBlock, 'block' | 'now'>, what: string) => lines.push([block, now, what]);
	const find = (holds: (event: ClearingEvent) => boolean) => journal.clearing.find(({ events }) => events.some(holds));
	const limits = sum(LINES_OF_NEWCOMER.map(({ limit }) => limit));
	const granted = find((event) => event.kind === 'lineGranted' && event.debtor === id);
	if (granted) tell(granted, `is a member, and ${LINES_OF_NEWCOMER.length} others let it owe them up to ${short(limits)} together`);
	const drawn = find((event) => event.kind === 'reserveChanged' && event.member === id && event.by.startsWith('-'));
	if (drawn) tell(drawn, 'takes out of its reserve what the rules let it, down to a tenth of what its points are worth');
	const spent = find((event) => event.kind === 'obligationSettled' && event.debtor === id && BigInt(event.onLine) > 0n);
	if (spent) tell(spent, `its points pay ${short(sum(ON_LINES.map(({ price }) => price)))} at ${ON_LINES.length} partners, on lines`);
	const bond = find((event) => event.kind === 'bondDrawn' && event.debtor === id);
	if (bond) tell(bond, 'its bond pays');
	for (const late of clearing.late.filter(({ member }) => member === id)) {
		if (late.kind === 'overdueEnded') tell(late, 'the cycle ends: it has paid, is on time again, and its points pay everywhere');
		else if (late.age === 1) tell(late, `the cycle ends: its reserve pays a part, ${short(late.unpaid)} are overdue, and its points pause at partners`);
		else tell(late, `the cycle ends: ${short(late.unpaid)} are overdue for ${late.age} cycles`);
	}
	const { paused } = journal;
	if (paused) tell(paused, `a payment of ${short(REFUSED.price)} at a partner would be refused: ${paused.reason}`);
	const paid = find((event) => event.kind === 'reserveChanged' && event.member === id && BigInt(event.by) === DEPOSIT);
	if (paid) tell(paid, `puts ${short(DEPOSIT)} into its reserve: a deposit that the agent reported and the auditor confirmed`);
	const rows = lines.sort(([a], [b]) => a - b).map(([block, now, what]) => [count(block), timeOf(now, journal.start.firstBlock), what]);
	return [`${name}, which nobody knew (seconds are after the first block):`, ...rows.map(([block = '', at = '', what]) => `  block ${block.padStart(3)} ${at.padStart(7)}  ${what}`)].join('\n');
}

/** A round amount, to the hundredth. */
const short = (micro: bigint) => format(micro / 10_000n, 2);
