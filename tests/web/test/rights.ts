/** What customers have a right to: to object when somebody says that their key is lost, to complain, and to be forgotten. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { hashOf } from '@hanse/sdk/bytes';
import type { Browser } from 'playwright-core';
import { type Person, launch, person } from '../lib/browser.ts';
import { DESK, agree, signIn } from '../lib/desk.ts';
import { eventually } from '../lib/expect.ts';
import { faults, picture } from '../lib/looks.ts';
import { accountIn, accountOf, askFor, beginWallet, codeOn, openTill, register, usable } from '../lib/people.ts';
import { type World, open } from '../lib/world.ts';

const reference = `R-${Date.now()}`;
let world: World;
let browser: Browser;
let customer: Person, stranger: Person, till: Person, registrar: Person;
let sky = 0;

describe('what customers have a right to', () => {
	before(async () => {
		world = await open();
		[sky] = await world.programs();
		browser = await launch();
		[customer, stranger, till, registrar] = await Promise.all([person(browser), person(browser), person(browser), person(browser, DESK)]);
		await beginWallet(customer, world);
		await openTill(till, world, await world.access(1, 'till', `T7-${Date.now() % 100_000}`));
		await register(till, customer, world, reference);
		const award = { program: sky, order: `rights-${Date.now()}`, to: accountIn(await accountOf(customer, world)), points: '1000' };
		await world.api('/v1/awards', await world.access(1, 'issuer'), award);
	});

	after(async () => {
		await browser?.close();
	});

	test('a shop recovers a lost key at the console, and the key that is not lost ends it with one button', async () => {
		await beginWallet(stranger, world);
		const link = await accountOf(stranger, world);
		const console = await signIn(registrar, world, await world.access(1, 'registrar'), 'operator/Customers');
		await console.getByLabel('Find by reference or account').fill(reference);
		await console.locator('[data-test=customers] tbody tr', { hasText: reference }).getByRole('button', { name: 'Open' }).click();
		const recover = console.locator('[data-test=recover]');
		await recover.locator('input[name=account]').fill(link);
		await recover.getByRole('button', { name: 'Go on' }).click();
		// The wallet of the other key signs exactly what the chain expects.
		await stranger.page.goto(`${world.web}/wallet/#${await codeOn(console)}`);
		await stranger.page.getByRole('button', { name: 'I agree' }).click();
		await recover.locator('input[name=answer]').fill(await codeOn(stranger.page));
		await recover.getByRole('button', { name: 'Begin the recovery' }).click();
		assert.match(await agree(console), /unless the old key objects/);

		const { page } = customer;
		await page.goto(`${world.web}/wallet/#points`);
		const alarm = page.locator('[data-test=alarm]');
		await alarm.waitFor();
		assert.deepEqual(await faults(page), []);
		await picture(page, 'wallet-alarm');
		await alarm.getByRole('button', { name: 'That was not me' }).click();
		await alarm.waitFor({ state: 'detached' });
		assert.equal(await usable(customer, sky), 1_000);
	});

	test('a payment can be complained about, and the customer sees what the shop does about it', async () => {
		const { page } = customer;
		await page.goto(`${world.web}/wallet/#${await askFor(till, world, '3.00')}`);
		await page.getByRole('button', { name: 'Pay 3.00' }).click();
		await page.locator('[data-kind=pay][data-state=final]').waitFor();
		await page.goto(`${world.web}/wallet/#history`);
		const payment = page.locator('li[data-kind=spent]').first();
		await payment.locator('summary').click();
		await payment.getByLabel('What was wrong?').fill('The book had no last page.');
		await payment.getByRole('button', { name: 'Complain' }).click();
		await payment.locator('[data-kind=complain][data-state=final]').waitFor();
		const complaint = payment.locator('[data-test=complaint]');
		assert.match((await complaint.textContent()) ?? '', /Alster Air has until .*202\d.* to answer\. If it does not, you get back what is left of 3\.00\./);
		const { items } = await eventually('the shop sees it', async () => world.api<{ items: { number: number }[] }>('/v1/complaints', await world.access(1, 'reader')), (page) => page.items.length > 0);

		const answer = Buffer.from('We send you the last page.');
		const body = { up_to: items.at(-1)?.number, document: hashOf(answer) };
		await world.api('/v1/complaints/answers', await world.access(1, 'delegate'), body);
		await payment.locator('[data-step=answered]').waitFor();
		assert.match((await complaint.textContent()) ?? '', /Alster Air has answered your complaint\..* may bring it to a vote until .*202\d/);
		for (const [text, said] of [['We owe you nothing.', 'No, that is not'], [answer.toString(), 'Yes, that is the answer']] as const) {
			await complaint.locator('input[type=file]').setInputFiles({ name: 'answer.txt', mimeType: 'text/plain', buffer: Buffer.from(text) });
			await complaint.locator('[data-test=same]', { hasText: said }).waitFor();
		}
		assert.deepEqual(await faults(page), []);
		await picture(page, 'wallet-complaint');
		// It is the first thing that the customer sees, too.
		await page.goto(`${world.web}/wallet/#points`);
		await page.locator('[data-test=complaint][data-step=answered]').waitFor();
	});

	test('points that are pending say from when on they can be used', async () => {
		const { page } = customer;
		const issuer = await world.access(1, 'issuer');
		const name = `Late ${reference}`;
		const pending = 3 * 86_400_000;
		const terms = { decimals: 0, face_value: 10_000, period: { milliseconds: 2_592_000_000 }, validity: 5_184_000_000, pending };
		await world.api('/v1/programs', issuer, { name, symbol: 'LATE', terms });
		const late = await eventually('the program', async () => {
			const { items } = await world.api<{ items: { program: number; name: string }[] }>('/v1/programs');
			return items.find((one) => one.name === name)?.program ?? 0;
		}, (program) => program > 0);
		const to = accountIn(await accountOf(customer, world));
		for (const points of ['70', '30']) {
			await world.api('/v1/awards', issuer, { program: late, order: `late-${points}-${Date.now()}`, to, points });
		}
		await page.goto(`${world.web}/wallet/#points`);
		const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
		const card = page.locator(`article[data-program="${late}"]`);
		await card.locator('[data-test=maturing]', { hasText: '100 LATE' }).waitFor();
		const said = (await card.locator('[data-test=maturing]').allTextContents()).join();
		assert.ok([-60_000, 0].some((gap) => said === `100 LATE more can be used from ${day.format(Date.now() + pending + gap)} on.`), said);
		assert.equal(await usable(customer, late), 0);
		assert.deepEqual(await faults(page), []);
		await picture(page, 'wallet-pending');
	});

	test('whoever spent something of late is told when the shops can forget', async () => {
		const { page } = customer;
		await page.goto(`${world.web}/wallet/#settings`);
		await page.getByRole('button', { name: 'Have me forgotten' }).click();
		await page.getByRole('button', { name: 'Yes, forget me' }).click();
		await page.getByText('You can be forgotten when that time is over.').waitFor();
	});

	test('whoever spent nothing is forgotten', async () => {
		const { page } = stranger;
		await register(till, stranger, world, `${reference}-2`);
		await page.goto(`${world.web}/wallet/#settings`);
		await page.getByText(/Alster Air knows you since/).waitFor();
		await page.getByRole('button', { name: 'Have me forgotten' }).click();
		await page.getByRole('button', { name: 'Yes, forget me' }).click();
		await page.getByText('No shop knows you.').waitFor();
	});
});
