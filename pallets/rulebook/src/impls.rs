//! Decisions, until they are due, and what the pallet offers to its neighbours.

use crate::{
	pallet::*, types::encoded, Decision, DecisionId, DecisionSubject, GracePeriod, Rule, RuleRow,
	RulesVersion,
};
use alloc::vec::Vec;
use frame_support::{
	ensure,
	traits::{Contains, Time},
};
use hanse_primitives::{EraIndex, EraTime, Eras, Moment, Notice, OffenceKind, Penalties, Penalty};
use sp_core::H256;
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_amend(rule: Rule, value: u128, charter: H256) -> DispatchResult {
		ensure!(rule.bounds().contains(&value), Error::<T>::OutOfBounds);
		let rules = CurrentRules::<T>::get();
		let old = rules.get(rule);
		ensure!(value != old, Error::<T>::Unchanged);
		ensure!(value.abs_diff(old) <= rule.max_step(old), Error::<T>::StepTooLarge);
		let amended = rules.with(rule, value).ok_or(Error::<T>::OutOfBounds)?;
		ensure!(amended.ensure_consistent().is_ok(), Error::<T>::RulesConflict);
		ensure!(AmendedInEra::<T>::get(rule) != Some(Self::current()), Error::<T>::AmendedThisEra);
		ensure!(!Self::awaits_amendment(rule), Error::<T>::AlreadyPending);

		let (decision, due) =
			Self::schedule(DecisionSubject::Amendment { rule, value, charter }, rules.notice)?;
		Self::deposit_event(Event::AmendmentScheduled { decision, rule, old, new: value, due });
		Ok(())
	}

	pub(crate) fn do_retract(decision: DecisionId) -> DispatchResult {
		ensure!(PendingDecisions::<T>::contains_key(decision), Error::<T>::NotFound);
		Self::forget(decision);
		Self::deposit_event(Event::Retracted { decision });
		Ok(())
	}

	pub(crate) fn do_enact(call: &<T as Config>::RuntimeCall) -> DispatchResult {
		ensure!(T::Enactable::contains(call), Error::<T>::NotEnactable);
		let call = encoded(call).ok_or(Error::<T>::CallTooLarge)?;

		let (decision, due) =
			Self::schedule(DecisionSubject::Enactment { call }, CurrentRules::<T>::get().notice)?;
		Self::deposit_event(Event::EnactmentScheduled { decision, due });
		Ok(())
	}

	/// Whether an amendment of `rule` waits. Reads every decision that waits: amending is rare.
	fn awaits_amendment(rule: Rule) -> bool {
		DecisionQueue::<T>::get().into_iter().filter_map(|(_, id)| PendingDecisions::<T>::get(id)).any(
			|decision| matches!(decision.what, DecisionSubject::Amendment { rule: pending, .. } if pending == rule),
		)
	}

	/// Put a decision on the agenda.
	fn schedule(what: DecisionSubject, notice: Moment) -> Result<(DecisionId, Moment), DispatchError> {
		let due = T::Time::now().saturating_add(notice);
		let id = LastDecision::<T>::get().checked_add(1).ok_or(ArithmeticError::Overflow)?;
		DecisionQueue::<T>::try_mutate(|agenda| {
			// The notice may have been shortened since an earlier decision, so this need not be the last.
			let place = agenda.partition_point(|entry| *entry < (due, id));
			agenda.try_insert(place, (due, id)).map_err(|_| Error::<T>::MaxPendingExceeded)
		})?;
		LastDecision::<T>::put(id);
		PendingDecisions::<T>::insert(id, Decision { what, due });
		Ok((id, due))
	}

	/// Bring one number into force. Its own old value is still the one that was voted on, since no other
	/// amendment of it could wait; but other numbers may have moved.
	pub(crate) fn apply(rule: Rule, new: u128, charter: H256) -> DispatchResult {
		let current = CurrentRules::<T>::get();
		let old = current.get(rule);
		let rules = current.with(rule, new).ok_or(Error::<T>::OutOfBounds)?;
		ensure!(rules.ensure_consistent().is_ok(), Error::<T>::RulesConflict);
		let version = LatestVersion::<T>::get().checked_add(1).ok_or(ArithmeticError::Overflow)?;
		let now = T::Time::now();

		AmendedInEra::<T>::insert(rule, Self::current());
		if rule == Rule::Era {
			CurrentEraClock::<T>::mutate(|clock| *clock = clock.with_length(now, rules.era));
		}
		if rule == Rule::OrderEras {
			CurrentEraClock::<T>::mutate(|clock| *clock = clock.with_orders_closed(now, current.order_eras));
		}
		Self::ease(rule, old, new, now, rules.era);
		let since = frame_system::Pallet::<T>::block_number();
		Versions::<T>::insert(version, RulesVersion { rules: rules.clone(), since, charter });
		LatestVersion::<T>::put(version);
		CurrentRules::<T>::put(rules);
		Self::deposit_event(Event::RuleAmended { version, rule, old, new });
		Ok(())
	}

	/// Give members an era to meet a requirement that becomes stricter.
	fn ease(rule: Rule, old: u128, new: u128, now: Moment, era: Moment) {
		if rule.stricter().is_none() {
			return;
		}
		let running = GracePeriods::<T>::get(rule).filter(|easing| easing.until > now);
		if rule.is_stricter(new, old) {
			// A member that was still held to less keeps that: nobody has to meet in a hurry what was just amended.
			let value = running
				.map(|easing| easing.value)
				.filter(|eased| rule.is_stricter(old, *eased))
				.unwrap_or(old);
			GracePeriods::<T>::insert(rule, GracePeriod { until: now.saturating_add(era), value });
		} else if !running.is_some_and(|easing| rule.is_stricter(new, easing.value)) {
			GracePeriods::<T>::remove(rule);
		}
	}

	/// What is enforced of a rule at this moment.
	pub(crate) fn enforced_value(rule: Rule) -> u128 {
		let eased = if rule.stricter().is_some() { GracePeriods::<T>::get(rule) } else { None };
		match eased {
			Some(easing) if easing.until > T::Time::now() => easing.value,
			_ => CurrentRules::<T>::get().get(rule),
		}
	}
}

