//! Weights of calls and hooks, from counted database operations; to be replaced by benchmarks.
//!
//! The computation is set above what a development machine needs; the reads and writes are counted in
//! the code and dominate. A test on the real runtime compares the writes with the keys that change.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};
use hanse_primitives::{MAX_MOTIONS, MAX_OPEN_VINTAGES, MAX_PROGRAMS};

/// One weight for each call and each piece of a hook.
pub trait WeightInfo {
	/// A new program.
	fn create_program() -> Weight;
	/// A batch of `awards`, the first of its period.
	fn issue_batch(awards: u32) -> Weight;
	/// Other terms.
	fn revise_terms() -> Weight;
	/// Taking one award back.
	fn cancel_award() -> Weight;
	/// Finding awards that are due, and making so many of them usable.
	fn mature(awards: u32) -> Weight;
	/// Giving points of so many vintages away.
	fn donate(vintages: u32) -> Weight;
	/// The same of so many programs together.
	fn donate_all(programs: u32, vintages: u32) -> Weight;
	/// The same, if all open vintages of each are given.
	fn donate_all_at_most(programs: u32) -> Weight {
		Self::donate_all(programs, programs.saturating_mul(MAX_OPEN_VINTAGES))
	}
	/// Closing the books of one period.
	fn close_period() -> Weight;
	/// Checking one member's reserve, and stopping or resuming its clocks.
	fn review_reserves() -> Weight;
	/// Booking the breakage of one vintage, whatever the number of its holders, while nobody is halted.
	fn expire() -> Weight;
	/// Carrying what one halted customer holds of it into another vintage.
	fn roll_over() -> Weight;
	/// Finding a vintage to sweep, and closing it.
	fn sweep_base() -> Weight;
	/// Sweeping one dead account.
	fn sweep_account() -> Weight;
	/// Checking a list of served orders.
	fn look_at_list() -> Weight;
	/// Forgetting one order.
	fn drop_record() -> Weight;
}

