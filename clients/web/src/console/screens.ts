/** Which screens there are, and for whom. Each is loaded when it is opened. */
import type { Component } from 'svelte';

type Screen = () => Promise<{ default: Component }>;

export const GROUPS = ['operator', 'treasurer', 'delegate', 'authority', 'supervisor', 'analyst'] as const;
export type Group = (typeof GROUPS)[number];

const found = import.meta.glob<{ default: Component }>('./{operator,treasurer,delegate,authority,supervisor,analyst}/*.svelte');

/** By group, in the order in which they are shown. */
const ORDER: Record<Group, readonly string[]> = {
	operator: ['Today', 'Issue', 'Customers', 'Programs', 'Statements', 'Sponsor', 'Operations', 'Webhooks', 'Access'],
	treasurer: ['Reserve', 'Lines', 'Positions', 'Cycles', 'Deposits', 'WhatIf'],
	delegate: ['Motions', 'Propose', 'Awake', 'Rules', 'Cases'],
	authority: ['Blocks', 'Keys', 'Node'],
	supervisor: ['Accounts', 'Expiry', 'Halts', 'Requests', 'Attestations', 'Log', 'Check'],
	analyst: ['Points', 'Matrix', 'Netting', 'Exports'],
};

/** Screens that ask the gateway, and so need an access key. */
const SIGNED_IN = new Set(['operator/Issue', 'operator/Customers', 'operator/Statements', 'operator/Operations', 'operator/Webhooks', 'analyst/Exports']);

export const screensOf = (group: Group): readonly string[] => ORDER[group].filter((name) => `./${group}/${name}.svelte` in found);
export const load = (group: Group, name: string): Screen => found[`./${group}/${name}.svelte`] as Screen;
export const needsAccess = (group: Group, name: string): boolean => SIGNED_IN.has(`${group}/${name}`);
