//! What is remembered of accounts that are no customer's any more, and how that goes.

use crate::{pallet::*, types::*, weights::WeightInfo, CONSENT_LIFETIME};
use frame_support::{
	defensive,
	traits::{Get, Time},
	weights::WeightMeter,
};
use hanse_primitives::{Moment, DAY};
use sp_runtime::traits::SaturatedConversion;

/// Leftovers that one block removes at most.
const MAX_SWEPT_PER_BLOCK: u32 = 32;

impl<T: Config> Pallet<T> {
	/// An account begins to count for a person, who may be new.
	pub(crate) fn enter(account: &T::AccountId, id: PersonId) {
		let mut person = Persons::<T>::get(id).unwrap_or_else(|| Person::new(T::Time::now()));
		person.accounts = person.accounts.saturating_add(1);
		if Self::drop_former(account, id) {
			person.former = person.former.saturating_sub(1);
		}
		Persons::<T>::insert(id, person);
	}

	/// An account counts no more for a person, who is remembered for the time of a window: else who leaves and
	/// comes back would have a new limit, and whom its registrar sends away would lose its age.
	pub(crate) fn leave(account: &T::AccountId, id: PersonId) {
		let Some(mut person) = Persons::<T>::get(id) else {
			defensive!("a registration without its person");
			return;
		};
		person.accounts = person.accounts.saturating_sub(1);
		person.former = person.former.saturating_add(1);
		Persons::<T>::insert(id, person);
		// So that also who has nothing else can have it deleted.
		frame_system::Pallet::<T>::inc_sufficients(account);
		Self::remember(account, id, T::Time::now().saturating_add(T::Rules::get().window));
	}

	fn remember(account: &T::AccountId, id: PersonId, until: Moment) {
		FormerAccounts::<T>::insert(account, id, until);
		RetentionQueue::<T>::insert(
			Self::day_after(until),
			RetainedItem::FormerAccounts(account.clone(), id),
			(),
		);
	}

	/// Whether an account was remembered for a person, which it is not any more.
	fn drop_former(account: &T::AccountId, id: PersonId) -> bool {
		let Some(until) = FormerAccounts::<T>::take(account, id) else { return false };
		RetentionQueue::<T>::remove(
			Self::day_after(until),
			RetainedItem::FormerAccounts(account.clone(), id),
		);
		frame_system::Pallet::<T>::dec_sufficients(account);
		true
	}

	/// Whatever the customer has signed up to now is good for nothing any more.
	pub(crate) fn withdraw_consents(account: &T::AccountId) {
		let until = T::Time::now().saturating_add(CONSENT_LIFETIME);
		if let Some(before) = WithdrawnConsents::<T>::get(account) {
			RetentionQueue::<T>::remove(
				Self::day_after(before),
				RetainedItem::WithdrawnConsents(account.clone()),
			);
		}
		WithdrawnConsents::<T>::insert(account, until);
		RetentionQueue::<T>::insert(
			Self::day_after(until),
			RetainedItem::WithdrawnConsents(account.clone()),
			(),
		);
	}

	/// The first day on which `until` is over from the beginning, so that the oldest is first.
	pub(crate) fn day_after(until: Moment) -> [u8; 4] {
		let day: u32 = until.div_ceil(DAY).saturated_into();
		day.to_be_bytes()
	}

	/// Remove what is over, as far as `meter` allows.
	pub(crate) fn sweep(meter: &mut WeightMeter) {
		let now = T::Time::now();
		for _ in 0..MAX_SWEPT_PER_BLOCK {
			if meter.try_consume(T::WeightInfo::check_retained()).is_err() {
				return;
			}
			let Some((day, leftover)) = RetentionQueue::<T>::iter_keys().next() else { return };
			let is_due = Moment::from(u32::from_be_bytes(day)).saturating_mul(DAY) <= now;
			if !is_due || meter.try_consume(T::WeightInfo::sweep_retained()).is_err() {
				return;
			}
			RetentionQueue::<T>::remove(day, &leftover);
			match leftover {
				RetainedItem::FormerAccounts(account, id) => Self::end_memory(&account, id, now),
				RetainedItem::WithdrawnConsents(account) => WithdrawnConsents::<T>::remove(account),
			}
		}
	}

	/// The time is over for which a former account is remembered. A window that still runs, since the rule has
	/// become longer or another account of the person spent, is waited for.
	fn end_memory(account: &T::AccountId, id: PersonId, now: Moment) {
		let Some(person) = Persons::<T>::get(id) else {
			defensive!("a former account without its person");
			return;
		};
		let window = T::Rules::get().window;
		if person.is_alone() && person.spent_at(now, window) > 0 {
			Self::remember(account, id, person.window.saturating_add(window));
		} else {
			Self::forget_former(account, id, person);
		}
	}

	/// Nothing of a former account is remembered any more, nor of its person if it was the last.
	pub(crate) fn forget_former(account: &T::AccountId, id: PersonId, person: Person) {
		Self::drop_former(account, id);
		let person = Person { former: person.former.saturating_sub(1), ..person };
		Persons::<T>::set(id, (person.accounts > 0 || person.former > 0).then_some(person));
	}
}
