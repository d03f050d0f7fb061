import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calendar } from '../src/wallet/calendar.ts';

test('an expiry is an event with two reminders, in lines that every calendar takes', () => {
	const text = `100 SKY; نقاط, ${'x'.repeat(90)}\nlater`;
	const file = calendar([{ id: '7', at: Date.UTC(2027, 2, 31, 12), text }], Date.UTC(2026, 10, 27));
	const lines = file.split('\r\n');
	for (const line of lines) assert.ok(new TextEncoder().encode(line).length <= 75, line);
	const whole = file.replaceAll('\r\n ', '');
	assert.ok(whole.includes('DTSTART:20270331T120000Z\r\n') && whole.includes('DTSTAMP:20261127T000000Z\r\n'));
	assert.ok(whole.includes(`SUMMARY:100 SKY\\; نقاط\\, ${'x'.repeat(90)}\\nlater\r\n`), whole);
	assert.deepEqual([...whole.matchAll(/TRIGGER:(\S+)/g)].map(([, when]) => when), ['-P30D', '-P7D']);
	assert.equal(lines[0], 'BEGIN:VCALENDAR');
	assert.equal(lines.at(-2), 'END:VCALENDAR');
});
