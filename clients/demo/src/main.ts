/** Plays purchases into a development chain and compares the books; see `USAGE` in `options.ts`. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { type Chain, ConnectionLost, connect, messageOf } from '@hanse/sdk/chain';
import { NotDone, Silent } from '@hanse/sdk/gateway';
import { count } from '@hanse/sdk/money';
import { UnexpectedState } from './chain/errors.ts';
import { atRest } from './chain/snapshot.ts';
import { type Options, USAGE, WrongUsage, readOptions } from './options.ts';
import { AT_HOME, ON_LINES, REGULARS } from './plan/newcomer.ts';
import { type Plan, makePlan } from './plan/plan.ts';
import { MalformedRow, parsePurchases } from './plan/purchases.ts';
import { LINES, LINES_OF_NEWCOMER } from './plan/shops.ts';
import { Journal, JournalError } from './play/journal.ts';
import { play } from './play/play.ts';
import { begin } from './play/start.ts';
import { Systems } from './play/systems.ts';
import { conclude } from './report/conclude.ts';
import { ProgressBar } from './report/progress.ts';
import { red } from './report/red.ts';
import { summary } from './report/shops.ts';

/** Of everything that the plan sends: of the purchases as well as of the rules. */
function hashOf({ steps }: Plan): string {
	const all = [steps, LINES, LINES_OF_NEWCOMER, REGULARS, ON_LINES, AT_HOME];
	const text = JSON.stringify(all, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
	return createHash('sha256').update(text).digest('hex');
}

function readPlan({ purchases: file, limit }: Options): Plan {
	let text;
	try {
		text = readFileSync(file, 'utf8');
	} catch (error) {
		throw new WrongUsage(`--purchases ${file}: ${messageOf(error)}`);
	}
	const { purchases, skipped } = parsePurchases(text, file);
	const plan = makePlan(purchases.slice(0, limit));
	console.log(`${relative('', file)}: ${summary(plan)}.`);
	if (skipped > 0) console.log(`Skipped: ${count(skipped)} rows with a zero amount, which earn nothing.`);
	if (plan.tooSmall > 0) console.log(`Skipped: ${count(plan.tooSmall)} purchases that earn less than one smallest unit.`);
	console.log('The data is of one shop; which of the four shops a purchase is at, and what customers do, is made up.');
	return plan;
}

async function main(): Promise<number> {
	const options = readOptions(process.argv.slice(2));
	if (!options) {
		console.log(USAGE);
		return 0;
	}
	const plan = readPlan(options);
	const systems = new Systems(options.gateway);
	const journal = new Journal(options.journal);
	const chain = await connect(options.url, 60_000);
	try {
		// What fails first when a node goes away is whatever was under way.
		return await Promise.race([playAndCompare(chain, plan, journal, systems), chain.lost]);
	} finally {
		journal.close();
		chain.close();
	}
}

async function playAndCompare(chain: Chain, plan: Plan, journal: Journal, systems: Systems): Promise<number> {
	const isNew = !journal.isBegun;
	const here = await atRest(chain);
	await begin(chain, here, journal, hashOf(plan));
	const bar = new ProgressBar(plan.awarded);
	const started = Date.now();
	const result = await play(chain, here, plan, journal, systems, bar).finally(() => bar.end());
	if (!result) {
		console.log('All of this is on the chain already; nothing was sent.');
		return conclude(chain, plan, journal, systems);
	}
	const firstBlock = isNew ? journal.start.firstBlock : null;
	const since = (begin: number, end: number) => `${((end - begin) / 1_000).toFixed(1)} s`;
	const { operations, transactions, repeated, played, over } = result;
	const rate = `${count(operations)} operations of the gateway and ${count(transactions)} other transactions final in ${since(started, played)}`;
	console.log(firstBlock === null ? `${rate}.` : `${rate}, ${since(firstBlock, played)} after the first block.`);
	if (repeated > 0) console.log(`${count(repeated)} times a request had no answer and was asked again, with the same idempotency key.`);
	console.log(`Nobody owes anything on lines${firstBlock === null ? '' : ` ${since(firstBlock, over)} after it`}.`);
	return conclude(chain, plan, journal, systems);
}

function exitCode(error: unknown): number {
	if (error instanceof WrongUsage) {
		red(`${error.message}; see --help`);
		return 2;
	}
	if (error instanceof MalformedRow || error instanceof JournalError) {
		red(`${error.message}. Nothing was sent.`);
		return 2;
	}
	if (error instanceof UnexpectedState) {
		red(`${error.message}.`);
		return 1;
	}
	if (error instanceof NotDone) {
		red(`The gateway does not do what a shop asks for: ${error.message}`);
		return 1;
	}
	if (error instanceof Silent) {
		red(`${error.message}. What was asked for is not lost: start the gateway on the same data and play again.`);
		return 3;
	}
	if (error instanceof ConnectionLost) {
		red(`${error.message}. What was final is final: start the node on the same data and play again, and it goes on from there.`);
		return 3;
	}
	throw error;
}

// Whatever still asks the gateway for something need not hear the end of it.
process.exit(await main().catch(exitCode));
