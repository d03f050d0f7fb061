//! Points, their clocks, and what stops them.

use crate::{done, of, refuse, short, state, unused};
use frame_support::{pallet_prelude::ValueQuery, storage_alias, Twox64Concat};
use hanse_primitives::{
	program_of, AssetId, Burned, ClockStop, Funding, Halts, InstitutionId, Moment, Money, PartnerPauses,
	Points, PointsLedger, ProgramClocks, ProgramId, Venue,
};
use sp_runtime::{DispatchError, DispatchResult};
use std::collections::{BTreeMap, BTreeSet};

state! {
	/// The members whose points are paused, and the one whose points cannot be.
	Paused: BTreeSet<InstitutionId> = BTreeSet::new();
	Unpausable: Option<InstitutionId> = None;
	/// Who is halted, and what.
	HaltedCustomers: BTreeSet<u64> = BTreeSet::new();
	HaltedPrograms: BTreeSet<ProgramId> = BTreeSet::new();
	/// Whose the programs are, and which vintages are open.
	Issuers: BTreeMap<ProgramId, InstitutionId> = BTreeMap::new();
	OpenVintages: BTreeSet<AssetId> = BTreeSet::new();
}

/// How often the clocks of programs were stopped and resumed.
#[storage_alias]
pub type Stops = StorageMap<Clocks, Twox64Concat, ProgramId, (u32, u32), ValueQuery>;
pub struct Clocks;
impl ProgramClocks for Clocks {
	short! {
		fn stop(program: ProgramId, reason: ClockStop) -> DispatchResult = {
			assert_eq!(reason, ClockStop::Halt);
			Stops::mutate(program, |(stops, _)| *stops += 1);
			Ok(())
		};
		fn resume(program: ProgramId, reason: ClockStop) -> DispatchResult = {
			assert_eq!(reason, ClockStop::Halt);
			Stops::mutate(program, |(_, resumes)| *resumes += 1);
			Ok(())
		};
	}
}

impl PartnerPauses for Paused {
	short! {
		fn pause(id: InstitutionId) -> DispatchResult = {
			refuse(Unpausable::get() == Some(id), "NotFound")?;
			assert!(Paused::mutate(|all| all.insert(id)), "paused twice");
			Ok(())
		};
		fn resume(id: InstitutionId) -> DispatchResult = done(Paused::mutate(|all| all.remove(&id)));
	}
}

/// What supervisors stopped.
pub struct HaltedPoints;
impl HaltedPoints {
	/// Whether points of `program` may not leave `who`.
	pub fn stops(who: &u64, program: ProgramId) -> bool {
		HaltedPrograms::get().contains(&program) || HaltedCustomers::get().contains(who)
	}
}

impl Halts<u64> for HaltedPoints {
	short! {
		fn ensure_may_leave(who: &u64, program: ProgramId) -> DispatchResult =
			refuse(Self::stops(who, program), "PointsHalted");
		fn ensure_may_make(program: ProgramId) -> DispatchResult =
			refuse(HaltedPrograms::get().contains(&program), "ProgramHalted");
		fn copy_halt(_: &u64, _: &u64) = unreachable!("customers say when an account is recovered");
		fn halted_at(_: Moment) -> Vec<u64> = HaltedCustomers::get().into_iter().collect();
	}

	fn without_halts<R>(act: impl FnOnce() -> R) -> R {
		let (customers, programs) = (HaltedCustomers::take(), HaltedPrograms::take());
		let result = act();
		HaltedCustomers::set(customers);
		HaltedPrograms::set(programs);
		result
	}
}

/// Programs of which only the issuer and the open vintages are known.
impl PointsLedger<u64> for Issuers {
	short! {
		fn issuer(program: ProgramId) -> Result<InstitutionId, DispatchError> =
			Issuers::get().get(&program).copied().ok_or(DispatchError::Other("NoProgram"));
		fn open_vintage(vintage: AssetId) -> Option<(InstitutionId, u32)> =
			OpenVintages::get().contains(&vintage).then(|| (of(Issuers::get(), program_of(vintage)), 1));
	}

	unused! { "nobody makes, burns or values points here";
		fn burn(_: &u64, _: ProgramId, _: Points, _: Money, _: Venue, _: u64) -> Result<Burned, DispatchError>;
		fn reinstate(_: &u64, _: AssetId, _: Points, _: Funding) -> DispatchResult;
		fn reinstate_value(_: &u64, _: AssetId, _: Money, _: Funding) -> Result<Points, DispatchError>;
		fn authorise(_: AssetId, _: Points) -> Result<Money, DispatchError>;
		fn unauthorise(_: InstitutionId, _: Money) -> DispatchResult;
		fn authorised() -> Vec<(InstitutionId, Money)>;
		fn refund_vintage(_: AssetId) -> Option<AssetId>;
		fn vintage_of(_: InstitutionId) -> Result<Option<AssetId>, DispatchError>;
		fn issuer_and_worth(_: &u64, _: ProgramId, _: Points) -> Result<(InstitutionId, Money), DispatchError>;
		fn exchange_in(_: &u64, _: ProgramId, _: Money) -> Result<Points, DispatchError>;
	}
}
