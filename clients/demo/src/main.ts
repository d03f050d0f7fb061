/** The player's command line; see `USAGE`. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { institutions } from '@hanse/sdk/pjs/alliance';
import { type Chain, connect, ConnectionLost, messageOf, sleep } from '@hanse/sdk/pjs/chain';
import { count } from '@hanse/sdk/money';
import { MalformedRow, parsePurchases } from './csv.ts';
import { Customers } from './customers.ts';
import { AT_HOME, ON_LINES, REGULARS } from './debut.ts';
import { follow } from './follow.ts';
import { Journal, JournalError } from './journal.ts';
import { type Plan, makePlan } from './plan.ts';
import { play } from './play.ts';
import { ProgressBar } from './progress.ts';
import { begin, settle } from './recall.ts';
import { clearingTables } from './ledger.ts';
import { summary, tables } from './report.ts';
import { LINES, LINES_OF_NEWCOMER, LONGEST_PENDING, SHOPS } from './shops.ts';
import { standingTable } from './standing.ts';
import { type PendingAward, UnexpectedState, assetOf, eraAt, readPending, readRules, readState, readTimes } from './state.ts';
import { clearingOf, compare, compareClearing, compareMoney } from './verify.ts';

const PURCHASES = fileURLToPath(new URL('../../../tests/data/purchases.csv', import.meta.url));

const USAGE = `Usage: npm run play -- [options]

Plays purchases into a development chain: the shops register their customers, award points for every
purchase and take some back; the customers, whose wallets are empty, pay with points, give them away and
exchange them. Meanwhile the shops let each other owe, and a fifth one joins by a vote, spends more than it
has, and pays when the rules have caught it. Then compares the chain's state with the player's own books, to
the unit.
Playing again goes on where it stopped, and when all is there, only compares.

  --url URL         the node (default: ws://127.0.0.1:9944)
  --purchases FILE  CSV with customer,date,items,amount_usd (default: tests/data/purchases.csv)
  --journal FILE    what the player must remember of this chain (default: play.jsonl); one for each chain
  --limit N         only the first N purchases
  --help            this text

Examples:
  npm run play
  npm run play -- --limit 500 --journal /tmp/short.jsonl
  npm run play -- --url ws://127.0.0.1:9945 --purchases mine.csv --journal mine.jsonl

Exit codes: 0 the books equal the chain's state, 1 they do not, or the chain refused something,
2 wrong usage or a malformed file (nothing was sent), 3 no connection, or it was lost: play again.`;

class WrongUsage extends Error {}

interface Options {
	url: string;
	purchases: string;
	journal: string;
	limit: number | undefined;
}

function readOptions(): Options | undefined {
	let values;
	try {
		({ values } = parseArgs({
			options: {
				url: { type: 'string', default: 'ws://127.0.0.1:9944' },
				purchases: { type: 'string', default: PURCHASES },
				journal: { type: 'string', default: 'play.jsonl' },
				limit: { type: 'string' },
				help: { type: 'boolean', short: 'h', default: false },
			},
		}));
	} catch (error) {
		throw new WrongUsage(messageOf(error));
	}
	if (values.help) return undefined;
	if (values.limit !== undefined && !/^[1-9]\d{0,8}$/.test(values.limit)) {
		throw new WrongUsage(`--limit ${values.limit}: give a number of purchases`);
	}
	const { url, purchases, journal, limit } = values;
	if (!/^wss?:\/\//.test(url)) throw new WrongUsage(`--url ${url}: give an address like ws://127.0.0.1:9944`);
	return { url, purchases, journal: resolve(journal), limit: limit === undefined ? undefined : Number(limit) };
}

/** Of everything that the plan sends: of the purchases as well as of the rules. */
function hashOf({ steps }: Plan): string {
	const text = JSON.stringify([steps, LINES, LINES_OF_NEWCOMER, REGULARS, ON_LINES, AT_HOME], (_, value) => (typeof value === 'bigint' ? `${value}` : value));
	return createHash('sha256').update(text).digest('hex');
}

/** The plan of the purchases file, and a hash that tells it from others. */
function readPlan({ purchases: file, limit }: Options): { plan: Plan; hash: string } {
	let text;
	try {
		text = readFileSync(file, 'utf8');
	} catch (error) {
		throw new WrongUsage(messageOf(error));
	}
	const { purchases, skipped } = parsePurchases(text, file);
	const plan = makePlan(purchases.slice(0, limit));
	console.log(`${relative('', file)}: ${summary(plan)}.`);
	if (skipped > 0) console.log(`Skipped: ${count(skipped)} rows with a zero amount, which earn nothing.`);
	if (plan.tooSmall > 0) console.log(`Skipped: ${count(plan.tooSmall)} purchases that earn less than one smallest unit.`);
	console.log('The data is of one shop; which of the four shops a purchase is at, and what customers do, is made up.');
	return { plan, hash: hashOf(plan) };
}

async function main(): Promise<number> {
	const options = readOptions();
	if (!options) {
		console.log(USAGE);
		return 0;
	}
	const { plan, hash } = readPlan(options);
	const journal = new Journal(options.journal);
	const chain = await connect(options.url, 60_000);
	try {
		return await playAndCompare(chain, plan, hash, journal);
	} catch (error) {
		// What fails first when a node goes away is whatever request was under way.
		if (!chain.api.isConnected) throw new ConnectionLost(`lost the connection to ${options.url}`);
		// The library's own time-out.
		if (messageOf(error).startsWith('No response received')) throw new ConnectionLost(messageOf(error));
		throw error;
	} finally {
		journal.close();
		await chain.close().catch(() => {});
	}
}

