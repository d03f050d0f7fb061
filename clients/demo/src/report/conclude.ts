/** Shows the chain's state, and whether the books equal it. */
import type { Api, Chain } from '@hanse/sdk/chain';
import { count } from '@hanse/sdk/money';
import { clearingOf, compareClearing } from '../books/compare-clearing.ts';
import { compare, compareMoney } from '../books/compare.ts';
import { noteClearing } from '../chain/clearing-events.ts';
import { readEras } from '../chain/eras.ts';
import { readTimes, untilNothingIsPending } from '../chain/programs.ts';
import { type Snapshot, atRest } from '../chain/snapshot.ts';
import { type ChainState, readNames, readRules, readState } from '../chain/state.ts';
import { REGULARS } from '../plan/newcomer.ts';
import type { Plan } from '../plan/plan.ts';
import { NEWCOMER } from '../plan/shops.ts';
import { Customers } from '../play/customers.ts';
import { type Journal, JournalError } from '../play/journal.ts';
import type { Systems } from '../play/systems.ts';
import { clearingTables } from './clearing.ts';
import { compareIndex, indexBooks, indexTable } from './index.ts';
import { newcomerStory } from './newcomer.ts';
import { red } from './red.ts';
import { tables } from './shops.ts';
import { standingTable } from './standing.ts';

const MAX_REFUSED_SHOWN = 10;
const MAX_DIFFERENCES_SHOWN = 20;

/** Returns the exit code: 0 if the books equal the chain. */
export async function conclude(chain: Chain, plan: Plan, journal: Journal, systems: Systems): Promise<number> {
	const { start, allPrograms: programs } = journal;
	if (!programs) throw new JournalError(`${journal.path} is not complete`);
	// An earlier play may have issued something right before it was cut short.
	await untilNothingIsPending(chain, programs);
	const here = await atRest(chain);
	await Promise.all([noteClearing(chain, here, journal), systems.untilIndexed(here.block.number)]);
	const { api } = chain;
	const found = await readState(api, programs, here.at);
	await bringUpToDate(plan, journal, programs, found, api, here);

	const clearing = clearingOf(start, journal.clearing);
	const names = await readNames(api, here.at);
	console.log(`\nThe alliance at block ${count(here.block.number)}, which is final:\n`);
	console.log(tables(names, found, start.reserves.map(BigInt)));
	console.log(`\n${clearingTables(found, clearing, journal)}`);
	console.log(`\n${newcomerStory(names[NEWCOMER] ?? '', journal, clearing)}`);
	const index = await indexBooks(plan, api, here, found, clearing, systems);
	console.log(`\n${indexTable(index)}`);
	console.log(`\nWho keeps the rules and who does not, as they would end this era:\n`);
	console.log(`${await standingTable(api, here.at)}\n`);
	showAtMost(MAX_REFUSED_SHOWN, 'refused', [...journal.refused].map(([id, reason]) => `refused: action ${id}: ${reason}`));
	if (journal.kept.size > 0) console.log(`Returned too late, since the play was cut short, and kept: ${journal.kept.size} awards.\n`);

	const customers = new Customers(start);
	const differences = [
		...compare(plan, start, found, customers), ...compareClearing(plan, start, found, clearing),
		...(await compareMoney(plan, api, here.at, customers)), ...compareIndex(index),
	];
	showAtMost(MAX_DIFFERENCES_SHOWN, 'differences', differences.map((difference) => `differs: ${difference}`));
	if (differences.length + journal.refused.size > 0) {
		red('The books do not equal the chain. If others used this chain as well, play into a fresh one.');
		return 1;
	}
	const holders = count(plan.customers.length + REGULARS.length);
	console.log(`Books equal: every flow, reserve, obligation, position and all ${holders} customers' points, to the unit;`);
	console.log('no customer has any settlement units. The gateway\'s index says the same.');
	return 0;
}

/** Puts into the books what came of the plan by time alone: awards that matured too soon, expiry, closed receipts. */
async function bringUpToDate(plan: Plan, journal: Journal, programs: number[], found: ChainState, api: Api, here: Snapshot): Promise<void> {
	const kept = plan.steps.flatMap(({ batches }) => batches).filter(({ id }) => journal.kept.has(id));
	for (const { shop, awards } of kept) awards.forEach(({ customer, points }) => plan.books.keep(customer, shop, points));
	for (const [shop, program] of programs.entries()) {
		if ((await readTimes(api, program, here.at)).expires <= here.now) plan.books.expire(shop);
	}
	const [{ current }, { refund_window: refundWindow }] = await Promise.all([readEras(api, here), readRules(api, here.at)]);
	if (current <= (journal.firstEra ?? 0) + refundWindow) return;
	// Of the oldest payments it is with the pot by now; together it must be what the books say.
	found.reserveFlows.forEach(({ interchange }, shop) => plan.books.collect(shop, interchange - (plan.books.collected[shop] ?? 0n)));
}

function showAtMost(most: number, what: string, lines: string[]): void {
	lines.slice(0, most).forEach(red);
	if (lines.length > most) red(`and ${lines.length - most} more ${what}`);
}
