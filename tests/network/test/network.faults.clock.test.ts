/** The clock of one authority is half a minute ahead, and then behind: the others go on, and it follows when its clock is right. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { type Chain, sleep, untilFinal } from '../lib/chain.ts';
import type { Fleet } from '../lib/fleet.ts';
import { wellKnown } from '../lib/keys.ts';
import { binary } from '../lib/node.ts';
import { recentAuthors } from './alliance.ts';
import { clockOff, noOtherClock } from './clock.ts';
import { type Payments, oneChain, open } from './payments.ts';

/** Seconds. */
const OFF = 30;
const skip = noOtherClock();
const dave = wellKnown('Dave').address;

let fleet: Fleet;
let payments: Payments;
before(async () => {
	if (skip) return;
	({ fleet, payments } = await open());
	await payments.start();
});
after(async () => {
	await payments?.stop();
	await fleet?.stop();
});

const best = async ({ api }: Chain) => (await api.rpc.chain.getHeader()).number.toNumber();

/** What `hanse doctor` finds at fault on the machine whose clock it is. */
const doctor = (url: string, env: NodeJS.ProcessEnv) =>
	new Promise<string[]>((resolve) => {
		execFile(binary(), ['doctor', '--json', '--rpc-url', url.replace('ws', 'http'), '--watch', '6'], { env: { ...process.env, ...env } }, (_, out) => {
			const findings: { level: string; about: string; seen: string }[] = JSON.parse(out).findings;
			resolve(findings.filter(({ level }) => level === 'FAULT').map(({ about, seen }) => `${about}: ${seen}`));
		});
	});

/** What the doctor finds: who is behind gets no block from the others, by which its clock could be compared. */
const finds = { ahead: /^clock: .*this machine is ahead/, behind: /^(clock: .*behind the chain|blocks: none came)/ } as const;

for (const [seconds, where] of [[OFF, 'ahead'], [-OFF, 'behind']] as const) {
	test(`a clock that is ${OFF} s ${where} stops nobody else, and it is said`, { timeout: 400_000, skip }, async (t) => {
		const others = fleet.peer('Archive').chain;
		await fleet.end('Dave', 'SIGTERM');
		const env = clockOff(seconds);
		const { node } = await fleet.start('Dave', env);
		// Until what it made before has been overtaken.
		await sleep(10_000);
		const from = await best(others);
		await payments.more(50);
		await untilFinal(others.api, from + 16, 90_000);
		assert.ok(!(await recentAuthors(others, 12)).includes(dave), 'a block of its clock is on the chain');
		const found = await doctor(node.url, env);
		t.diagnostic(found.join('; '));
		assert.ok(found.some((line) => finds[where].test(line)), 'the doctor does not find it');
		// The others refuse what it makes.
		if (where === 'ahead') assert.match(fleet.peer('Archive').node.log().join('\n'), /too far in the future/);

		await fleet.end('Dave', 'SIGTERM');
		const { chain } = await fleet.start('Dave');
		await untilFinal(chain.api, await best(others), 90_000);
		await payments.more(20);
		for (let tries = 0; !(await recentAuthors(others, 8)).includes(dave); tries++) {
			assert.ok(tries < 60, 'it makes no blocks with the right clock');
			await sleep(1_000);
		}
	});
}

test('and in the end there is one chain', { timeout: 300_000, skip }, async (t) => t.diagnostic(await oneChain(fleet, payments)));