async function playAndCompare(chain: Chain, plan: Plan, hash: string, journal: Journal): Promise<number> {
	const resumed = journal.start !== undefined;
	const here = await settle(chain);
	await begin(chain, here, journal, hash);
	const bar = new ProgressBar(plan.awarded);
	const started = Date.now();
	const firstBlock = resumed ? null : journal.start?.firstBlock;
	const since = (begin: number, end: number) => `${((end - begin) / 1_000).toFixed(1)} s`;
	const sent = await play(chain, here, plan, journal, (progress) => bar.show(progress)).finally(() => bar.end());
	if (!sent) {
		console.log('All of this is on the chain already; nothing was sent.');
	} else {
		const { transactions, played, over } = sent;
		const perSecond = Math.round((transactions * 1_000) / (played - started));
		const rate = `${count(transactions)} transactions final in ${since(started, played)} (${perSecond} tx/s)`;
		console.log(firstBlock ? `${rate}, ${since(firstBlock, played)} after the first block.` : `${rate}.`);
		console.log(`Nobody owes anything on lines${firstBlock ? ` ${since(firstBlock, over)} after it` : ''}.`);
	}
	return conclude(chain, plan, journal);
}

/** Waits for what an earlier play issued right before it was cut short. */
async function untilNothingIsPending(chain: Chain, programs: number[]): Promise<void> {
	const deadline = Date.now() + 10 * LONGEST_PENDING;
	const isOurs = ({ asset }: PendingAward) => programs.map(assetOf).includes(asset);
	while ((await readPending(chain, 1_000)).some(isOurs) && Date.now() < deadline) await sleep(200);
}

/** Shows the chain's state and whether the books equal it. */
async function conclude(chain: Chain, plan: Plan, journal: Journal): Promise<number> {
	const { start, programs } = journal;
	if (!start || programs?.length !== SHOPS.length) throw new JournalError(`${journal.path} is not complete`);
	await untilNothingIsPending(chain, programs);
	const { block, state, now } = await settle(chain);
	await follow(chain, block, journal);
	const clearing = clearingOf(start, journal.cleared);
	const kept = plan.steps.flatMap(({ batches }) => batches).filter(({ id }) => journal.kept.has(id));
	for (const { shop, awards } of kept) awards.forEach(({ customer, points }) => plan.books.keep(customer, shop, points));
	for (const [shop, program] of programs.entries()) {
		if ((await readTimes(state, program)).expires <= now) plan.books.expire(shop);
	}
	const found = await readState(state, programs);
	const { refundWindow } = await readRules(state);
	if (eraAt(now) > (journal.firstEra ?? 0) + refundWindow) {
		// Of the oldest payments it is with the pot by now; together it must be what the books say.
		found.deposits.forEach(({ interchange }, shop) => plan.books.collect(shop, interchange - (plan.books.collected[shop] ?? 0n)));
	}
	const all = await institutions(state);
	const names = SHOPS.map(({ institution }) => all.find(({ id }) => id === institution)?.name ?? '');

	console.log(`\nThe alliance at block ${count(block.number)}, which is final:\n`);
	console.log(tables(names, found, start.reserves.map(BigInt)));
	console.log(`\n${clearingTables(names, found, clearing, journal)}`);
	const [symbols, ids] = [SHOPS.map(({ symbol }) => symbol), SHOPS.map(({ institution }) => institution)];
	console.log(`\nWho keeps the rules and who does not, as they would end this era:\n`);
	console.log(await standingTable(state, symbols, ids));
	console.log('');
	for (const [id, reason] of [...journal.refused].slice(0, 10)) red(`refused: action ${id}: ${reason}`);
	if (journal.refused.size > 10) red(`and ${journal.refused.size - 10} more refused`);
	if (kept.length > 0) console.log(`Returned too late, since the play was cut short, and kept: ${kept.length} awards.\n`);
	const customers = new Customers(start);
	const differences = [
		...compare(plan, start, found, customers), ...compareClearing(plan, start, found, clearing),
		...(await compareMoney(plan, state, customers)),
	];
	for (const difference of differences.slice(0, 20)) red(`differs: ${difference}`);
	if (differences.length > 20) red(`and ${differences.length - 20} more differences`);
	if (differences.length + journal.refused.size > 0) {
		red('The books do not equal the chain. If others used this chain as well, play into a fresh one.');
		return 1;
	}
	console.log(`Books equal: every flow, reserve, obligation, position and all ${count(plan.customers.length + REGULARS.length)} customers' points, to the unit;`);
	console.log('no customer has any settlement units.');
	return 0;
}

function red(text: string): void {
	console.error(process.stderr.isTTY ? `\x1b[31m${text}\x1b[0m` : text);
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
	if (error instanceof ConnectionLost) {
		red(`${error.message}. What was final is final: start the node on the same data and play again, and it goes on from there.`);
		return 3;
	}
	throw error;
}

process.exitCode = await main().catch(exitCode);
