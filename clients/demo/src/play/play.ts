/** A play: what of it is on the chain already, and what is still to be done. */
import type { Chain } from '@hanse/sdk/chain';
import { noteClearing } from '../chain/clearing-events.ts';
import { readPrograms } from '../chain/programs.ts';
import type { Snapshot } from '../chain/snapshot.ts';
import type { Plan } from '../plan/plan.ts';
import { FOUNDERS, LINES, NEWCOMER } from '../plan/shops.ts';
import { Customers } from './customers.ts';
import type { Journal } from './journal.ts';
import { missingLines } from './lines.ts';
import { Newcomer } from './newcomer.ts';
import { type Played, Player, type Screen } from './player.ts';
import { Remaining } from './remaining.ts';
import { ensureFirstPeriod } from './start.ts';
import type { Systems } from './systems.ts';

/** Plays what the journal does not know as done; nothing if all is. */
export async function play(
	chain: Chain,
	here: Snapshot,
	plan: Plan,
	journal: Journal,
	systems: Systems,
	screen: Screen,
): Promise<Played | undefined> {
	const customers = new Customers(journal.start);
	await noteClearing(chain, here, journal);
	const programs = journal.allPrograms ?? (await readPrograms(chain.api, here.at));
	const todo = {
		withoutProgram: [...FOUNDERS.keys()].filter((shop) => programs[shop] === undefined),
		lines: await missingLines(chain.api, LINES, here.at),
		newcomer: await Newcomer.resume(chain, here, programs[NEWCOMER]),
		remaining: await Remaining.find(chain, here, plan, journal, customers),
	};
	const { withoutProgram, lines, newcomer, remaining } = todo;
	const ofPlan = plan.steps.reduce((n, step) => n + remaining.size(step), 0);
	const total = ofPlan + withoutProgram.length + 2 * lines.length + newcomer.transactions;
	if (total === 0) return undefined;

	await ensureFirstPeriod(chain, here, programs);
	const player = await Player.start({ chain, here, plan, journal, customers, systems, total, screen });
	try {
		return await player.play(todo);
	} finally {
		await player.stop();
	}
}