/// Counted operations times the runtime's `DbWeight`.
pub struct CountedWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for CountedWeight<T> {
	/// Reads: the active institution (six, as in `issue_batch`), `LastProgram`, `ProgramsOf`, and for each of
	/// six readings of name and symbol `ProgramByReading`, the program and the institution (two) that had it, and
	/// the same of institutions. Writes: `LastProgram`, `ProgramsOf`, `Labels`, `Programs`, `PeriodEnds`
	/// and six times `ProgramByReading`.
	fn create_program() -> Weight {
		Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(8 + 6 * 5, 11))
	}

	/// Reads: the active institution (six), `Programs`, the time. Writes: `Programs`.
	fn revise_terms() -> Weight {
		Weight::from_parts(40_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(8, 1))
	}

	/// Once: reads the active institution (`InstitutionOf`, `Institutions`, `Holds`, its debts, the
	/// rules with what is eased of bond and ratios), the era's clock, what is halted and the member's sanctions
	/// (two). Reads `Programs`, `Labels`, `LiabilityOf`, `Holds`, `FlowsOf`, `LifetimeValueOf`,
	/// `RecentIssuanceOf`, `Asset`, `Metadata`, `LastBatch`, the clock of deadlines, and where awards are pending `PendingTotal`; writes `Programs`,
	/// `ExpiryQueue`, `Asset`, `Metadata`, `LiabilityOf`, `FlowsOf`, `LifetimeValueOf`, `RecentIssuanceOf`, `LastBatch`, `AwardBatchesByEra` and the two of
	/// what is pending. Each award: reads a successor, reads and writes `AwardedOrders` and either the asset's
	/// `Account` and the system's `Account` or `PendingOf`.
	fn issue_batch(awards: u32) -> Weight {
		let each = Weight::from_parts(30_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(4, 3));
		Weight::from_parts(60_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(24, 12))
			.saturating_add(each.saturating_mul(awards.into()))
	}

	/// Reads: the institution, `Programs`, the clock (two), and as the writes. Writes: `AwardedOrders`, `Pending`,
	/// `PendingOf`, `PendingTotal`, `FlowsOf`, `LiabilityOf`, `LifetimeValueOf`; a successor is read.
	fn cancel_award() -> Weight {
		Weight::from_parts(80_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(13, 7))
	}

	/// Once: reads the clock (two), `Pending` and `Programs`, writes `Pending` and `PendingTotal`. Each award:
	/// reads a successor, reads and writes `PendingOf`, `Asset`, the asset's `Account` and the system's.
	fn mature(awards: u32) -> Weight {
		let each = Weight::from_parts(30_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(5, 4));
		Weight::from_parts(40_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(5, 2))
			.saturating_add(each.saturating_mul(awards.into()))
	}

	fn donate(vintages: u32) -> Weight {
		Self::donate_all(1, vintages)
	}

	/// Once: reads the clock (two), who is halted and a successor; the system's `Account` of both. Each program: reads
	/// it, what of it is halted, and eight `Account`s. Each vintage: reads and writes `Asset` and both
	/// `Account`s. Deciding who pays the fee checks the same items.
	fn donate_all(programs: u32, vintages: u32) -> Weight {
		let program = Weight::from_parts(60_000_000, 0).saturating_add(T::DbWeight::get().reads(10));
		let vintage = Weight::from_parts(30_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(3, 3));
		Weight::from_parts(10_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(6, 2))
			.saturating_add(program.saturating_mul(programs.into()))
			.saturating_add(vintage.saturating_mul(vintages.into()))
	}

	/// Reads `Programs`, `FlowsOf`, eight `Asset`s and `PendingTotal`s; reads and writes `PeriodClosings`; writes
	/// `PeriodEnds` twice.
	fn close_period() -> Weight {
		Weight::from_parts(60_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(19, 3))
	}

	/// Reads who is next, `LiabilityOf`, the member and its reserve (four), `Shortfalls`, the rules and
	/// `ProgramsOf`; a change, or the end of a member, writes every program and its place on the agenda
	/// for every vintage, twice, and the member with the votes of open motions, its bond and its reserve.
	fn review_reserves() -> Weight {
		let programs = u64::from(MAX_PROGRAMS);
		let places = programs * u64::from(MAX_OPEN_VINTAGES);
		let motions = u64::from(MAX_MOTIONS);
		Weight::from_parts(8_000_000_000, 0).saturating_add(
			T::DbWeight::get()
				.reads_writes(26 + 2 * programs + motions, 17 + 2 * programs + places + motions),
		)
	}

	/// Reads and writes `ExpiryQueue`, `Programs`, `PendingTotal`, `FlowsOf`, `LiabilityOf`, `LifetimeValueOf`, `Asset`;
	/// reads who is halted; writes `SweepQueue`.
	fn expire() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(8, 8))
	}

	/// Reads the holder's `Account` of the old vintage and its successor; reads and writes `Asset` and
	/// `Account` of the other one and the system's `Account`. What is counted per program and institution
	/// was written by the expiry.
	fn roll_over() -> Weight {
		Weight::from_parts(40_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(5, 3))
	}

	/// Reads and writes `SweepQueue`, `Asset`, `Metadata`; reads what is halted, and if somebody is the vintage's
	/// program and the time.
	fn sweep_base() -> Weight {
		Weight::from_parts(40_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(6, 3))
	}

	/// Reads and writes the asset's `Account` and the system's `Account`.
	fn sweep_account() -> Weight {
		Weight::from_parts(15_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(2, 2))
	}

	/// Reads `AwardBatchesByEra`, of up to 16 kB, and writes it once or twice.
	fn look_at_list() -> Weight {
		Weight::from_parts(30_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(1, 2))
	}

	/// Reads and writes `AwardedOrders`.
	fn drop_record() -> Weight {
		Weight::from_parts(5_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(1, 1))
	}
}

impl WeightInfo for () {
	fn create_program() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn issue_batch(awards: u32) -> Weight {
		Weight::from_parts(awards.into(), 0)
	}
	fn revise_terms() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn cancel_award() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn mature(awards: u32) -> Weight {
		Weight::from_parts(1 + u64::from(awards), 0)
	}
	fn donate(vintages: u32) -> Weight {
		Weight::from_parts(vintages.into(), 0)
	}
	fn close_period() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn review_reserves() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn expire() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn roll_over() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn sweep_base() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn sweep_account() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn donate_all(_: u32, vintages: u32) -> Weight {
		Weight::from_parts(vintages.into(), 0)
	}
	fn look_at_list() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn drop_record() -> Weight {
		Weight::from_parts(1, 0)
	}
}
