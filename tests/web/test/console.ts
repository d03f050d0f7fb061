/** The institution's people at the console: what they decide, what they award, what they run, and what they look into. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { wellKnown } from '@hanse/sdk/keys';
import { hashOf, utf8 } from '@hanse/sdk/bytes';
import type { Browser } from 'playwright-core';
import { type Person, launch, person } from '../lib/browser.ts';
import { DESK, agree, at, decided, hold, signIn } from '../lib/desk.ts';
import { eventually } from '../lib/expect.ts';
import { faults, picture } from '../lib/looks.ts';
import { accountOf, beginWallet, openTill, register, usable } from '../lib/people.ts';
import { type World, open } from '../lib/world.ts';

let world: World;
let browser: Browser;
let sky = 0;
const run = Date.now();

describe('at the console', () => {
	before(async () => {
		world = await open();
		[sky] = await world.programs();
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
	});

	test('delegates propose an amendment within its bounds, and carry it', async () => {
		const [alice, bob, charlie] = (await Promise.all(['//Alice', '//Bob', '//Charlie'].map(async (secret) => {
			const one = await person(browser, DESK);
			await hold(one, world, secret);
			return one;
		}))) as [Person, Person, Person];
		const page = await at(alice, world, 'delegate/Propose');
		await page.locator('select[name=RULE]').selectOption('answer');
		const bounds = (await page.locator('[data-test=bounds]').textContent()) ?? '';
		const most = /One amendment makes it .*? to (.*?)\./.exec(bounds)?.[1];
		assert.ok(most, bounds);
		// What the chain would refuse is refused before anything is signed.
		await page.locator('input[name=VALUE]').fill('1ms');
		await page.getByRole('button', { name: 'Show what it would do' }).click();
		await page.getByText(/one amendment makes answer/).waitFor();
		await page.locator('input[name=VALUE]').fill(most.replaceAll('min', 'm').replaceAll(' ', ''));
		await page.getByRole('button', { name: 'Show what it would do' }).click();
		await page.locator('[data-test=confirm]').waitFor();
		await picture(page, 'console-propose');
		assert.match(await agree(page), /Put to the vote: amend the rule answer to/);
		for (const one of [alice, bob, charlie]) {
			await at(one, world, 'delegate/Motions');
			await one.page.locator('[data-test=motion]', { hasText: 'amend the rule answer' }).getByRole('button', { name: 'Vote aye' }).click();
			assert.match(await agree(one.page), /Vote aye: amend the rule answer to/);
		}
		const motion = charlie.page.locator('[data-test=motion]', { hasText: 'amend the rule answer' });
		await picture(charlie.page, 'console-motions');
		await motion.getByRole('button', { name: 'Close it' }).click();
		await agree(charlie.page);
		await charlie.page.locator('[data-test=pending]', { hasText: 'amend the rule answer' }).waitFor();
		assert.equal(await motion.count(), 0);
		for (const one of [alice, bob, charlie]) assert.deepEqual(one.complaints, []);
		await Promise.all([alice, bob, charlie].map(({ context }) => context.close()));
	});

	test('an operator awards a list with bad lines: each has its result, and the same list again awards nothing twice', async () => {
		const one = await person(browser, DESK);
		const page = await signIn(one, world, await world.access(1, 'issuer'), 'operator/Issue');
		const [eve, ferdie] = [wellKnown('Eve').address, wellKnown('Ferdie').address];
		const lines = [`${sky},L1-${run},${eve},100`, `${sky},L2-${run},${eve},-5`, `${sky},L3-${run},nobody,10`, `${sky},L4-${run},${ferdie},7`, `999,L5-${run},${eve},1`];
		await page.locator('textarea[name=csv]').fill(['program,order,to,points', ...lines].join('\n'));
		const send = page.getByRole('button', { name: 'Award them all' });
		await send.click();
		await page.getByText('5 lines, 3 refused.').waitFor();
		const rows = page.locator('[data-test=results] tbody tr');
		const results = () => rows.evaluateAll((all) => all.map((row) => (row.lastElementChild?.textContent ?? '').trim()));
		const first = await eventually('both are final', results, (all) => all.filter((text) => text === 'final').length === 2);
		assert.equal(first.length, 5);
		for (const bad of [1, 2, 4]) assert.ok((first[bad] ?? '').length > 20, `line ${bad + 1}: ${first[bad]}`);
		assert.deepEqual(await faults(page), []);
		await picture(page, 'console-award');
		await send.click();
		await eventually('the same again', results, (all) => all.filter((text) => /was there before/.test(text)).length === 2);
		await at(one, world, 'operator/Operations');
		await page.locator('[data-test=operations] tbody tr', { hasText: `L1-${run}` }).waitFor();
		await one.context.close();
	});

	test('an authority makes new keys, sets them, and sees its blocks', async () => {
		const one = await person(browser, DESK);
		const page = await hold(one, world, '//Alice', 'authority/Keys');
		await at(one, world, 'authority/Keys');
		const aura = () => page.locator('.facts dd').first().textContent();
		const before = await aura();
		await page.locator('[data-test=rotate]').click();
		assert.match(await agree(page), /Set new keys of the authority/);
		const now = await eventually('other keys', aura, (text) => text !== before);
		assert.match(now ?? '', /^0x[0-9a-f]{64}$/);
		await at(one, world, 'authority/Blocks');
		const row = page.locator('[data-test=blocks] tbody tr', { hasText: 'Alster Air' });
		await eventually('blocks', async () => Number(await row.locator('td').nth(1).textContent()), (made) => made > 0);
		await page.locator('[data-test=plot] canvas').waitFor();
		await picture(page, 'console-blocks');
		await one.context.close();
	});

	test('a supervisor stops a customer\'s points, and the wallet says so', async () => {
		const eve = wellKnown('Eve').address;
		const [one, customer, till] = await Promise.all([person(browser, DESK), person(browser), person(browser)]);
		const until = BigInt(run + 30 * 86_400_000);
		const scope = { type: 'All', value: undefined } as const;
		await decided(world, ({ api }) => api.tx.Supervision.appoint_supervisor({ account: eve, level: { type: 'Halt', value: undefined }, scope, until }));
		await beginWallet(customer, world);
		await openTill(till, world, await world.access(1, 'till', `T8-${run % 100_000}`));
		await register(till, customer, world, `H-${run}`);
		const account = /a=(\w+)$/.exec(await accountOf(customer, world))?.[1] ?? '';
		await world.api('/v1/awards', await world.access(1, 'issuer'), { program: sky, order: `halt-${run}`, to: account, points: '500' });
		await customer.page.goto(`${world.web}/wallet/#points`);
		await eventually('points', () => usable(customer, sky), (units) => units === 500);

		const page = await hold(one, world, '//Eve', 'supervisor/Halts');
		await page.locator('select[name=kind]').selectOption('Customer');
		await page.locator('input[name=which]').fill(account);
		await page.locator('input[name=length]').fill('1h');
		const reason = utf8('A phone was stolen.');
		await page.locator('input[type=file]').setInputFiles({ name: 'reason.txt', mimeType: 'text/plain', buffer: Buffer.from(reason) });
		await eventually('its hash', () => page.locator('input[name=hash]').inputValue(), (text) => text === hashOf(reason));
		await page.getByRole('button', { name: 'Stop it' }).click();
		await picture(page, 'console-halt');
		assert.match(await agree(page), /Stop the customer .* for 1h\. Points are not lost/);
		await page.locator('[data-test=halts] tbody tr', { hasText: account }).waitFor();
		await at(one, world, 'supervisor/Log');
		await page.locator('[data-test=log] tbody tr', { hasText: `stopped the customer ${account}` }).waitFor();

		await customer.page.goto(`${world.web}/wallet/#points`);
		await customer.page.locator('[data-test=stopped]', { hasText: 'A supervisor has stopped your points for now.' }).waitFor();
		assert.equal(await customer.page.getByRole('link', { name: 'Pay', exact: true }).count(), 1, 'only that of the menu');
		assert.deepEqual(await faults(customer.page), []);
		await Promise.all([one, customer, till].map(({ context }) => context.close()));
	});

	test('a document and a number are checked against what the chain has', async () => {
		const one = await person(browser, DESK);
		const page = await at(one, world, 'supervisor/Check');
		const verdict = page.locator('[data-test=verdict]');
		await page.locator('input[name=salt]').fill('01'.repeat(32));
		await page.locator('input[name=number]').fill('A-1');
		// As the gateway makes it, and openssl.
		await page.locator('input[name=expected]').fill('0xc90275b71e8d8a1004ffabf28e6acf0964dfbff2fde37d26332bde813ac2a076');
		await verdict.getByText('That is what the chain has.').waitFor();
		await page.locator('input[name=number]').fill('A-2');
		await verdict.getByText('The chain has something else.').waitFor();
		await one.context.close();
	});
});
