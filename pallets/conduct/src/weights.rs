//! Weights of calls and hooks, from counted database operations; to be replaced by benchmarks.
//!
//! The computation is set above what a development machine needs; the reads and writes are counted in
//! the code and dominate.

use crate::{MAX_ASSESSMENTS, MAX_LISTED};
use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};
use hanse_primitives::{MAX_AUTHORITIES, MAX_MEMBERS, MAX_OPEN_VINTAGES, MAX_PARTS, MAX_PROGRAMS};

/// One weight for each call and each piece of a hook.
pub trait WeightInfo {
	/// An offence.
	fn record_offence() -> Weight;
	/// A complaint.
	fn file_complaint() -> Weight;
	/// One answer, to however many complaints.
	fn answer_complaints() -> Weight;
	/// A case.
	fn open_case() -> Weight;
	/// A complaint that is upheld, of a payment with as many burns as there can be.
	fn uphold_complaint() -> Weight;
	/// A fine that is reversed.
	fn reverse_fine() -> Weight;
	/// A fine that leaves its escrow.
	fn end_fine() -> Weight;
	/// A case whose time is over.
	fn end_case() -> Weight;
	/// A step of a complaint that pays nothing.
	fn step_of_complaint() -> Weight;
	/// A complaint that was not answered, of a payment with `burns`, whose merchant is or was overdue.
	fn default_judgement(burns: u32) -> Weight;
	/// Assessing as many members as there can be.
	fn assess() -> Weight;
	/// Settling with one of them.
	fn settle_member() -> Weight;
	/// Stopping the authorities of `offline` members.
	fn stop_offline(offline: u32) -> Weight;
}

/// Counted operations times the runtime's `DbWeight`.
pub struct CountedWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> CountedWeight<T> {
	/// A refund of a payment with `burns` by a judgement. Once: reads and writes `Chargebacks`; the
	/// merchant's own program may open a vintage; reads what stands behind the merchant's points (six). For each burn:
	/// settles (reads 16, writes 14), reinstates (reads eleven, writes seven), and reads where it returns.
	fn charge_back(burns: u32) -> Weight {
		let each = Weight::from_parts(90_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(30, 21));
		Weight::from_parts(40_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(26, 7))
			.saturating_add(each.saturating_mul(burns.into()))
	}

	/// What was found is owed: reads and writes `Account` and `Holds` of one, `Account` of the other, the bond,
	/// `Deposits`, `Arrears` and what was found; reads `Institutions`, `Claims`, `Debts`, what is owed to holders
	/// (four), the rules and the time.
	fn judgement() -> Weight {
		Weight::from_parts(80_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(16, 8))
	}

	/// All clocks of the merchant's points stop: of each program the vintages leave the agenda.
	fn fall_overdue() -> Weight {
		let programs = u64::from(MAX_PROGRAMS);
		Weight::from_parts(80_000_000, 0).saturating_add(
			T::DbWeight::get().reads_writes(3 + programs, 1 + programs * u64::from(1 + MAX_OPEN_VINTAGES)),
		)
	}

	/// Moves what is held: reads and writes `Account` and `Holds` of one and `Account` of the other, and reads
	/// `Institutions` of both.
	fn move_hold() -> Weight {
		Weight::from_parts(40_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(5, 3))
	}
}

impl<T: frame_system::Config> WeightInfo for CountedWeight<T> {
	/// Reads: `Institutions`, the era's clock (two), the rules (three), `ConductRecords`, `Account`, `Holds`,
	/// `Escrows`, time, `Suspensions`, `OffenceLog`, `NextDueIndex`. Writes: `Account`, `Holds`, `Institutions`,
	/// `Suspensions`, `ConductRecords`, `Escrows`, `Fines`, `DueItems`, `NextDueIndex`, `OffenceLog`.
	fn record_offence() -> Weight {
		Weight::from_parts(80_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(14, 10))
	}

	/// Reads: the receipt (two, with the era), up to eight `Successors`, `ComplaintOf`, `Dockets`, time, the
	/// rules (three), `NextDueIndex`. Writes: the receipt, `Dockets`, `ComplaintOf`, `Complaints`, `DueItems`,
	/// `NextDueIndex`. And its later steps, which nobody else pays for.
	fn file_complaint() -> Weight {
		Weight::from_parts(60_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(18, 7))
			.saturating_add(Self::step_of_complaint().saturating_mul(3))
	}

	/// Reads: `InstitutionOf`, `Dockets`. Writes: `Dockets`.
	fn answer_complaints() -> Weight {
		Weight::from_parts(25_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(2, 1))
	}

	/// Reads: `InstitutionOf`, `Institutions`, `Complaints`, `Dockets`, time and the rules (three),
	/// `OpenCases`, `CaseOf`, `Account`, `Holds`, `NextDueIndex`. Writes: `Account`, `Holds`, `CaseOf`,
	/// `OpenCases`, `DueItems`, `NextDueIndex`.
	fn open_case() -> Weight {
		Weight::from_parts(60_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(12, 6))
			.saturating_add(Self::end_case())
	}

