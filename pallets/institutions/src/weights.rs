//! Weights of calls and hooks, from counted database operations; to be replaced by benchmarks.
//!
//! The computation is set above what a development machine needs; the reads and writes are counted in
//! the code and dominate.

use crate::MAX_APPLICATIONS;
use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};
use hanse_primitives::{MAX_MEMBERS, MAX_MOTIONS, MAX_PROGRAMS};

/// Going through the votes of one motion: as many as there can be members, a microsecond each.
const VOTES_OF_A_MOTION: u64 = 1_000_000 * MAX_MEMBERS as u64;

/// One weight for each kind of call, and for each part of the hook.
pub trait WeightInfo {
	/// Holding a bond and writing an applicant down.
	fn apply() -> Weight;
	/// Releasing a bond and forgetting an applicant.
	fn end_application() -> Weight;
	/// A change of status that changes the electorate, with the votes of open motions.
	fn change_electorate() -> Weight;
	/// Another name.
	fn update_profile() -> Weight;
	/// Holding more.
	fn top_up_bond() -> Weight;
	/// Releasing bond and reserve, and forgetting an authority.
	fn close() -> Weight;
	/// Looking for signs of as many members as there can be, in as many motions.
	fn scan_activity() -> Weight;
	/// The end of an era with as many applications as there can be.
	fn lapse_applications() -> Weight;
}

/// Counted operations times the runtime's `DbWeight`.
pub struct CountedWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for CountedWeight<T> {
	/// Reads: `InstitutionOf`, `LastInstitutionId`, `InstitutionByReading` and the same of programs (three each), `Account`,
	/// `Holds`, the bond's rule (two), `Applications` and their count, the time. Writes: all but what is of
	/// programs, the rule and the time, and `Institutions`.
	fn apply() -> Weight {
		Weight::from_parts(90_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(15, 11))
	}

	/// Reads: `InstitutionOf`, `Applications` and their count, `Institutions`, `Account`, `Holds`, its
	/// claims, debts, lines and deposits, operator and keys (four). Writes: the first six, `InstitutionByReading` (three), its
	/// deposits, operator and keys (four).
	fn end_application() -> Weight {
		Weight::from_parts(80_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(16, 15))
	}

	/// Reads: `InstitutionOf`, `Institutions`, `Applications` and their count, `MemberCount`,
	/// bond with its rule (four), time and era (three), `LastSeen`, `Account`, authorities (three), and
	/// the electorate with its open motions. Writes: institution, application, count, presence, and the
	/// electorate with its motions. An end reads outstanding value, debts, claims and the reserve (six), moves bond
	/// into it (seven writes), and reads and writes every program.
	fn change_electorate() -> Weight {
		let (motions, programs) = (u64::from(MAX_MOTIONS), u64::from(MAX_PROGRAMS));
		Weight::from_parts(100_000_000 + VOTES_OF_A_MOTION * motions, 0)
			.saturating_add(T::DbWeight::get().reads_writes(30 + motions + programs, 16 + motions + programs))
	}

	/// Reads: `InstitutionOf`, `Institutions`, `InstitutionByReading` and the same of programs (three each). Writes:
	/// `Institutions`, `InstitutionByReading` (three old, three new).
	fn update_profile() -> Weight {
		Weight::from_parts(40_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(8, 7))
	}

	/// Reads: `InstitutionOf`, `Institutions`, `Account`, `Holds`. Writes: the last two.
	fn top_up_bond() -> Weight {
		Weight::from_parts(40_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(4, 2))
	}

	/// Reads: institution, account's institution, era (two), outstanding value, cases, reserve and its
	/// flows, claims and debts, count, operator, keys (three), `Account`, `Holds`. Writes: most of them, and
	/// the name. Each of 16 lines that it granted is read with its position, and removed.
	fn close() -> Weight {
		Weight::from_parts(120_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(21 + 32, 18 + 16))
	}

	/// Reads: the rule, the open motions with their votes, and of each member `LastSeen` (found and read) and
	/// `Account`. Writes: `NextActivityScan` and `LastSeen` of everybody.
	fn scan_activity() -> Weight {
		let (members, motions) = (u64::from(MAX_MEMBERS), u64::from(MAX_MOTIONS));
		Weight::from_parts(2_000_000 * members + VOTES_OF_A_MOTION * motions, 0)
			.saturating_add(T::DbWeight::get().reads_writes(3 * members + motions + 2, members + 1))
	}

	/// For each application as `end_application`.
	fn lapse_applications() -> Weight {
		Weight::from_parts(20_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(u64::from(MAX_APPLICATIONS) + 1, 1))
			.saturating_add(Self::end_application().saturating_mul(MAX_APPLICATIONS.into()))
	}
}

impl WeightInfo for () {
	fn apply() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn end_application() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn change_electorate() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn update_profile() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn top_up_bond() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn close() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn scan_activity() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn lapse_applications() -> Weight {
		Weight::from_parts(1, 0)
	}
}
