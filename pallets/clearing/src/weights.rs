//! Weights of calls and hooks, from counted database operations; to be replaced by benchmarks.
//!
//! The computation is set above what a development machine needs; the reads and writes are counted in
//! the code and dominate. `InstitutionOf` and `Institutions` are read for every call of a member.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};
use hanse_primitives::{MAX_MEMBERS, MAX_MOTIONS, MAX_OPEN_VINTAGES, MAX_PROGRAMS};

/// One weight for each call and each piece of the hook.
pub trait WeightInfo {
	/// Holding free balance.
	fn top_up() -> Weight;
	/// Releasing held balance, with the test of the liability cap.
	fn draw_down() -> Weight;
	/// A line, with all others that the member granted.
	fn grant_credit_line() -> Weight;
	/// Agreeing to a line.
	fn accept_credit_line() -> Weight;
	/// A deposit that the agent reports.
	fn report_deposit() -> Weight;
	/// A deposit that the auditor confirms.
	fn confirm_deposit() -> Weight;
	/// Deposits that equal issuance.
	fn attest_deposits() -> Weight;
	/// Locking what leaves.
	fn request_payout() -> Weight;
	/// Burning or giving back what was locked.
	fn end_payout() -> Weight;
	/// Finding what settles of so many positions, and moving the money.
	fn plan(positions: u32) -> Weight;
	/// Booking so many positions.
	fn post(positions: u32) -> Weight;
	/// Drawing a bond for one position.
	fn draw_bond() -> Weight;
	/// Judging one debtor.
	fn escalate() -> Weight;
	/// Beginning the run-off of one.
	fn end_member() -> Weight;
	/// Giving somebody a deposit role.
	fn appoint_deposit_role() -> Weight;
	/// Reading one debtor's arrears, and paying the oldest of them.
	fn pay_arrears() -> Weight;
	/// A member that falls overdue by a judgement.
	fn fall_overdue() -> Weight;
}

/// Counted operations times the runtime's `DbWeight`.
pub struct CountedWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for CountedWeight<T> {
	/// Reads: the member (two), `ClearingStatement`, `Holds`, `ReserveFlowsOf`. Writes: the last three.
	fn top_up() -> Weight {
		Weight::from_parts(40_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(5, 3))
	}

