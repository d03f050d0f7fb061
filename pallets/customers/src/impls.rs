use crate::{pallet::*, types::*, CONSENT_LIFETIME, MAX_REMEMBERED};
use alloc::vec::Vec;
use codec::Encode;
use frame_support::{
	defensive_assert, ensure,
	traits::{Get, Time},
};
use frame_system::pallet_prelude::BlockNumberFor;
use hanse_primitives::{
	day_of, Balance, Customers, InstitutionId, Members, Moment, PendingClaims, Quota, Quotas,
};
use sp_runtime::{
	traits::{Verify, Zero},
	DispatchError, DispatchResult,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn consent_to(account: &T::AccountId, to: &Registration, until: Moment) -> Vec<u8> {
		let Registration { registrar, tag, commitment, may_recover, .. } = to;
		Self::payload(b"hanse/register", (registrar, account, commitment, tag, may_recover, until))
	}

	pub(crate) fn invitation_of(host: &T::AccountId, guest: &T::AccountId, until: Moment) -> Vec<u8> {
		Self::payload(b"hanse/join", (host, guest, until))
	}

	/// What a wallet signs, for one purpose on this chain.
	pub(crate) fn payload(purpose: &[u8], content: impl Encode) -> Vec<u8> {
		// The hash of the genesis block is the one that the chain never forgets.
		let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
		[&b"<Bytes>"[..], purpose, &genesis.encode(), &content.encode(), b"</Bytes>"].concat()
	}

	/// Fails by name unless `account` signed `payload`, which says that it is good until `until`, and may still
	/// mean it.
	pub(crate) fn ensure_signed_by(
		account: &T::AccountId,
		payload: &[u8],
		until: Moment,
		signature: &T::Signature,
	) -> DispatchResult {
		let now = T::Time::now();
		ensure!(now < until, Error::<T>::ConsentExpired);
		ensure!(until <= now.saturating_add(CONSENT_LIFETIME), Error::<T>::ConsentTooLong);
		let is_withdrawn = WithdrawnConsents::<T>::get(account).is_some_and(|void_until| until <= void_until);
		ensure!(!is_withdrawn, Error::<T>::ConsentWithdrawn);
		ensure!(signature.verify(payload, account), Error::<T>::BadSignature);
		Ok(())
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
		// Whoever is registered next under the tag would share what they may spend, without having their word.
		let has_others = Persons::<T>::get(registration.person()).is_some_and(|person| person.accounts > 0);
		ensure!(!has_others, Error::<T>::OtherAccounts);
		let consent = Self::consent_to(&account, &registration, until);
		Self::ensure_signed_by(&account, &consent, until, signature)?;

		Self::enter(&account, registration.person());
		AccountOf::<T>::insert(tag, registrar, &account);
		Self::insert_registration(&account, registration);
		Self::deposit_event(Event::CustomerRegistered { account, institution: registrar, tag });
		Ok(())
	}

	/// A registration keeps its account, so that a customer who spent everything can still complain and object.
	pub(crate) fn insert_registration(account: &T::AccountId, registration: Registration) {
		frame_system::Pallet::<T>::inc_sufficients(account);
		Registrations::<T>::insert(account, registration);
	}

	/// The registration of an account, which is none any more.
	pub(crate) fn remove_registration(account: &T::AccountId) -> Option<Registration> {
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
		if who == account {
			Self::withdraw_consents(account);
		} else {
			let is_registrar = T::Members::id_of(who) == Some(registration.registrar);
			ensure!(is_registrar, Error::<T>::NotRegistrar);
			Self::cancel_stale_recovery_or_fail(account)?;
		}
		Self::leave(account, registration.person());
		Self::forget_registration(account, &registration)
	}

	pub(crate) fn do_forget(account: &T::AccountId) -> DispatchResult {
		let (registration, persons) = Self::forgettable(account)?;
		Self::withdraw_consents(account);
		if let Some(registration) = registration {
			Self::leave(account, registration.person());
			Self::forget_registration(account, &registration)?;
		}
		for id in persons {
			let person = Persons::<T>::get(id).ok_or(Error::<T>::NotRegistered)?;
			Self::forget_former(account, id, person);
		}
		Self::forget_line(account);
		Self::deposit_event(Event::CustomerForgotten { account: account.clone() });
		Ok(())
	}

	/// The registration of an account, if it has one, and the persons for whom it counts or is remembered; fails by
	/// name if they cannot be forgotten now.
	fn forgettable(account: &T::AccountId) -> Result<(Option<Registration>, Vec<PersonId>), DispatchError> {
		let registration = Registrations::<T>::get(account);
		let former = FormerAccounts::<T>::iter_key_prefix(account).take(MAX_REMEMBERED as usize);
		let persons: Vec<_> = registration.iter().map(Registration::person).chain(former).collect();
		let is_known = !persons.is_empty() || !Self::past_line(account).is_empty();
		ensure!(is_known, Error::<T>::NotRegistered);
		let (now, window) = (T::Time::now(), T::Rules::get().window);
		for id in &persons {
			let person = Persons::<T>::get(id).ok_or(Error::<T>::NotRegistered)?;
			// What others of the person need stays with them.
			let is_free = !person.is_alone() || person.spent_at(now, window) == 0;
			ensure!(is_free, Error::<T>::WindowOpen);
		}
		Ok((registration, persons))
	}

	pub(crate) fn do_join_accounts(
		account: &T::AccountId,
		with: &T::AccountId,
		until: Moment,
		signature: &T::Signature,
	) -> DispatchResult {
		let (guest, host) = (Self::registration(account)?, Self::registration(with)?);
		ensure!(guest.tag == host.tag, Error::<T>::OtherPerson);
		ensure!(guest.voucher != host.voucher, Error::<T>::AlreadyJoined);
		let invitation = Self::invitation_of(with, account, until);
		Self::ensure_signed_by(with, &invitation, until, signature)?;

		Self::leave(account, guest.person());
		Self::enter(account, host.person());
		Registrations::<T>::insert(account, Registration { voucher: host.voucher, ..guest });
		let (account, with) = (account.clone(), with.clone());
		Self::deposit_event(Event::AccountsJoined { account, with });
		Ok(())
	}

	/// Take an account, which is registered, off the books, and with it the recovery that it was open to.
	fn forget_registration(account: &T::AccountId, registration: &Registration) -> DispatchResult {
		let Registration { registrar, tag, .. } = registration;
		if let Some(recovery) = Recoveries::<T>::get(account) {
			Self::cancel(account, &recovery, Cancellation::Unregistered)?;
		}
		AccountOf::<T>::remove(tag, registrar);
		Self::remove_registration(account);
		let (account, institution) = (account.clone(), *registrar);
		Self::deposit_event(Event::CustomerUnregistered { account, institution });
		Ok(())
	}

	pub(crate) fn registration(account: &T::AccountId) -> Result<Registration, DispatchError> {
		Registrations::<T>::get(account).ok_or_else(|| Error::<T>::NotRegistered.into())
	}

	fn person(registration: &Registration) -> Result<Person, DispatchError> {
		Persons::<T>::get(registration.person()).ok_or_else(|| Error::<T>::NotRegistered.into())
	}

	pub(crate) fn read_customer(account: &T::AccountId) -> Option<Customer> {
		let registration = Registrations::<T>::get(account)?;
		let person = Persons::<T>::get(registration.person())?;
		let Registration { registrar, tag, voucher, .. } = registration;
		let (rules, now) = (T::Rules::get(), T::Time::now());
		Some(Customer {
			registrar,
			tag,
			voucher,
			accounts: person.accounts,
			since: person.since,
			exchanges_from: person.since.saturating_add(rules.exchange_age),
			left: rules.limit.saturating_sub(person.spent_at(now, rules.window)),
			sponsored_left: rules.sponsor_quota.saturating_sub(person.sponsored_on(day_of(now))),
		})
	}

	fn today() -> u32 {
		day_of(T::Time::now())
	}
}

