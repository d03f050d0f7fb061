use crate::{pallet::*, types::*, CONSENT_LIFETIME};
use alloc::vec::Vec;
use codec::Encode;
use frame_support::{
	defensive_assert, ensure,
	traits::{Get, Time},
};
use frame_system::pallet_prelude::BlockNumberFor;
use hanse_primitives::{Balance, Cases, Customers, InstitutionId, Members, Moment, Quotas, DAY};
use sp_runtime::{
	traits::{SaturatedConversion, Verify, Zero},
	DispatchError, DispatchResult,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn consent_to(account: &T::AccountId, to: &Registration, until: Moment) -> Vec<u8> {
		// The hash of the genesis block is the one that the chain never forgets.
		let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
		let Registration { registrar, tag, commitment, may_recover } = to;
		let payload =
			(*b"hanse/register", genesis, registrar, account, commitment, tag, may_recover, until).encode();
		[&b"<Bytes>"[..], &payload, b"</Bytes>"].concat()
	}

	pub(crate) fn do_register(
		account: T::AccountId,
		registration: Registration,
		until: Moment,
		signature: &T::Signature,
	) -> DispatchResult {
		let Registration { registrar, tag, .. } = registration;
		T::Members::ensure_active(registrar)?;
		Self::ensure_free(&account)?;
		ensure!(!AccountOf::<T>::contains_key(tag, registrar), Error::<T>::TagTaken);
		let now = T::Time::now();
		ensure!(now < until, Error::<T>::ConsentExpired);
		ensure!(until <= now.saturating_add(CONSENT_LIFETIME), Error::<T>::ConsentTooLong);
		let consent = Self::consent_to(&account, &registration, until);
		ensure!(signature.verify(&consent[..], &account), Error::<T>::BadSignature);

		let mut person = Persons::<T>::get(tag).unwrap_or_else(|| Person::new(now));
		person.accounts = person.accounts.saturating_add(1);
		Persons::<T>::insert(tag, person);
		AccountOf::<T>::insert(tag, registrar, &account);
		Self::enlist(&account, registration);
		Self::deposit_event(Event::CustomerRegistered { account, institution: registrar, tag });
		Ok(())
	}

	/// A registration keeps its account, so that a customer who spent everything can still complain and object.
	pub(crate) fn enlist(account: &T::AccountId, registration: Registration) {
		frame_system::Pallet::<T>::inc_sufficients(account);
		Registrations::<T>::insert(account, registration);
	}

	/// The registration of an account, which is none any more.
	pub(crate) fn delist(account: &T::AccountId) -> Option<Registration> {
		let registration = Registrations::<T>::take(account)?;
		frame_system::Pallet::<T>::dec_sufficients(account);
		Some(registration)
	}

	/// Fails by name if an account cannot be registered, or be the new one of a recovery.
	pub(crate) fn ensure_free(account: &T::AccountId) -> DispatchResult {
		ensure!(!Registrations::<T>::contains_key(account), Error::<T>::AlreadyRegistered);
		ensure!(!Successors::<T>::contains_key(account), Error::<T>::Recovered);
		Ok(())
	}

	pub(crate) fn do_unregister(who: &T::AccountId, account: &T::AccountId) -> DispatchResult {
		let registration = Self::registration(account)?;
		if who != account {
			let is_registrar = T::Members::id_of(who) == Some(registration.registrar);
			ensure!(is_registrar, Error::<T>::NotRegistrar);
			Self::ensure_no_live_recovery(account)?;
		}
		let mut person = Self::person(&registration)?;
		person.accounts = person.accounts.saturating_sub(1);
		Persons::<T>::insert(registration.tag, person);
		Self::unlist(account, &registration)
	}

	pub(crate) fn do_forget(account: &T::AccountId) -> DispatchResult {
		let registration = Self::registration(account)?;
		let person = Self::person(&registration)?;
		ensure!(person.accounts == 1, Error::<T>::OtherAccounts);
		let spent = person.spent_at(T::Time::now(), T::Window::get());
		ensure!(spent == 0, Error::<T>::WindowOpen);

		Persons::<T>::remove(registration.tag);
		Self::unlist(account, &registration)?;
		Self::deposit_event(Event::PersonForgotten { tag: registration.tag });
		Ok(())
	}

	/// Take an account, which is registered, off the books, and with it the recovery that it was open to.
	fn unlist(account: &T::AccountId, registration: &Registration) -> DispatchResult {
		let Registration { registrar, tag, .. } = registration;
		if let Some(recovery) = Recoveries::<T>::get(account) {
			Self::cancel(account, &recovery, Cancellation::Unregistered)?;
		}
		AccountOf::<T>::remove(tag, registrar);
		Self::delist(account);
		let (account, institution) = (account.clone(), *registrar);
		Self::deposit_event(Event::CustomerUnregistered { account, institution });
		Ok(())
	}

	pub(crate) fn registration(account: &T::AccountId) -> Result<Registration, DispatchError> {
		Registrations::<T>::get(account).ok_or_else(|| Error::<T>::NotRegistered.into())
	}

	fn person(registration: &Registration) -> Result<Person, DispatchError> {
		Persons::<T>::get(registration.tag).ok_or_else(|| Error::<T>::NotRegistered.into())
	}

	pub(crate) fn read_customer(account: &T::AccountId) -> Option<Customer> {
		let Registration { registrar, tag, .. } = Registrations::<T>::get(account)?;
		let person = Persons::<T>::get(tag)?;
		let spent = person.spent_at(T::Time::now(), T::Window::get());
		Some(Customer {
			registrar,
			tag,
			since: person.since,
			exchanges_from: person.since.saturating_add(T::ExchangeAge::get()),
			left: T::Limit::get().saturating_sub(spent),
			sponsored_left: T::SponsorQuota::get().saturating_sub(person.sponsored_on(Self::today())),
		})
	}

	fn today() -> u32 {
		(T::Time::now() / DAY).saturated_into()
	}
}