	/// As `top_up`, and reads `Institutions`, `CurrentCycle`, `BondDebts`, `Arrears`, `Encumbrances`, `Outstanding`, `MadeOf`,
	/// `FundedOf`, the rules and what is eased of bond and ratios (three), with the time.
	fn draw_down() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(18, 3))
	}

	/// Reads: the member (two) and its bond and what is required of it (three), the debtor, 17 `CreditLines`,
	/// `Positions`. Writes: `CreditLines`.
	fn grant_credit_line() -> Weight {
		Weight::from_parts(60_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(24, 1))
	}

	/// Reads: the member (two), `CreditLines`. Writes: `CreditLines`.
	fn accept_credit_line() -> Weight {
		Weight::from_parts(25_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(3, 1))
	}

	/// Reads: who is appointed, the institution, `DepositReports`, `LastAttested`, `CurrentCycle`. Writes:
	/// `DepositReports`.
	fn report_deposit() -> Weight {
		Weight::from_parts(25_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(5, 1))
	}

	/// As `fund`, and reads and writes `MintedInCycle`, `IssuanceTotals`, `ClearingStatement` and the issuance.
	fn confirm_deposit() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(10, 5))
	}

	/// Reads: who is appointed (two), `IssuanceTotals`, `CurrentCycle`, `LastAttested`. Writes: `LastAttested`.
	fn attest_deposits() -> Weight {
		Weight::from_parts(20_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(5, 1))
	}

	/// As `draw_down`, and reads the time and reads and writes `Payouts`.
	fn request_payout() -> Weight {
		Weight::from_parts(80_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(19, 4))
	}

	/// Reads: who is appointed, `Payouts`, the time, the institution, `ClearingStatement`, `Holds`, `IssuanceTotals`, the
	/// issuance. Writes: `Payouts`, `ClearingStatement`, `Holds`, `IssuanceTotals`, the issuance.
	fn end_payout() -> Weight {
		Weight::from_parts(60_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(8, 5))
	}

	/// Each position is read, and one page for 64 of them written. Each member that can be in them: reads
	/// `Institutions`, `Holds`, `Encumbrances`, `Outstanding`, `Overdue`, `ClearingStatement`, `ReserveFlowsOf`; writes `ClearingStatement`,
	/// `Holds`, `ReserveFlowsOf`, the sum of held balances. The computation is measured: under a microsecond a
	/// unit natively, of which there are eight a position at most.
	fn plan(positions: u32) -> Weight {
		let (positions, members) =
			(u64::from(positions), u64::from(positions.saturating_mul(2).min(MAX_MEMBERS)));
		Weight::from_parts(100_000_000, 0)
			.saturating_add(Weight::from_parts(10_000_000, 0).saturating_mul(positions))
			.saturating_add(Weight::from_parts(60_000_000, 0).saturating_mul(members))
			.saturating_add(
				T::DbWeight::get().reads(positions + 7 * members + 2 * u64::from(MAX_MEMBERS) + 3),
			)
			.saturating_add(
				T::DbWeight::get()
					.writes(positions.div_ceil(u64::from(crate::POSTINGS_PER_PAGE)) + 4 * members + 2),
			)
	}

	/// Each: reads and writes `Positions` and `BondDebts`, reads and perhaps removes `CreditLines`. Once: the page,
	/// and the number of positions.
	fn post(positions: u32) -> Weight {
		Weight::from_parts(20_000_000, 0)
			.saturating_mul(positions.into())
			.saturating_add(T::DbWeight::get().reads_writes(3, 3).saturating_mul(positions.into()))
			.saturating_add(T::DbWeight::get().reads_writes(1, 2))
	}

	/// Reads: both institutions, both accounts, the bond; of a creditor on its way out its reserve and its flows.
	/// Writes: both accounts, the bond, and those two.
	fn draw_bond() -> Weight {
		Weight::from_parts(70_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(7, 5))
	}

	/// Reads: both `Appointed`, whether it is an institution, and what waits for its notice (four). Writes:
	/// `Appointed`, or what waits (three).
	fn appoint_deposit_role() -> Weight {
		Weight::from_parts(40_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(7, 3))
	}

	/// Reads: `JudgementDebts`, `Overdue`, `BondDebts`, the free reserve (three), `ProgramsOf`. Writes: `Overdue`, the
	/// member with why it is suspended, and each of its programs with all open vintages on the agenda.
	fn escalate() -> Weight {
		let programs = u64::from(MAX_PROGRAMS);
		Weight::from_parts(100_000_000, 0).saturating_add(
			T::DbWeight::get().reads_writes(12 + programs, 5 + programs * u64::from(1 + MAX_OPEN_VINTAGES)),
		)
	}

	/// Reads: the next debtor, `Arrears`, its oldest finding, `Institutions` of both, `ClearingStatement` and `Holds` of
	/// both, `Encumbrances`, `BondDebts`, what it owes to holders (four), the rules and the time. Writes: both `ClearingStatement`s and `Holds`, `Institutions`,
	/// `ReserveFlowsOf` (two), the finding, `Arrears`, `ArrearsCursor`.
	fn pay_arrears() -> Weight {
		Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(18, 10))
	}

	/// Reads: `Overdue`, the cycle, `ProgramsOf`. Writes: `Overdue`, and each of its programs with all open
	/// vintages on the agenda.
	fn fall_overdue() -> Weight {
		let programs = u64::from(MAX_PROGRAMS);
		Weight::from_parts(80_000_000, 0).saturating_add(
			T::DbWeight::get().reads_writes(3 + programs, 1 + programs * u64::from(1 + MAX_OPEN_VINTAGES)),
		)
	}

	/// Reads and writes the member's presence and the electorate with the votes of every open motion, the bond
	/// and what it goes to (five), what is outstanding and at stake (three), and each program.
	fn end_member() -> Weight {
		let (motions, programs) = (u64::from(MAX_MOTIONS), u64::from(MAX_PROGRAMS));
		Weight::from_parts(8_000_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(12 + motions + programs, 9 + motions + programs))
	}
}

impl WeightInfo for () {
	fn pay_arrears() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn fall_overdue() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn end_member() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn appoint_deposit_role() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn top_up() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn draw_down() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn grant_credit_line() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn accept_credit_line() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn report_deposit() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn confirm_deposit() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn attest_deposits() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn request_payout() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn end_payout() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn plan(positions: u32) -> Weight {
		Weight::from_parts(1 + u64::from(positions), 0)
	}
	fn post(positions: u32) -> Weight {
		Weight::from_parts(positions.into(), 0)
	}
	fn draw_bond() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn escalate() -> Weight {
		Weight::from_parts(1, 0)
	}
}