impl<T: Config> Customers<T::AccountId> for Pallet<T> {
	fn spend(account: &T::AccountId, value: Balance) -> Result<Moment, DispatchError> {
		let registration = Self::registration(account)?;
		let mut person = Self::person(&registration)?;
		let CustomerRules { window, limit, .. } = T::Rules::get();
		person.spend(value, T::Time::now(), window, limit).ok_or(Error::<T>::OverLimit)?;
		Persons::<T>::insert(registration.person(), person);
		Ok(person.window)
	}

	/// To whichever person of the account it was spent for: it may have left that one since, or joined another.
	fn restore_limit(account: &T::AccountId, value: Balance, window: Moment) {
		let current_account = Self::current_account(account);
		let came_back = |id: PersonId| {
			let Some(mut person) = Persons::<T>::get(id) else { return false };
			let is_the_window = person.restore_limit(value, window);
			if is_the_window {
				Persons::<T>::insert(id, person);
			}
			is_the_window
		};
		if Registrations::<T>::get(&current_account)
			.is_some_and(|registration| came_back(registration.person()))
		{
			return;
		}
		// What the lost account had left before is remembered for itself.
		let former =
			|of: &T::AccountId| FormerAccounts::<T>::iter_key_prefix(of).take(MAX_REMEMBERED as usize);
		let _ = former(&current_account).any(came_back)
			|| current_account != *account && former(account).any(came_back);
	}

