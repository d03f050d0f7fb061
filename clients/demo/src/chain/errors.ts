/** The chain is not in the state from which this play can go on. */
export class UnexpectedState extends Error {}