impl<T: Config> Pallet<T> {
	pub(crate) fn rows() -> Vec<RuleRow> {
		let rules = CurrentRules::<T>::get();
		let row = |rule: Rule| {
			let (value, bounds) = (rules.get(rule), rule.bounds());
			RuleRow {
				rule,
				name: rule.name().into_bytes(),
				value,
				enforced: Self::enforced_value(rule),
				unit: rule.unit(),
				min: *bounds.start(),
				max: *bounds.end(),
				reach: rule.reach(value),
				stricter: rule.stricter(),
			}
		};
		Rule::all().map(row).collect()
	}
}

impl<T: Config, Call: Into<<T as Config>::RuntimeCall>> Notice<Call> for Pallet<T> {
	fn announce(call: Call) -> DispatchResult {
		Self::do_enact(&call.into())
	}
}

impl<T: Config> Penalties for Pallet<T> {
	fn of(offence: OffenceKind) -> Penalty {
		CurrentRules::<T>::get().penalty(offence)
	}
}

impl<T: Config> Eras for Pallet<T> {
	fn current() -> EraIndex {
		CurrentEraClock::<T>::get().era_at(T::Time::now())
	}

	fn order_eras() -> u32 {
		CurrentRules::<T>::get().order_eras
	}

	fn length() -> Moment {
		CurrentEraClock::<T>::get().length
	}

	fn first_open() -> EraIndex {
		EraEnds::<T>::get().map_or_else(Self::current, |state| state.first_open)
	}

	fn time() -> EraTime {
		let clock = CurrentEraClock::<T>::get();
		let current = clock.era_at(T::Time::now());
		EraTime { current, length: clock.length, orders_from: clock.orders_from }
	}
}
