/** The institution's people at the console: what they decide, what they award, what they run, and what they look into. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Person, launch, person } from '../lib/browser.ts';
import { faults, picture } from '../lib/looks.ts';
import { type World, open } from '../lib/world.ts';

let world: World;
let browser: Browser;
const desk = { viewport: { width: 1200, height: 900 } };

/** Opens a screen of the console, as whoever holds a key. */
async function at(one: Person, screen: string): Promise<Page> {
	const { page } = one;
	await page.goto(`${world.web}/console/#${screen}`);
	await page.getByRole('heading', { level: 1 }).waitFor();
	return page;
}

/** Takes up a key for as long as the page is open. */
async function hold({ page }: Person, secret: string): Promise<void> {
	await page.goto(`${world.web}/console/`);
	await page.getByRole('heading', { level: 1 }).waitFor();
	const panel = page.locator('details', { hasText: 'A key that signs' });
	if ((await panel.getAttribute('open')) === null) await panel.locator('summary').click();
	await panel.locator('input[name=secret]').fill(secret);
	await panel.getByRole('button', { name: 'Use it' }).click();
	await page.locator('[data-test=holder]').waitFor();
}

/** Signs what is shown, and answers in what words it was shown. */
async function agree(page: Page): Promise<string> {
	const confirm = page.locator('[data-test=confirm]');
	const words = (await confirm.locator('[data-test=words]').textContent()) ?? '';
	await confirm.locator('[data-test=sign]').click();
	const end = confirm.locator('[data-test=done], [role=alert]').first();
	await end.waitFor();
	assert.equal(await confirm.locator('[role=alert]').count(), 0, `${words}: ${await end.textContent()}`);
	await confirm.getByRole('button', { name: 'Close' }).click();
	return words;
}

describe('at the console', () => {
	before(async () => {
		world = await open();
		await world.programs();
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
	});

	test('delegates propose an amendment within its bounds, and carry it', async () => {
		const [alice, bob, charlie] = await Promise.all(['//Alice', '//Bob', '//Charlie'].map(async (secret) => {
			const one = await person(browser, desk);
			await hold(one, secret);
			return one;
		})) as [Person, Person, Person];
		const page = await at(alice, 'delegate/Propose');
		await page.locator('select[name=RULE]').selectOption('answer');
		const bounds = (await page.locator('[data-test=bounds]').textContent()) ?? '';
		const reach = /One amendment makes it (.*?) to (.*?)\./.exec(bounds);
		assert.ok(reach, bounds);
		// What the chain would refuse is refused before anything is signed.
		await page.locator('input[name=VALUE]').fill('1ms');
		await page.getByRole('button', { name: 'Show what it would do' }).click();
		await page.getByText(/one amendment makes answer/).waitFor();
		await page.locator('input[name=VALUE]').fill((reach[2] ?? '').replace(/ (\w+)/g, (_, unit: string) => (unit === 'min' ? 'm' : unit)).replace(/ /g, ''));
		await page.getByRole('button', { name: 'Show what it would do' }).click();
		await picture(page, 'console-propose');
		assert.match(await agree(page), /Put to the vote: amend the rule answer to/);
		for (const one of [alice, bob, charlie]) {
			await at(one, 'delegate/Motions');
			const motion = one.page.locator('[data-test=motion]', { hasText: 'amend the rule answer' });
			await motion.getByRole('button', { name: 'Vote aye' }).click();
			if (one === bob) assert.deepEqual(await faults(one.page), []);
			assert.match(await agree(one.page), /Vote aye: amend the rule answer to/);
		}
		const motion = charlie.page.locator('[data-test=motion]', { hasText: 'amend the rule answer' });
		await picture(charlie.page, 'console-motions');
		await motion.getByRole('button', { name: 'Close it' }).click();
		await agree(charlie.page);
		await charlie.page.locator('[data-test=pending]', { hasText: 'amend the rule answer' }).waitFor();
		assert.equal(await motion.count(), 0);
		for (const one of [alice, bob, charlie]) assert.deepEqual(one.complaints, []);
	});
});