	/// Pays back, judges, moves the deposit, and lets the merchant owe the cost and fall overdue. Reads besides: `Complaints`, `OpenCases`, time, `Dockets`.
	/// Writes besides: `DueItems`, `OpenCases`, `CaseOf`, `Dockets`, the receipt, `Complaints`.
	fn uphold_complaint() -> Weight {
		Self::charge_back(MAX_PARTS)
			.saturating_add(Self::record_offence())
			.saturating_add(Self::move_hold())
			.saturating_add(Self::judgement())
			.saturating_add(Self::fall_overdue())
			.saturating_add(T::DbWeight::get().reads_writes(4, 6))
	}

	/// Moves the fine. Reads besides: `Fines` and up to 65 more of them, time, the era (two), `ConductRecords`,
	/// `Escrows`, the bond and its rule (three), `Suspensions`, `OffenceLog`. Writes besides: `Fines`, `Escrows`,
	/// `DueItems`, `ConductRecords`, `Institutions`, `Suspensions`, `OffenceLog`.
	fn reverse_fine() -> Weight {
		Weight::from_parts(60_000_000, 0)
			.saturating_add(Self::move_hold())
			.saturating_add(T::DbWeight::get().reads_writes(12 + u64::from(MAX_LISTED), 7))
	}

	/// Moves the fine, and owes the rest. Reads besides: `Fines`, up to eight `Successors`, `PotTotals`, `Escrows`, `ConductRecords`. Writes
	/// besides: `DueItems`, `Fines`, `PotTotals`, `Escrows`, `ConductRecords`.
	fn end_fine() -> Weight {
		Self::move_hold()
			.saturating_add(Self::judgement())
			.saturating_add(T::DbWeight::get().reads_writes(12, 5))
	}

	/// Moves the deposit. Reads besides: `OpenCases`. Writes besides: `DueItems`, `OpenCases`, `CaseOf`.
	fn end_case() -> Weight {
		Self::move_hold().saturating_add(T::DbWeight::get().reads_writes(1, 3))
	}

	/// Reads: `Complaints`, `Dockets`, `OpenCases`, time, the receipt (two, with the era), the rules
	/// (two), `NextDueIndex`. Writes: `DueItems` (two), `NextDueIndex`, `Complaints`, `ComplaintOf`, `Dockets`, the
	/// receipt.
	fn step_of_complaint() -> Weight {
		Weight::from_parts(40_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(9, 7))
	}

	/// A step that pays back and judges, and takes what that cost.
	fn default_judgement(burns: u32) -> Weight {
		Self::step_of_complaint()
			.saturating_add(Self::charge_back(burns))
			.saturating_add(Self::record_offence())
			.saturating_add(Self::judgement())
	}

	/// Once: reads the electorate and the pot, reads and writes what authorities did; of every member reads and
	/// writes `InterchangeOf`, writes what was counted of its authority; of every entry reads `InstitutionOf`,
	/// `Institutions`, `Holds`, `Account` and `ConductRecords`, and writes `ConductRecords` of an institution that is gone; and reads the
	/// rules (four).
	fn assess() -> Weight {
		let (members, assessments) = (u64::from(MAX_MEMBERS), u64::from(MAX_ASSESSMENTS));
		Weight::from_parts(3_000_000 * assessments, 0).saturating_add(
			T::DbWeight::get().reads_writes(10 + 2 * members + 5 * assessments, 4 + 3 * members),
		)
	}

	/// Judges, pays, and ends a suspension. Reads besides: `ConductRecords`, the rules, `Account` of the pot and the
	/// member, `Institutions`, `Suspensions`, `PotTotals`. Writes besides: `ConductRecords`, both `Account`s,
	/// `Institutions`, `Suspensions`, `PotTotals`.
	fn settle_member() -> Weight {
		Weight::from_parts(60_000_000, 0)
			.saturating_add(Self::record_offence())
			.saturating_add(T::DbWeight::get().reads_writes(8, 6))
	}

	/// Of each: reads and writes `ConductRecords`; twice reads the set, and of every other authority whether it goes
	/// on, and writes that it wants no more.
	fn stop_offline(offline: u32) -> Weight {
		let others = 2 * u64::from(MAX_AUTHORITIES);
		let stop = Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(5, 2));
		// Whether the others go on is the same few items each time, which only the first check reads.
		T::DbWeight::get()
			.reads(others)
			.saturating_add(T::DbWeight::get().reads_writes(1, 1))
			.saturating_add(stop.saturating_mul(2 * u64::from(offline)))
	}
}

impl WeightInfo for () {
	fn record_offence() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn file_complaint() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn answer_complaints() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn open_case() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn uphold_complaint() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn reverse_fine() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn end_fine() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn end_case() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn step_of_complaint() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn default_judgement(_: u32) -> Weight {
		Weight::from_parts(1, 0)
	}
	fn assess() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn settle_member() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn stop_offline(offline: u32) -> Weight {
		Weight::from_parts(offline.into(), 0)
	}
}
