/** Where a play begins. */
import { randomBytes } from 'node:crypto';
import type { Chain } from '@hanse/sdk/chain';
import { INTERCHANGE } from '../books/books.ts';
import { UnexpectedState } from '../chain/errors.ts';
import { readTimes } from '../chain/programs.ts';
import { type Snapshot, hashOfBlock, readClock } from '../chain/snapshot.ts';
import { readCycle, readOwed, readReserveFlows, readReserves, readRules } from '../chain/state.ts';
import { type Journal, JournalError } from './journal.ts';

/** Blocks for which a node keeps the state, at least. */
const STATES_KEPT = 200;

/** Notes in the journal where a play of `plan` (a hash) begins, or checks that the journal's play can go on here. */
export async function begin(chain: Chain, here: Snapshot, journal: Journal, plan: string): Promise<void> {
	const { interchange, admission_bond: bond } = await readRules(chain.api, here.at);
	if (BigInt(interchange) !== INTERCHANGE) {
		throw new UnexpectedState(`the interchange of this chain is ${interchange} parts per million, and the books are of ${INTERCHANGE}`);
	}
	if (journal.isBegun) return ensureSame(chain, journal, plan);
	await ensureFresh(chain, here, journal);
	const { api } = chain;
	const [reserves, flows, issuance, cycle] = await Promise.all([
		readReserves(api, here.at), readReserveFlows(api, here.at), api.query.Balances.TotalIssuance.getValue(here.at), readCycle(api, here.at),
	]);
	journal.write({
		kind: 'start',
		plan,
		block: here.block,
		salt: secretOf(16),
		secret: secretOf(32),
		tagKey: secretOf(32),
		reserves: reserves.map(String),
		reserveFlows: flows.map(({ toppedUp, drawnDown }) => ({ toppedUp: `${toppedUp}`, drawnDown: `${drawnDown}` })),
		bond: `${bond}`,
		issuance: `${issuance}`,
		cycle,
		firstBlock: here.block.number < STATES_KEPT ? await readClock(api, { at: await hashOfBlock(chain, 1) }) : null,
	});
}

/** The journal is of this plan and of this chain. */
async function ensureSame(chain: Chain, { path, start, checkpoint }: Journal, plan: string): Promise<void> {
	if (start.plan !== plan) throw new JournalError(`${path} is of a play of other purchases; give those, or another journal`);
	if (checkpoint && (await hashOfBlock(chain, checkpoint.number)) !== checkpoint.hash) {
		throw new UnexpectedState(`block ${checkpoint.number}, which was final, is not on this chain: the journal is of another one`);
	}
}

/** Nothing was played on this chain yet. */
async function ensureFresh({ api }: Chain, { at }: Snapshot, { path }: Journal): Promise<void> {
	const [programs, owed] = await Promise.all([api.query.Points.LastProgram.getValue(at), readOwed(api, at)]);
	if (programs === 0 && owed.flat().every((value) => value === 0n)) return;
	throw new UnexpectedState(
		`this chain has ${programs} programs already, and the journal ${path} knows nothing of them: ` +
			'the books could not be compared. Play into a fresh chain, or give the journal of this one',
	);
}

/** The plan knows one vintage of each program; a play that is resumed too late would need another. */
export async function ensureFirstPeriod({ api }: Chain, { now, at }: Snapshot, programs: readonly (number | undefined)[]): Promise<void> {
	for (const program of programs) {
		if (program === undefined || (await readTimes(api, program, at)).periodEnds > now) continue;
		const over = `the first period of program ${program} is over`;
		throw new UnexpectedState(`this play began so long ago that ${over}; play into a fresh chain`);
	}
}

/** A new secret of `bytes` bytes, hexadecimal. */
const secretOf = (bytes: number) => randomBytes(bytes).toString('hex');
