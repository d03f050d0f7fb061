use crate::{pallet::*, types::*};
use frame_support::traits::{Get, Time};
use hanse_primitives::{Balance, InstitutionId, Members, Quotas, DAY};
use pallet_transaction_payment::OnChargeTransaction;
use sp_runtime::{
	traits::{DispatchInfoOf, SaturatedConversion},
	transaction_validity::{InvalidTransaction, TransactionValidityError},
};

impl<T: Config> Pallet<T> {
	/// Who pays `fee` micro-units for `call` signed by `who`. Changes nothing.
	pub fn decide(
		who: &T::AccountId,
		call: &<T as frame_system::Config>::RuntimeCall,
		info: &DispatchInfoOf<<T as frame_system::Config>::RuntimeCall>,
		fee: Balance,
	) -> Payer<T::AccountId> {
		if fee == 0 {
			Payer::Signer
		} else if T::Offers::is_free(who, call) {
			Payer::Nobody
		} else {
			Self::sponsorship(who, call, info, fee).map_or(Payer::Signer, Payer::Sponsor)
		}
	}

	fn sponsorship(
		who: &T::AccountId,
		call: &<T as frame_system::Config>::RuntimeCall,
		info: &DispatchInfoOf<<T as frame_system::Config>::RuntimeCall>,
		fee: Balance,
	) -> Option<Sponsorship<T::AccountId>> {
		let Offer { sponsor, person, calls, value } = T::Offers::offer(who, call)?;
		// Institutions are no customers, neither by their own key nor by a delegate's.
		if [who, &person].into_iter().any(|account| T::Members::id_of(account).is_some()) {
			return None;
		}
		let has_quota = T::Quotas::has(&person, calls);
		let stranger = has_quota.is_none();
		let within = has_quota.unwrap_or(value >= T::MinValue::get())
			&& Self::spent_today(sponsor).leaves(fee, T::Budget::get(), stranger);
		let account = T::Members::account(sponsor).ok().filter(|_| within)?;
		T::Fees::can_withdraw_fee(&account, call, info, fee, 0).ok()?;
		Some(Sponsorship { sponsor, account, person: (!stranger).then_some(person), calls })
	}

	/// What an institution has sponsored today.
	pub fn spent_today(sponsor: InstitutionId) -> Spent {
		let day = (T::Time::now() / DAY).saturated_into();
		let spent = Budgets::<T>::get(sponsor);
		if spent.day == day {
			spent
		} else {
			Spent { day, ..Default::default() }
		}
	}

	/// Count a sponsored transaction against the sponsor's budget and the person's quota.
	pub(crate) fn count(taken: &Sponsorship<T::AccountId>, fee: Balance) {
		let mut spent = Self::spent_today(taken.sponsor);
		spent.all = spent.all.saturating_add(fee);
		match &taken.person {
			Some(person) => T::Quotas::take(person, taken.calls),
			None => spent.strangers = spent.strangers.saturating_add(fee),
		}
		Budgets::<T>::insert(taken.sponsor, spent);
	}

	/// Give the budget back what was counted and not due.
	pub(crate) fn uncount(taken: &Sponsorship<T::AccountId>, refund: Balance) {
		let mut spent = Self::spent_today(taken.sponsor);
		spent.all = spent.all.saturating_sub(refund);
		if taken.person.is_none() {
			spent.strangers = spent.strangers.saturating_sub(refund);
		}
		Budgets::<T>::insert(taken.sponsor, spent);
	}

	/// An account that could be reaped must not use a nonce at which it could start again; see the module's
	/// docs. The block's author keeps what exhausts resources for the next block.
	pub(crate) fn ensure_never_again(who: &T::AccountId) -> Result<(), TransactionValidityError> {
		let account = frame_system::Account::<T>::get(who);
		let now = frame_system::Pallet::<T>::block_number();
		if account.consumers == 0 && account.nonce.saturated_into::<u64>() >= now.saturated_into::<u64>() {
			return Err(InvalidTransaction::ExhaustsResources.into());
		}
		Ok(())
	}
}
