//! What follows for a debtor that is overdue, and for one that is on its way out.
//!
//! It follows at ends of cycles only, so that nobody gets rid of its age by paying for a moment. The bond of a member
//! on its way out pays its creditors at the end of every cycle, and such a member is overdue no more: the holders of
//! its points are served from then on. Its books are closed: its reserve serves the holders first and its bond the
//! creditors on lines; what was kept on lines for authorisations has moved from its bond to its reserve. Whoever owes
//! something to it pays in money.

use crate::{pallet::*, types::*, weights::WeightInfo};
use frame_support::{storage::with_storage_layer, weights::Weight};
use hanse_primitives::{
	Conduct, InstitutionId, MemberStatus, Members, OffenceKind, PartnerPauses, Reserves, SuspensionCause,
};
use sp_runtime::DispatchResult;

/// What follows for an overdue debtor at the end of a cycle.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Effect {
	/// Its conduct is recorded.
	Record(OffenceKind),
	/// Its points pause at partners.
	PausePoints,
	/// Its bond pays its creditors, at this and every later end.
	DrawBond,
	/// It is suspended.
	Suspend,
	/// It is in run-off; tried again at every later end if that fails.
	StartRunOff,
}

/// At how many ends of cycles in a row at which a debtor is overdue what follows, in this order.
pub const ESCALATION: [(u32, Effect); 7] = [
	(1, Effect::Record(OffenceKind::OverdueFirst)),
	(1, Effect::PausePoints),
	(2, Effect::Record(OffenceKind::OverdueSecond)),
	(2, Effect::DrawBond),
	(3, Effect::Record(OffenceKind::OverdueThird)),
	(3, Effect::Suspend),
	(4, Effect::StartRunOff),
];

impl Effect {
	/// Whether it follows at every later end too.
	const fn recurs(self) -> bool {
		matches!(self, Self::DrawBond | Self::StartRunOff)
	}

	/// The end of a cycle in a row at which it follows for the first time.
	pub fn starts_at(self) -> u32 {
		ESCALATION.iter().find(|(_, effect)| *effect == self).map_or(u32::MAX, |(cycles, _)| *cycles)
	}

	/// Whether it follows at this end of a cycle in a row.
	pub(crate) fn follows_at(self, cycles: u32) -> bool {
		let first = self.starts_at();
		cycles == first || self.recurs() && cycles > first
	}
}

/// What follows at this end of a cycle in a row.
fn effects_at(cycles: u32) -> impl Iterator<Item = Effect> {
	ESCALATION.into_iter().map(|(_, effect)| effect).filter(move |effect| effect.follows_at(cycles))
}

impl<T: Config> Pallet<T> {
	/// What [`Pallet::escalate`] weighs.
	pub(crate) fn escalation_weight(update: OverdueUpdate) -> Weight {
		let OverdueUpdate { debtor, late } = update;
		if !late {
			return T::WeightInfo::escalate();
		}
		let weight = T::WeightInfo::escalate().saturating_add(T::Conduct::weight());
		match Effect::StartRunOff.follows_at(Self::cycles_overdue(debtor).saturating_add(1)) {
			true => weight.saturating_add(T::WeightInfo::end_member()),
			false => weight,
		}
	}

	/// At how many ends of cycles in a row a debtor was overdue.
	pub(crate) fn cycles_overdue(debtor: InstitutionId) -> u32 {
		Overdue::<T>::get(debtor).map_or(0, |state| state.age)
	}

	/// What follows for one debtor, after all is posted.
	pub(crate) fn escalate(update: OverdueUpdate, index: CycleIndex) -> DispatchResult {
		let OverdueUpdate { debtor, late } = update;
		let known = Overdue::<T>::get(debtor);
		let since = index.saturating_sub(1);
		let mut state = known.unwrap_or(OverdueState { since, ..Default::default() });
		let mut ends = Self::is_on_time(debtor, late);
		if late {
			state.age = state.age.saturating_add(1);
			Self::deposit_event(Event::Overdue { institution: debtor, age: state.age });
			for effect in effects_at(state.age) {
				match effect {
					Effect::Record(offence) => T::Conduct::record_offence(debtor, offence),
					// It paid when its positions were posted.
					Effect::DrawBond => {},
					_ if ends => {},
					// Whom a judgement made overdue is paused already.
					Effect::PausePoints if known.is_some() => {},
					Effect::PausePoints => T::PartnerPauses::pause(debtor)?,
					// Whoever is suspended already stays so, and is not reinstated from here.
					Effect::Suspend => state.suspended = Self::suspend(debtor),
					Effect::StartRunOff => ends = Self::start_run_off(debtor),
				}
			}
		}
		match (ends, known) {
			(false, _) => Overdue::<T>::insert(debtor, state),
			(true, None) => {},
			(true, Some(_)) => Self::end_overdue(debtor, state)?,
		}
		Ok(())
	}

	/// Whether nothing is held against a debtor any more: it paid, or its reserve covers what is left, or it is on
	/// its way out.
	fn is_on_time(debtor: InstitutionId, late: bool) -> bool {
		let is_covered = || <Self as Reserves>::free_reserve(debtor) >= BondDebts::<T>::get(debtor);
		T::Members::ensure_payable(debtor).is_err()
			|| !Arrears::<T>::contains_key(debtor) && (!late || is_covered())
	}

	fn suspend(debtor: InstitutionId) -> bool {
		with_storage_layer(|| T::MemberStatus::suspend(debtor, SuspensionCause::Overdue)).is_ok()
	}

	fn start_run_off(debtor: InstitutionId) -> bool {
		with_storage_layer(|| T::MemberStatus::start_run_off(debtor)).is_ok()
	}

	fn end_overdue(debtor: InstitutionId, state: OverdueState) -> DispatchResult {
		Overdue::<T>::remove(debtor);
		T::PartnerPauses::resume(debtor)?;
		if state.suspended {
			// In run-off there is nothing to reinstate.
			let _ = with_storage_layer(|| T::MemberStatus::reinstate(debtor, SuspensionCause::Overdue));
		}
		Self::deposit_event(Event::OverdueEnded { institution: debtor });
		Ok(())
	}
}
