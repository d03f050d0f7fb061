/** Other rules: decided by the members, and in force after the notice unless they take them back. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Network } from '../lib/network.ts';
import { writeSpec } from '../lib/spec.ts';
import { RULES, member, memberFails, until } from './alliance.ts';

const network = new Network(
	writeSpec({
		founders: ['Alice', 'Bob', 'Charlie', 'Dave'],
		authorities: ['Alice'],
		// Long enough to take a decision back, on a busy machine too.
		rules: { ...RULES, notice: 40_000 },
	}),
);
let url: string;

before(async () => {
	({ Alice: { node: { url } } } = await network.authorities(['Alice']));
});
after(() => network.stop());

test('an amended rule is in force after its notice, and a retracted amendment never', async () => {
	const decide = async (motion: number) => {
		const seen = member(url, 'Dave', 'watch', `${motion}`);
		for (const name of ['Bob', 'Charlie'] as const) await member(url, name, 'vote', `${motion}`, 'aye');
		await member(url, 'Dave', 'close', `${motion}`);
		assert.match(await seen, /Cog Hotels says aye: 3 of 3[\s\S]*was carried/);
	};
	await memberFails(url, 'Alice', 2, /makes interchange 3750 millionths to 6250/, 'propose', 'amend', 'interchange', '9000');
	const amend = await member(url, 'Alice', 'propose', 'amend', 'interchange', '6000', '--aye');
	assert.match(amend, /The rule interchange is 5000[\s\S]*It takes 3 ayes/);
	await decide(0);
	assert.match(await member(url, 'Bob', 'motions'), /Decision 1, in force from .*: amend the rule interchange to 6000/);
	assert.match(await member(url, 'Bob', 'rules'), /interchange +5000/);

	await member(url, 'Alice', 'propose', 'amend', 'equivocation.fine', '90000', '--aye');
	await decide(1);
	await member(url, 'Alice', 'propose', 'retract', '2', '--aye');
	await memberFails(url, 'Alice', 2, /no decision 3 waits/, 'propose', 'retract', '3');
	await decide(2);
	await until('the end of the notice', 120_000, async () => /interchange +6000/.test(await member(url, 'Bob', 'rules')));
	assert.match(await member(url, 'Bob', 'motions'), /^No motion is open.$/);
	assert.match(await member(url, 'Bob', 'rules'), /equivocation.fine +100000/);
});