impl<T: Config> Customers<T::AccountId> for Pallet<T> {
	fn spend(account: &T::AccountId, value: Balance) -> Result<Moment, DispatchError> {
		let registration = Self::registration(account)?;
		let mut person = Self::person(&registration)?;
		person
			.spend(value, T::Time::now(), T::Window::get(), T::Limit::get())
			.ok_or(Error::<T>::OverLimit)?;
		Persons::<T>::insert(registration.tag, person);
		Ok(person.window)
	}

	fn give_back(account: &T::AccountId, value: Balance, window: Moment) {
		let Some(registration) = Registrations::<T>::get(Self::heir(account)) else { return };
		Persons::<T>::mutate_extant(registration.tag, |person| person.give_back(value, window));
	}

	fn ensure_may_exchange(account: &T::AccountId) -> DispatchResult {
		let person = Self::person(&Self::registration(account)?)?;
		let old_enough = person.since.saturating_add(T::ExchangeAge::get());
		ensure!(T::Time::now() >= old_enough, Error::<T>::TooYoung);
		Ok(())
	}

	fn successor(account: &T::AccountId) -> Option<T::AccountId> {
		Successors::<T>::get(account)
	}

	fn saw_signature(account: &T::AccountId) {
		let Some(open) = Recoveries::<T>::get(account).filter(|recovery| recovery.is_open()) else { return };
		defensive_assert!(Self::cancel(account, &open, Cancellation::Signed).is_ok());
	}
}

impl<T: Config> Quotas<T::AccountId> for Pallet<T> {
	fn registrar(account: &T::AccountId) -> Option<InstitutionId> {
		Registrations::<T>::get(account).map(|registration| registration.registrar)
	}

	fn has(account: &T::AccountId, calls: u32) -> Option<bool> {
		let person = Persons::<T>::get(Registrations::<T>::get(account)?.tag)?;
		let taken = person.sponsored_on(Self::today()).saturating_add(calls);
		Some(taken <= T::SponsorQuota::get())
	}

	fn take(account: &T::AccountId, calls: u32) {
		let Some(registration) = Registrations::<T>::get(account) else { return };
		Persons::<T>::mutate_extant(registration.tag, |person| person.sponsor(calls, Self::today()));
	}

	/// Whether nothing of its recovery has moved. The nonce is not asked: while an objection is charged for
	/// and dispatched, it has already changed by the objection itself. An objection removes the recovery,
	/// so there is one for each.
	fn may_object(account: &T::AccountId) -> bool {
		Recoveries::<T>::get(account).is_some_and(|recovery| recovery.is_open())
	}
}

impl<T: Config> Cases for Pallet<T> {
	fn ensure_none(id: InstitutionId) -> DispatchResult {
		ensure!(AtStake::<T>::get(id).recoveries == 0, Error::<T>::RecoveryOpen);
		Ok(())
	}
}
