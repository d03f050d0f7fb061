/** Every screen of the console opens, says nothing wrong, is usable by all, and fits on a small one. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { type Person, launch, person } from '../lib/browser.ts';
import { DESK, at, signIn } from '../lib/desk.ts';
import { faults } from '../lib/looks.ts';
import { type World, open } from '../lib/world.ts';

/** By the role that may see them. */
const SCREENS = {
	reader: [
		'operator/Today', 'operator/Customers', 'operator/Programs', 'operator/Statements', 'operator/Sponsor', 'operator/Operations', 'operator/Access',
		'treasurer/Reserve', 'treasurer/Lines', 'treasurer/Positions', 'treasurer/Cycles', 'treasurer/Deposits', 'treasurer/WhatIf',
		'delegate/Motions', 'delegate/Propose', 'delegate/Awake', 'delegate/Rules', 'delegate/Cases', 'authority/Blocks', 'authority/Keys', 'authority/Node',
		'supervisor/Accounts', 'supervisor/Expiry', 'supervisor/Halts', 'supervisor/Requests', 'supervisor/Attestations', 'supervisor/Log', 'supervisor/Check',
		'analyst/Points', 'analyst/Matrix', 'analyst/Netting',
	],
	issuer: ['operator/Issue'],
	admin: ['operator/Webhooks', 'analyst/Exports'],
} as const;

let world: World;
let browser: Browser;
let one: Person;

describe('the screens of the console', () => {
	before(async () => {
		world = await open();
		await world.programs();
		browser = await launch();
		one = await person(browser, DESK);
	});
	after(async () => {
		await browser?.close();
	});

	for (const [role, screens] of Object.entries(SCREENS)) {
		test(`those of ${role}`, async () => {
			const { page } = one;
			await signIn(one, world, await world.access(1, role), screens[0] ?? '');
			let seen = 0;
			for (const screen of screens) {
				await page.setViewportSize(DESK.viewport);
				await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
				await at(one, world, screen);
				await page.locator('main [aria-busy=true]').first().waitFor({ state: 'detached' });
				assert.deepEqual(await page.locator('main [role=alert]').allTextContents(), [], screen);
				assert.deepEqual(await faults(page), [], screen);
				await page.setViewportSize({ width: 320, height: 640 });
				await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
				assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320, `${screen} is wider than the page`);
				assert.deepEqual(await faults(page), [], `${screen}, small and dark`);
				seen++;
			}
			assert.equal(seen, screens.length);
			assert.deepEqual(one.complaints, []);
			console.log(`${seen} screens`);
		});
	}
});
