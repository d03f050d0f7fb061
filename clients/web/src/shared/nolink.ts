/** It is no link, or one with values that cannot be. */
export class NoLink extends Error {}