	fn ensure_may_exchange(account: &T::AccountId) -> DispatchResult {
		let person = Self::person(&Self::registration(account)?)?;
		let old_enough = person.since.saturating_add(T::Rules::get().exchange_age);
		ensure!(T::Time::now() >= old_enough, Error::<T>::TooYoung);
		Ok(())
	}

	fn successor(account: &T::AccountId) -> Option<T::AccountId> {
		Successors::<T>::get(account)
	}

	fn note_signature(account: &T::AccountId) -> bool {
		let Some(open) = Recoveries::<T>::get(account).filter(|recovery| recovery.is_open()) else {
			return false;
		};
		defensive_assert!(Self::cancel(account, &open, Cancellation::Signed).is_ok());
		true
	}
}

impl<T: Config> Quotas<T::AccountId> for Pallet<T> {
	fn quota(account: &T::AccountId) -> Option<Quota> {
		let registration = Registrations::<T>::get(account)?;
		let person = Persons::<T>::get(registration.person())?;
		let left = T::Rules::get().sponsor_quota.saturating_sub(person.sponsored_on(Self::today()));
		Some(Quota { registrar: registration.registrar, left })
	}

	fn use_quota(account: &T::AccountId, calls: u32) {
		let Some(registration) = Registrations::<T>::get(account) else { return };
		Persons::<T>::mutate_extant(registration.person(), |person| {
			person.count_sponsored(calls, Self::today())
		});
	}

	/// Whether nothing of its recovery has moved. The nonce is not asked: while an objection is charged for
	/// and dispatched, it has already changed by the objection itself. An objection removes the recovery,
	/// so there is one for each.
	fn may_object(account: &T::AccountId) -> bool {
		Recoveries::<T>::get(account).is_some_and(|recovery| recovery.is_open())
	}

	/// Each registration can be forgotten once.
	fn may_forget(account: &T::AccountId) -> bool {
		Self::forgettable(account).is_ok()
	}
}

impl<T: Config> PendingClaims for Pallet<T> {
	fn ensure_none(id: InstitutionId) -> DispatchResult {
		ensure!(RecoveryExposures::<T>::get(id).recoveries == 0, Error::<T>::RecoveryOpen);
		Ok(())
	}
}
